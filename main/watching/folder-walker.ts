// Serves walks in portions, so that a folder of a million files never sits in one message. Watcher thread.

import type { ReadFolder, ScannedFile } from '../library-db/library-rows.ts';
import { AppError } from '../platform/app-error.ts';
import { systemClock } from '../platform/clock.ts';
import { type FolderRoot, lookAtRoot, type RootLook } from '../platform/folder-root.ts';
import { createTreeMemory, type TreeMemory, walkFolder, walkWithin } from './walk.ts';

export interface WalkPortion {
  readonly files: readonly ScannedFile[];
  /** Relative paths of folders of which not everything could be read. */
  readonly unreadable: readonly string[];
  readonly done: boolean;
  /** With the last portion of a walk of parts: the folders that were read. Absent where everything was walked. */
  readonly read?: readonly ReadFolder[];
  /** With the last portion: how the root is now. Only where it is as it was at the beginning may anything be concluded from what is absent. */
  readonly root?: RootLook;
}

export interface FolderWalker {
  /**
   * @param input.root absolute, real path. @param input.exclude patterns of paths that are left out. @param input.within folders below the root that
   * are enough to look into, new ones in them included. @param input.known what is known of the root's volume.
   */
  begin(input: {
    root: string;
    exclude?: readonly string[];
    within?: readonly string[];
    known?: FolderRoot;
  }): Promise<{ walkId: number; root?: RootLook }>;
  /** The next portion; after `done` the walk is forgotten. */
  next(input: { walkId: number }): Promise<WalkPortion>;
  /** Forgets a walk that is not wanted any more. */
  end(input: { walkId: number }): Promise<void>;
}

export const folderWalkerMethods = ['begin', 'next', 'end'] as const satisfies readonly (keyof FolderWalker)[];

/** Files in one portion: about 100 KB of message, one write transaction. */
const portionFiles = 1000;
/** Folders of the library are walked whole every hour, unless work is paused: the tree of one that nobody asked about for longer is kept for nobody. */
const rememberedMs = 2 * 3_600_000;

interface Walk {
  readonly portions: Generator<WalkPortion, void>;
  readonly root: string;
  readonly known: FolderRoot | undefined;
}

/** @param now monotonic milliseconds. */
export function createFolderWalker(limit = portionFiles, now: () => number = systemClock.now): FolderWalker {
  const walks = new Map<number, Walk>();
  /** By root, and the walk that was the last to add to each. */
  const memories = new Map<string, { readonly tree: TreeMemory; readonly walkId: number; readonly askedAt: number }>();
  let nextId = 1;

  function forgetOldTrees(): void {
    for (const [root, { askedAt }] of memories) if (now() - askedAt > rememberedMs) memories.delete(root);
  }

  return {
    async begin({ root, exclude = [], within, known }) {
      const look = await lookAtRoot(root, known);
      const walkId = nextId++;
      forgetOldTrees();
      // Without a memory of the whole, nobody knows which folders are new.
      const memory = memories.get(root)?.tree;
      const parts = within && memory ? { within, memory } : null;
      const fresh = createTreeMemory();
      const portions = parts ? partsOf(root, exclude, parts, limit) : portionsOf(root, exclude, fresh, limit);
      memories.set(root, { tree: parts?.memory ?? fresh, walkId, askedAt: now() });
      walks.set(walkId, { portions, root, known });
      return { walkId, root: look };
    },
    async next({ walkId }) {
      const walk = walks.get(walkId);
      const portion = walk?.portions.next().value;
      if (!walk || !portion) throw new AppError('internal', `no walk ${walkId}`);
      if (!portion.done) return portion;
      walks.delete(walkId);
      return { ...portion, root: await lookAtRoot(walk.root, walk.known) };
    },
    async end({ walkId }) {
      walks.delete(walkId);
      // A walk cut short remembers a part of the tree only, and one that nobody took over what nobody else knows.
      for (const [root, memory] of memories) if (memory.walkId === walkId) memories.delete(root);
    },
  };
}

function* portionsOf(
  root: string,
  exclude: readonly string[],
  memory: TreeMemory,
  limit: number,
): Generator<WalkPortion, void> {
  let files: ScannedFile[] = [];
  let unreadable: string[] = [];
  for (const folder of walkFolder(root, exclude, memory)) {
    if (folder.unreadable) unreadable.push(folder.relPath);
    for (const file of folder.files) {
      files.push(file);
      if (files.length < limit) continue;
      yield { files, unreadable, done: false };
      files = [];
      unreadable = [];
    }
  }
  yield { files, unreadable, done: true };
}

function* partsOf(
  root: string,
  exclude: readonly string[],
  parts: { readonly within: readonly string[]; readonly memory: TreeMemory },
  limit: number,
): Generator<WalkPortion, void> {
  const read: ReadFolder[] = [];
  const unreadable: string[] = [];
  let files: ScannedFile[] = [];
  for (const folder of walkWithin(root, exclude, parts.within, parts.memory)) {
    if (folder.unreadable) unreadable.push(folder.relPath);
    else read.push({ relPath: folder.relPath, subfolders: folder.subfolders });
    for (const file of folder.files) {
      files.push(file);
      if (files.length < limit) continue;
      yield { files, unreadable: [], done: false };
      files = [];
    }
  }
  yield { files, unreadable, done: true, read };
}
