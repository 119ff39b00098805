// Walks a fixed list of files in one folder instead of all that is there: an evaluation measures exactly the photos it was given. Shell process.
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScannedFile } from '../library-db/library-db.ts';
import type { FolderWalker } from './folder-walker.ts';

/** @param names file names, without folders. Names that are not there are left out. */
export function createListedFilesWalker(names: readonly string[]): FolderWalker {
  const roots = new Map<number, string>();
  return {
    async begin({ root }) {
      const walkId = roots.size + 1;
      roots.set(walkId, root);
      return { walkId };
    },
    async next({ walkId }) {
      const root = roots.get(walkId) ?? '';
      const files: ScannedFile[] = [];
      for (const name of names) {
        const stats = await lstat(join(root, name)).catch(() => undefined);
        if (stats?.isFile()) files.push({ relPath: name, sizeBytes: stats.size, mtimeMs: stats.mtimeMs, inode: '' });
      }
      return { files, unreadable: [], done: true };
    },
    async end({ walkId }) {
      roots.delete(walkId);
    },
  };
}
