// Serves walks in portions, so that a folder of a million files never sits in one message. Watcher thread.

import type { ScannedFile } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { walkFolder } from './walk.ts';

export interface WalkPortion {
  readonly files: readonly ScannedFile[];
  /** Relative paths of folders of which not everything could be read. */
  readonly unreadable: readonly string[];
  readonly done: boolean;
}

export interface FolderWalker {
  /** @param input.root absolute, real path. @param input.exclude patterns of paths that are left out. */
  begin(input: { root: string; exclude?: readonly string[] }): Promise<{ walkId: number }>;
  /** The next portion; after `done` the walk is forgotten. */
  next(input: { walkId: number }): Promise<WalkPortion>;
  /** Forgets a walk that is not wanted any more. */
  end(input: { walkId: number }): Promise<void>;
}

export const folderWalkerMethods = ['begin', 'next', 'end'] as const satisfies readonly (keyof FolderWalker)[];

/** Files in one portion: about 100 KB of message, one write transaction. */
const portionFiles = 1000;

export function createFolderWalker(limit = portionFiles): FolderWalker {
  const walks = new Map<number, Generator<WalkPortion, void>>();
  let nextId = 1;
  return {
    async begin({ root, exclude = [] }) {
      const walkId = nextId++;
      walks.set(walkId, portionsOf(root, exclude, limit));
      return { walkId };
    },
    async next({ walkId }) {
      const portion = walks.get(walkId)?.next().value;
      if (!portion) throw new AppError('internal', `no walk ${walkId}`);
      if (portion.done) walks.delete(walkId);
      return portion;
    },
    async end({ walkId }) {
      walks.delete(walkId);
    },
  };
}

function* portionsOf(root: string, exclude: readonly string[], limit: number): Generator<WalkPortion, void> {
  let files: ScannedFile[] = [];
  let unreadable: string[] = [];
  for (const folder of walkFolder(root, exclude)) {
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
