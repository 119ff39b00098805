// Gathers what watchers tell until it is asked for: each folder once, no more than so many, and all of it where that is too little. Watcher thread.
import type { FolderHint } from './folder-watcher.ts';

export interface HintBuffer {
  /** One event, see `WatchEars.onEvent`. */
  add(folderId: number, relDir: string | null | undefined): void;
  /** It is not watched any more. */
  forget(folderId: number): void;
  isEmpty(): boolean;
  /** Events are counted from nothing again: those counted until now came one by one, and the system dropped none. */
  calm(): void;
  /** What was gathered, and forgotten by this. */
  take(): FolderHint[];
}

export interface HintBufferOptions {
  /** More folders than this, and the whole of it is looked through: comparing each for itself costs more then. */
  readonly mostFolders: number;
  /** More events than this at a time, and the system may have dropped some: everything watched is looked through. */
  readonly mostEvents: number;
}

export function createHintBuffer({ mostFolders, mostEvents }: HintBufferOptions): HintBuffer {
  /** Null: anywhere. */
  const gathered = new Map<number, Set<string> | null>();
  /** Each of them, and each tells something when its watch stands, is one that a dropped event may have been about. */
  const known = new Set<number>();
  let events = 0;

  function gather(folderId: number, relDir: string | null): void {
    const relDirs = gathered.has(folderId) ? gathered.get(folderId) : new Set<string>();
    const isWhole = !relDirs || relDir === null || relDirs.add(relDir).size > mostFolders;
    gathered.set(folderId, isWhole ? null : relDirs);
  }

  return {
    add(folderId, relDir) {
      known.add(folderId);
      events++;
      if (relDir !== undefined) gather(folderId, relDir);
      if (events === mostEvents + 1) for (const id of known) gather(id, null);
    },
    forget(folderId) {
      gathered.delete(folderId);
      known.delete(folderId);
    },
    isEmpty: () => gathered.size === 0,
    calm() {
      events = 0;
    },
    take() {
      const hints = [...gathered].map(([folderId, relDirs]) => ({ folderId, relDirs: relDirs && [...relDirs].sort() }));
      gathered.clear();
      events = 0;
      return hints;
    },
  };
}
