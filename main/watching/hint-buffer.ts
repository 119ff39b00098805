// Gathers what watchers tell until it is asked for: each folder once, no more than so many, and all of it where that is too little. Watcher thread.
import { lstatSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FolderHint } from './folder-watcher.ts';

export interface HintBuffer {
  /** One event, see `WatchEars.onEvent`. */
  add(folderId: number, root: string, relDir: string | null | undefined): void;
  /** It is not watched any more. */
  forget(folderId: number): void;
  isEmpty(): boolean;
  /** What was gathered, and forgotten by this. */
  take(): FolderHint[];
}

export interface HintBufferOptions {
  /** More folders than this, and the whole of it is looked through: comparing each for itself costs more then. */
  readonly mostFolders: number;
  /** More events than this between two takes, and the system may have dropped some: everything watched is looked through. */
  readonly mostEvents: number;
  /** Whether a folder is there. */
  exists?(path: string): boolean;
}

interface Gathered {
  readonly root: string;
  /** Null: anywhere. */
  relDirs: Set<string> | null;
}

export function createHintBuffer({ mostFolders, mostEvents, exists = isFolder }: HintBufferOptions): HintBuffer {
  const gathered = new Map<number, Gathered>();
  /** Every folder that ever told something is one that a dropped event may have been about. */
  const known = new Map<number, string>();
  let events = 0;

  function gather(folderId: number, root: string, relDir: string | null): void {
    const entry = gathered.get(folderId) ?? { root, relDirs: new Set<string>() };
    gathered.set(folderId, entry);
    if (relDir === null) entry.relDirs = null;
    entry.relDirs?.add(relDir as string);
    if ((entry.relDirs?.size ?? 0) > mostFolders) entry.relDirs = null;
  }

  /** A folder that went swallows all that was told of it: its nearest parent that is there says what is missing. */
  function nearest(root: string, relDir: string): string {
    let path = relDir;
    while (path !== '' && !exists(join(root, path))) {
      const parent = dirname(path);
      path = parent === '.' ? '' : parent;
    }
    return path;
  }

  return {
    add(folderId, root, relDir) {
      known.set(folderId, root);
      events++;
      if (relDir !== undefined) gather(folderId, root, relDir);
      if (events === mostEvents + 1) for (const [id, at] of known) gather(id, at, null);
    },
    forget(folderId) {
      gathered.delete(folderId);
      known.delete(folderId);
    },
    isEmpty: () => gathered.size === 0,
    take() {
      const hints = [...gathered].map(([folderId, { root, relDirs }]) => ({
        folderId,
        relDirs: relDirs && [...new Set([...relDirs].map((relDir) => nearest(root, relDir)))].sort(),
      }));
      gathered.clear();
      events = 0;
      return hints;
    },
  };
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
