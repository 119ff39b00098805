// Serves walks in portions, so that a folder of a million files never sits in one message. Watcher thread.

import type { ScannedFile } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { type WalkedFolder, walkFolder } from './walk.ts';

export interface WalkPortion {
  readonly files: readonly ScannedFile[];
  /** Relative paths of folders of which not everything could be read. */
  readonly unreadable: readonly string[];
  readonly done: boolean;
}

export interface FolderWalker {
  /** @param input.root absolute, real path. */
  begin(input: { root: string }): Promise<{ walkId: number }>;
  /** The next portion; after `done` the walk is forgotten. */
  next(input: { walkId: number }): Promise<WalkPortion>;
  /** Forgets a walk that is not wanted any more. */
  end(input: { walkId: number }): Promise<void>;
}

export const folderWalkerMethods = ['begin', 'next', 'end'] as const satisfies readonly (keyof FolderWalker)[];

/** Files in one portion: about 100 KB of message, one write transaction. */
const portionFiles = 1000;

export function createFolderWalker(): FolderWalker {
  const walks = new Map<number, Generator<WalkedFolder>>();
  let nextId = 1;
  return {
    async begin({ root }) {
      const walkId = nextId++;
      walks.set(walkId, walkFolder(root));
      return { walkId };
    },
    async next({ walkId }) {
      const walk = walks.get(walkId);
      if (!walk) throw new AppError('internal', `no walk ${walkId}`);
      const files: ScannedFile[] = [];
      const unreadable: string[] = [];
      while (files.length < portionFiles) {
        const step = walk.next();
        if (step.done) {
          walks.delete(walkId);
          return { files, unreadable, done: true };
        }
        files.push(...step.value.files);
        if (step.value.unreadable) unreadable.push(step.value.relPath);
      }
      return { files, unreadable, done: false };
    },
    async end({ walkId }) {
      walks.delete(walkId);
    },
  };
}
