// What watches one folder and tells where something may have changed: the interface behind which each system's way lies. Watcher thread.

export interface WatchTarget {
  readonly folderId: number;
  /** Absolute, real path. */
  readonly root: string;
  /** Patterns of paths that are left out, see `path-patterns.ts`; a folder they name is not watched. */
  readonly exclude: readonly string[];
}

/** `limit`: the system gives no more watches; `lost`: the folder was moved, removed or unmounted; `failed`: anything else. */
export type WatchTrouble = 'limit' | 'lost' | 'failed';

export interface WatchEars {
  /**
   * Something may have changed in this folder (relative to the root, `/` between segments, empty for the root itself), null for anywhere below the
   * root, undefined for what is of no interest: it is heard all the same, because too many events at once mean that the system dropped some.
   */
  onEvent(relDir: string | null | undefined): void;
  /** From now on changes are told; those before it may have been missed. */
  onReady(): void;
  /** Nothing more is told from now on, or not everything: the watcher is to be closed. */
  onTrouble(trouble: WatchTrouble): void;
}

export interface FolderWatcher {
  /** Nothing is told after this. */
  close(): void;
}

export type OpenFolderWatcher = (target: WatchTarget, ears: WatchEars) => FolderWatcher;

/** How a folder's changes are noticed. */
export interface WatchState {
  readonly folderId: number;
  /** `opening`: soon by events; `timer`: only by looking through it now and then. */
  readonly way: 'opening' | 'events' | 'timer';
  /** Why by a timer alone; `network` is no trouble: such drives tell nothing. */
  readonly reason: WatchTrouble | 'network' | null;
}

/** Where something may have changed; `relDirs` is null for the whole folder, and each of them means the folder itself, not what lies in folders below. */
export interface FolderHint {
  readonly folderId: number;
  readonly relDirs: readonly string[] | null;
}

/** Whether the system has run out of watches, handles or memory for them. */
export function troubleOf(error: NodeJS.ErrnoException): WatchTrouble {
  return ['ENOSPC', 'EMFILE', 'ENFILE', 'ENOMEM'].includes(error.code ?? '') ? 'limit' : 'failed';
}
