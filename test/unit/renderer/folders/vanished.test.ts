// Of which folders the person is asked what happened to their files, and in which order.
import { describe, expect, it } from 'vitest';
import type { FolderView } from '../../../../preload/contract/library.ts';
import { canBeSettled, isAsked, nextAsked, vanishedCount } from '../../../../renderer/folders/vanished.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

const folder = (folderId: number, state: FolderView['state'], vanished: number): FolderView => ({
  ...structuredClone(sampleOutputs['library.folders'].folders[0]),
  exclude: [],
  folderId,
  state,
  vanished,
  photos: 40,
});

describe('files that vanished', () => {
  it('are asked about while they have not been spoken of and their folder can be reached', () => {
    const asked = (['ready', 'scanning', 'emptied', 'offline', 'error'] as const).map((state) =>
      isAsked(folder(1, state, 5)),
    );
    expect(asked).toEqual([true, true, true, false, false]);
    expect(isAsked(folder(1, 'emptied', 0))).toBe(false);
  });

  it('of an emptied folder can be spoken of again, all of them', () => {
    expect(canBeSettled(folder(1, 'emptied', 0))).toBe(true);
    expect(canBeSettled(folder(1, 'ready', 0))).toBe(false);
    expect([vanishedCount(folder(1, 'emptied', 0)), vanishedCount(folder(1, 'ready', 5))]).toEqual([40, 5]);
  });

  it('are asked about from the folder chosen on, then in the order of the list, each once', () => {
    const folders = [folder(1, 'ready', 5), folder(2, 'emptied', 0), folder(3, 'offline', 5), folder(4, 'ready', 1)];
    const next = (first: number | null, ...done: number[]) =>
      nextAsked(folders, first, new Set(done))?.folderId ?? null;
    expect([next(null), next(2), next(4), next(3)]).toEqual([1, 2, 4, 1]);
    expect([next(2, 2), next(2, 2, 1), next(2, 2, 1, 4)]).toEqual([1, 4, null]);
  });
});
