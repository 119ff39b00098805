// The use-cases on a library as a whole: add folders, say how things stand, show one photo. Shell process.
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { z } from 'zod';
import type { LibraryStatus, PhotoReport } from '../../../preload/contract/library.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { PhotoDetails, StageVersion } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import { stageVersions } from '../indexing/stage-versions.ts';
import { type AddedFolder, addFolders } from './add-folders.ts';
import type { FolderPresence, Presence } from './folder-presence.ts';

export interface LibraryParts {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly libraryFolder: string;
  readonly presence: FolderPresence;
  readonly inference: InferencePool;
  /** Epoch milliseconds. */
  now(): number;
}

export interface LibraryService {
  addFolders(input: { paths: readonly string[] }): Promise<{ folders: AddedFolder[] }>;
  status(input: { failureLimit: number }): Promise<z.input<typeof LibraryStatus>>;
  showPhoto(input: { path: string }): Promise<z.input<typeof PhotoReport>>;
}

export function createLibraryService(parts: LibraryParts): LibraryService {
  return {
    // A folder that no model can index must not be left behind half added.
    addFolders: async ({ paths }) => ({ folders: await addFolders(parts, paths, () => parts.inference.pack()) }),
    async status({ failureLimit }) {
      const { wanted, modelProblem } = await workOfModels(parts.inference);
      const counts = await parts.db.counts({ wanted });
      const roots = new Map((await parts.db.listFolders()).map(({ path, root }) => [path, root]));
      const folders = await Promise.all(
        counts.folders.map(async ({ path, files, missing }) => ({
          path,
          files,
          missing,
          state: stateOf(await parts.presence.of(path, roots.get(path))),
        })),
      );
      return {
        library: parts.libraryFolder,
        mode: parts.mode,
        folders,
        photos: counts.photos,
        indexed: modelProblem === null ? counts.indexed : counts.photos,
        pending: counts.pending + counts.unidentified,
        failed: counts.failed,
        pendingByStage: counts.pendingByStage,
        modelProblem,
        failures: failureLimit > 0 ? await parts.db.failures({ folderIds: [], limit: failureLimit }) : [],
      };
    },
    async showPhoto({ path }) {
      const details = await parts.db.photoByPath({ path: await realPath(path) });
      if (!details) {
        throw new AppError('library/photo-not-found', `${path} is not in the library; add its folder first`);
      }
      return toReport(details);
    },
  };
}

/** What is in the library can be told without a model, but not what one would still have to do. */
async function workOfModels(
  inference: Pick<InferencePool, 'pack'>,
): Promise<{ wanted: StageVersion[]; modelProblem: string | null }> {
  try {
    return { wanted: stageVersions(await inference.pack()), modelProblem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { wanted: [], modelProblem: error.message };
  }
}

/** Files are stored by real path, and a person may come by a link. A file that is gone keeps the path it is asked by. */
function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

/** Whatever keeps a folder from being looked at, its photos cannot be opened now. */
function stateOf({ state }: Presence): 'online' | 'offline' {
  return state === 'ready' ? 'online' : 'offline';
}

function toReport(photo: PhotoDetails): z.input<typeof PhotoReport> {
  const { photoId: _id, sizeBytes: _size, format: _format, keywords, vectors, ...facts } = photo;
  return { ...facts, keywords: [...keywords], vectors: vectors.map((vector) => ({ ...vector })) };
}
