// Which folders have vanished files that the person has not spoken of yet: pure. Renderer.
import type { FolderView } from '../../preload/contract/library.ts';

/** It does not stand as it should: its photos cannot be reached, or are not there. */
export function isAway({ state }: FolderView): boolean {
  return state !== 'ready' && state !== 'scanning';
}

/** Those that the person has not spoken of; of an emptied folder they have, all that is known of it. */
export function vanishedCount({ state, vanished, photos }: FolderView): number {
  return vanished === 0 && state === 'emptied' ? photos : vanished;
}

/** There is a question open. Files of a folder whose drive is away are not asked about: nobody can know yet. */
export function isAsked({ state, vanished }: FolderView): boolean {
  return state !== 'offline' && state !== 'error' && vanished > 0;
}

/** The person may speak of it, be it to think better of an answer. */
export function canBeSettled(folder: FolderView): boolean {
  return isAsked(folder) || folder.state === 'emptied';
}

/** @param first the folder to begin with, asked about or not; else null. @param done those that were spoken of. */
export function nextAsked(
  folders: readonly FolderView[],
  first: number | null,
  done: ReadonlySet<number>,
): FolderView | null {
  const left = folders.filter(({ folderId }) => !done.has(folderId));
  return left.find((folder) => folder.folderId === first && canBeSettled(folder)) ?? left.find(isAsked) ?? null;
}
