// Walks a registered folder and lists the files that may be photos, without opening any. Watcher thread: calls are synchronous on purpose,
// one stat after the other is several times faster there than asynchronous ones (performance figures of the folder scan).
import { type BigIntStats, type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { ScannedFile } from '../library-db/library-rows.ts';
import { millisecondsOf } from '../platform/file-time.ts';
import { compilePatterns, type PathPatterns, systemPatternOptions } from '../platform/path-patterns.ts';
import { isSkippedFolder, mayBePhoto } from './file-kinds.ts';

export interface WalkedFolder {
  /** Relative to the root with `/` between segments; empty for the root itself. */
  readonly relPath: string;
  readonly files: readonly ScannedFile[];
  /** Names of the folders in it that a walk enters. */
  readonly subfolders: readonly string[];
  /** The folder itself, or files in it, could not be read; nothing may be concluded from what is absent below. */
  readonly unreadable: boolean;
}

interface KnownFolder {
  /** Device, inode and time of change. */
  readonly identity: string;
  /** As `WalkedFolder.subfolders`. */
  readonly subfolders: readonly string[];
}

/** Each folder of a tree when it was last walked: a folder that is another one, or was never seen, is new. One that went is forgotten with all below it. */
export type TreeMemory = Map<string, KnownFolder>;

export const createTreeMemory = (): TreeMemory => new Map();

/**
 * Yields every folder below the root, the root first. Symbolic links are not followed: they lead out of the photo folder or in circles.
 * @param root absolute, real path of an existing folder.
 * @param exclude patterns of paths to pass over, see `path-patterns.ts`; a folder they name is not entered.
 * @param memory takes in what each folder was.
 */
export function* walkFolder(
  root: string,
  exclude: readonly string[] = [],
  memory: TreeMemory = createTreeMemory(),
): Generator<WalkedFolder> {
  const patterns = compilePatterns(exclude, systemPatternOptions());
  const waiting = [''];
  for (let relPath = waiting.pop(); relPath !== undefined; relPath = waiting.pop()) {
    const folder = visit(root, relPath, patterns, memory);
    yield folder;
    for (const name of folder.subfolders) waiting.push(childOf(relPath, name));
  }
}

/**
 * Yields the named folders alone, and what is new or another one in them. One that is gone is answered by the nearest folder above it that is there.
 * @param within relative to the root.
 */
export function* walkWithin(
  root: string,
  exclude: readonly string[],
  within: readonly string[],
  memory: TreeMemory,
): Generator<WalkedFolder> {
  const patterns = compilePatterns(exclude, systemPatternOptions());
  const done = new Set<string>();
  const waiting = within.map((relPath) => nearestThere(root, relPath)).filter((path) => !leavesOut(patterns, path));
  for (let relPath = waiting.pop(); relPath !== undefined; relPath = waiting.pop()) {
    if (done.has(relPath)) continue;
    done.add(relPath);
    const folder = visit(root, relPath, patterns, memory);
    yield folder;
    for (const name of folder.subfolders) {
      const child = childOf(relPath, name);
      if (memory.get(child)?.identity !== identityOf(root, child)) waiting.push(child);
    }
  }
}

function nearestThere(root: string, relPath: string): string {
  let path = relPath === '.' ? '' : relPath;
  while (path !== '' && !isFolder(join(root, path))) path = posix.dirname(path) === '.' ? '' : posix.dirname(path);
  return path;
}

function isFolder(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch (error) {
    // What is closed to us is there all the same, and is told of as unreadable.
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

/** A walk would not come to this folder. */
function leavesOut(patterns: PathPatterns, relPath: string): boolean {
  const segments = relPath === '' ? [] : relPath.split('/');
  return segments.some(
    (name, at) =>
      isSkippedFolder(name) || (!patterns.isEmpty && patterns.excludes(segments.slice(0, at + 1).join('/'), true)),
  );
}

function lookInto(root: string, relPath: string, patterns: PathPatterns): WalkedFolder {
  const entries = readFolder(join(root, relPath));
  if (!entries) return { relPath, files: [], subfolders: [], unreadable: true };
  const files: ScannedFile[] = [];
  const subfolders: string[] = [];
  let unreadable = false;
  for (const entry of entries) {
    const childPath = childOf(relPath, entry.name);
    if (!patterns.isEmpty && patterns.excludes(childPath, entry.isDirectory())) continue;
    if (entry.isDirectory() && !isSkippedFolder(entry.name)) subfolders.push(entry.name);
    if (!entry.isFile() || !mayBePhoto(entry.name)) continue;
    const file = statFile(root, childPath) ?? statBadName(root, relPath, entry.name);
    if (file) files.push(file);
    else unreadable = true;
  }
  return { relPath, files, subfolders, unreadable };
}

function childOf(relPath: string, name: string): string {
  return relPath === '' ? name : `${relPath}/${name}`;
}

function visit(root: string, relPath: string, patterns: PathPatterns, memory: TreeMemory): WalkedFolder {
  // Before it is read: what changes meanwhile makes it another one.
  const identity = identityOf(root, relPath);
  const folder = lookInto(root, relPath, patterns);
  const there = new Set(folder.subfolders);
  const gone = memory.get(relPath)?.subfolders.filter((name) => !there.has(name)) ?? [];
  forget(
    memory,
    gone.map((name) => childOf(relPath, name)),
  );
  memory.set(relPath, { identity, subfolders: folder.subfolders });
  return folder;
}

/** What comes back is read anew: while it was away nothing told of it. */
function forget(memory: TreeMemory, relPaths: readonly string[]): void {
  const waiting = [...relPaths];
  for (let relPath = waiting.pop(); relPath !== undefined; relPath = waiting.pop()) {
    for (const name of memory.get(relPath)?.subfolders ?? []) waiting.push(childOf(relPath, name));
    memory.delete(relPath);
  }
}

function identityOf(root: string, relPath: string): string {
  try {
    const { dev, ino, mtimeNs } = lstatSync(join(root, relPath), { bigint: true });
    return `${dev}:${ino}:${mtimeNs}`;
  } catch {
    return '';
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
    return scannedOf(relPath, lstatSync(join(root, relPath), { bigint: true }));
  } catch {
    return undefined;
  }
}

/** A name that is no UTF-8 is listed with signs of what cannot be shown, and no file can be opened by that; its bytes reach it still. */
function statBadName(root: string, parent: string, name: string): ScannedFile | undefined {
  if (!name.includes('\ufffd')) return undefined;
  const folder = join(root, parent);
  try {
    const raw = readdirSync(folder, { encoding: 'buffer' }).find((bytes) => bytes.toString() === name);
    if (!raw) return undefined;
    const stats = lstatSync(Buffer.concat([Buffer.from(`${folder}/`), raw]), { bigint: true });
    return { ...scannedOf(childOf(parent, name), stats), hasBadName: true };
  } catch {
    return undefined;
  }
}

function scannedOf(relPath: string, stats: BigIntStats): ScannedFile {
  return {
    relPath,
    sizeBytes: Number(stats.size),
    mtimeMs: millisecondsOf(stats.mtimeNs),
    inode: `${stats.dev}:${stats.ino}`,
    ctimeMs: millisecondsOf(stats.ctimeNs),
  };
}
