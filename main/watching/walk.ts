// Walks a registered folder and lists the files that may be photos, without opening any. Watcher thread: calls are synchronous on purpose,
// one stat after the other is several times faster there than asynchronous ones (performance figures of the folder scan).
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ScannedFile } from '../library-db/library-db.ts';
import { millisecondsOf } from '../platform/file-time.ts';
import { compilePatterns, systemPatternOptions } from '../platform/path-patterns.ts';
import { isSkippedFolder, mayBePhoto } from './file-kinds.ts';

export interface WalkedFolder {
  /** Relative to the root with `/` between segments; empty for the root itself. */
  readonly relPath: string;
  readonly files: readonly ScannedFile[];
  /** The folder itself, or files in it, could not be read; nothing may be concluded from what is absent below. */
  readonly unreadable: boolean;
}

/**
 * Yields every folder below the root, the root first. Symbolic links are not followed: they lead out of the photo folder or in circles.
 * @param root absolute, real path of an existing folder.
 * @param exclude patterns of paths to pass over, see `path-patterns.ts`; a folder they name is not entered.
 */
export function* walkFolder(root: string, exclude: readonly string[] = []): Generator<WalkedFolder> {
  const patterns = compilePatterns(exclude, systemPatternOptions());
  const waiting = [''];
  for (let relPath = waiting.pop(); relPath !== undefined; relPath = waiting.pop()) {
    const entries = readFolder(join(root, relPath));
    if (!entries) {
      yield { relPath, files: [], unreadable: true };
      continue;
    }
    const files: ScannedFile[] = [];
    let unreadable = false;
    for (const entry of entries) {
      const childPath = relPath === '' ? entry.name : `${relPath}/${entry.name}`;
      if (!patterns.isEmpty && patterns.excludes(childPath, entry.isDirectory())) continue;
      if (entry.isDirectory() && !isSkippedFolder(entry.name)) waiting.push(childPath);
      if (!entry.isFile() || !mayBePhoto(entry.name)) continue;
      const file = statFile(root, childPath);
      if (file) files.push(file);
      else unreadable = true;
    }
    yield { relPath, files, unreadable };
  }
}

function readFolder(path: string): Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch {
    // Denied, vanished meanwhile, or a dying disk: the caller hears `unreadable` and marks nothing below as missing.
    return undefined;
  }
}

function statFile(root: string, relPath: string): ScannedFile | undefined {
  try {
    const stats = lstatSync(join(root, relPath), { bigint: true });
    return {
      relPath,
      sizeBytes: Number(stats.size),
      mtimeMs: millisecondsOf(stats.mtimeNs),
      inode: `${stats.dev}:${stats.ino}`,
    };
  } catch {
    return undefined;
  }
}
