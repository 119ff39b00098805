// Watches every directory below a folder, and no file, through chokidar: one inotify watch a directory. Linux; watcher thread.
import { accessSync, constants, type Dirent, lstatSync, readdirSync, type Stats } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { Readable } from 'node:stream';
import { FSWatcher } from 'chokidar';
import { type FolderWatcher, type OpenFolderWatcher, troubleOf, type WatchTrouble } from './folder-watcher.ts';
import { watchedPaths } from './watched-paths.ts';

/** Count the watches that each folder needs now, so that their sum can be compared with what the kernel says. */
export type WatchLedger = Map<number, () => number>;

export interface DirectoryWatcherParts {
  readonly ledger: WatchLedger;
  /** See `kernel-watches.ts`. */
  heldWatches(): number | null;
}

type ScanStream = NonNullable<ReturnType<FSWatcher['createScanStream']>>;
type ScanOptions = Parameters<FSWatcher['createScanStream']>[1];

/**
 * Raw events are the hints: they come for whatever happens to a file in a watched directory. chokidar's own part is to keep a watch on each directory that
 * comes, goes or is moved.
 */
export function directoryWatchers(parts: DirectoryWatcherParts): OpenFolderWatcher {
  return ({ folderId, root, exclude }, ears) => {
    const paths = watchedPaths(exclude);
    const relDirOf = (path: string): string => relative(root, path);
    const identity = identityOf(root);
    const watcher = new FSWatcher({
      ignoreInitial: true,
      followSymlinks: false,
      ignorePermissionErrors: true,
      // Its list of editors' temporary names would leave out folders that merely end in `~`.
      atomic: false,
      backend: 'native',
      ignored: (path, stats) => (stats ? !stats.isDirectory() : false) || !paths.entersFolder(relDirOf(path)),
    });
    watcher.createScanStream = (folder, options) => directoriesIn(watcher, folder, options);
    let closed = false;
    const trouble = (reason: WatchTrouble): void => {
      if (!closed) ears.onTrouble(reason);
    };

    watcher.on('raw', (event, name, details) => {
      if (closed) return;
      const { watchedPath } = details as { readonly watchedPath: string };
      // It speaks of itself by its own name, of its times and rights as of its end: only the folder at its place tells which.
      if (watchedPath === root && name === basename(root) && identityOf(root) !== identity) return trouble('lost');
      // A directory that goes tells of itself by its own name: its parent says the same.
      ears.onEvent(paths.folderOfEvent(relDirOf(watchedPath), name ?? null, event === 'rename'));
    });
    // What was put into it before it was watched has told nothing.
    watcher.on('addDir', (path) => !closed && ears.onEvent(relDirOf(path)));
    // Where it notices first by itself it lets go of the watch, and the folder's own last word is never heard.
    watcher.on('unlinkDir', (path) => path === root && trouble('lost'));
    watcher.on('error', (error) => trouble(troubleOf(error as NodeJS.ErrnoException)));
    watcher.on('ready', () => {
      if (closed) return;
      parts.ledger.set(folderId, () => watchableDirectories(watcher, root));
      if (missingWatches(parts) > 0) trouble('limit');
      else ears.onReady();
    });
    watcher.add(root);
    return closing(watcher, parts.ledger, folderId, () => {
      closed = true;
    });
  };
}

function closing(watcher: FSWatcher, ledger: WatchLedger, folderId: number, begin: () => void): FolderWatcher {
  return {
    close() {
      begin();
      ledger.delete(folderId);
      // What fails to close is a watch on something that is gone already.
      void watcher.close().catch(() => undefined);
    },
  };
}

/**
 * chokidar reads a directory by asking for the state of every file in it, which for 100,000 files takes seconds and half a gigabyte. Here its
 * directories alone are listed; the signature is that of chokidar 6, which `package.json` pins.
 */
function directoriesIn(watcher: FSWatcher, folder: string, options: ScanOptions): ScanStream | undefined {
  if (watcher.closed) return undefined;
  const isWanted = options?.directoryFilter as ((entry: unknown) => boolean) | undefined;
  const found = listDirectories(folder).flatMap((name) => {
    const fullPath = join(folder, name);
    const stats = statsOf(fullPath);
    const entry = { path: name, fullPath, basename: name, stats };
    return stats && (isWanted?.(entry) ?? true) ? [entry] : [];
  });
  const stream = Readable.from(found) as unknown as ScanStream;
  watcher.streams.add(stream);
  stream.once('close', () => watcher.streams.delete(stream));
  return stream;
}

function listDirectories(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone or denied: chokidar asks for each directory that it knew whether it is still there.
    return [];
  }
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function watchableDirectories(watcher: FSWatcher, root: string): number {
  return Object.keys(watcher.getWatched()).filter(
    (path) => (path === root || path.startsWith(`${root}/`)) && isReadable(path),
  ).length;
}

/** What is closed to us is refused for that, and what went a moment ago has no watch any more. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** chokidar says that it is ready also where the system gave it no watch and said nothing. */
function missingWatches({ ledger, heldWatches }: DirectoryWatcherParts): number {
  const held = heldWatches();
  return held === null ? 0 : [...ledger.values()].reduce((sum, count) => sum + count(), 0) - held;
}

/** Undefined where it is gone, is no path to anything any more, or is closed to us: nothing may be thrown into a timer or an event. */
function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

/** A folder made anew may be given the number of the one that went. */
function identityOf(path: string): string | undefined {
  try {
    const { dev, ino, birthtimeNs } = lstatSync(path, { bigint: true });
    return `${dev}:${ino}:${birthtimeNs}`;
  } catch {
    return undefined;
  }
}
