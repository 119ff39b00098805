// Which folders have vanished files that the person has not spoken of yet: pure. Renderer.
import type { FolderView } from '../../preload/contract/library.ts';

/** In an emptied folder all that is known of it is gone. */
export function vanishedCount({ state, vanished, photos }: FolderView): number {
  return state === 'emptied' ? Math.max(vanished, photos) : vanished;
}

/** Files of a folder whose drive is away are not asked about: nobody can know yet. */
export function isAsked(folder: FolderView): boolean {
  return folder.state !== 'offline' && folder.state !== 'error' && vanishedCount(folder) > 0;
}

/** @param first the folder to begin with, else null. @param done those that were spoken of. */
export function nextAsked(
  folders: readonly FolderView[],
  first: number | null,
  done: ReadonlySet<number>,
): FolderView | null {
  const left = folders.filter((folder) => isAsked(folder) && !done.has(folder.folderId));
  return left.find(({ folderId }) => folderId === first) ?? left[0] ?? null;
}
