// Walks a fixed list of files in one folder instead of all that is there: an evaluation measures exactly the photos it was given. Shell process.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScannedFile } from '../library-db/library-rows.ts';
import { AppError } from '../platform/app-error.ts';
import { millisecondsOf } from '../platform/file-time.ts';
import type { FolderWalker } from './folder-walker.ts';

/** @param names file names, without folders. Names that are not there are left out. */
export function createListedFilesWalker(names: readonly string[]): FolderWalker {
  const roots = new Map<number, string>();
  let nextId = 1;
  return {
    async begin({ root }) {
      const walkId = nextId++;
      roots.set(walkId, root);
      return { walkId };
    },
    async next({ walkId }) {
      const root = roots.get(walkId);
      if (root === undefined) throw new AppError('internal', `no walk ${walkId}`);
      roots.delete(walkId);
      const files: ScannedFile[] = [];
      for (const name of names) {
        const stats = await lstat(join(root, name), { bigint: true }).catch(() => undefined);
        if (!stats?.isFile()) continue;
        const { size, mtimeNs } = stats;
        files.push({ relPath: name, sizeBytes: Number(size), mtimeMs: millisecondsOf(mtimeNs), inode: '' });
      }
      return { files, unreadable: [], done: true };
    },
    async end({ walkId }) {
      roots.delete(walkId);
    },
  };
}
