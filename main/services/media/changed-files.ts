// A file that is not what the library knows of it has its folder looked through, soon and not too often. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { Clock } from '../../platform/clock.ts';
import { isInside } from '../../platform/path-inside.ts';

/** A person paging through a folder whose files were all replaced asks for one look, not for hundreds. */
const pauseMs = 10_000;

/** @returns what to call with the path of such a file. */
export function createChangedFiles(parts: {
  readonly db: Pick<LibraryDb, 'listFolders'>;
  readonly clock: Clock;
  rescan(folderIds: readonly number[]): void;
}): (path: string) => Promise<void> {
  const lookedAt = new Map<number, number>();
  return async (path) => {
    const now = parts.clock.now();
    const folder = (await parts.db.listFolders()).find((one) => isInside(path, one.path));
    if (!folder || now - (lookedAt.get(folder.id) ?? Number.NEGATIVE_INFINITY) < pauseMs) return;
    lookedAt.set(folder.id, now);
    parts.rescan([folder.id]);
  };
}
