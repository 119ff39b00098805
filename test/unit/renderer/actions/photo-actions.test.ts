import { describe, expect, it } from 'vitest';
import { createPhotoActions, mostPaths } from '../../../../renderer/actions/photo-actions.ts';
import { ToastsState } from '../../../../renderer/state/toasts.svelte.ts';
import { callError, fakeConnection, settled } from '../../../helpers/fake-connection.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';

function made(
  answers: Parameters<typeof fakeConnection>[0] = {},
  copy = async (_text: string): Promise<void> => undefined,
) {
  const connection = fakeConnection(answers);
  const toasts = new ToastsState();
  return { connection, toasts, actions: createPhotoActions(connection, toasts, copy) };
}

describe('what is done with photos', () => {
  it('undoes a favourite for those alone that were changed', async () => {
    const { actions, connection, toasts } = made({ 'library.setFavourite': async () => ({ changed: [2] }) });
    await actions.setFavourite([1, 2], true);
    toasts.items[0]?.action?.run();
    await settled();
    expect(connection.calls.map(({ input }) => input)).toEqual([
      { photoIds: [1, 2], favourite: true },
      { photoIds: [2], favourite: false },
    ]);
  });

  it('asks in portions the contract allows', async () => {
    const { actions, connection } = made();
    await actions.setFavourite(
      Array.from({ length: 25_000 }, (_, at) => at + 1),
      true,
    );
    expect(connection.calls.map(({ input }) => (input as { photoIds: number[] }).photoIds.length)).toEqual([
      10_000, 10_000, 5000,
    ]);
  });

  it('undoes a caption to the one before', async () => {
    const { actions, connection, toasts } = made();
    expect(await actions.setCaption(7, 'a wolf')).toBe(true);
    toasts.items[0]?.action?.run();
    await settled();
    expect(connection.calls.at(-1)?.input).toEqual({ photoId: 7, text: 'a cat' });
  });

  it('copies paths in the order given', async () => {
    let copied = '';
    const { actions } = made(
      {
        'library.photo': async ({ photoId }: { photoId: number }) => ({
          ...structuredClone(sampleOutputs['library.photo']),
          path: `/photos/${photoId}.jpg`,
        }),
      },
      async (text) => {
        copied = text;
      },
    );
    await actions.copyPaths([3, 1, 2]);
    expect(copied).toBe('/photos/3.jpg\n/photos/1.jpg\n/photos/2.jpg');
  });

  it('says so where the browser does not allow copying, and where it is too much', async () => {
    const { actions, toasts } = made({}, async () => {
      throw new Error('denied');
    });
    await actions.copyPaths([1]);
    await actions.copyPaths(Array(mostPaths + 1).fill(1));
    expect(toasts.items.map(({ text }) => text.split('.')[0])).toEqual([
      'The browser did not let Photoseek copy',
      'At most 1,000 photos at a time',
    ]);
  });

  it('tells why a caption was not kept', async () => {
    const { actions, toasts } = made({
      'library.setCaption': async () => {
        throw callError('store/disk-full', 'the disk is full; free some space');
      },
    });
    expect(await actions.setCaption(7, 'x')).toBe(false);
    expect(toasts.items[0]?.text).toBe('the disk is full; free some space');
  });
});
