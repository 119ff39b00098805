// The use-cases on folders: how each stands, add, take out and bring back, leave parts out. Shell process.
import { basename } from 'node:path';
import type { FolderView } from '../../../preload/contract/library.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderCounts } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import type { PlaceBook } from '../../platform/place-book.ts';
import { addFolders } from './add-folders.ts';
import type { BackgroundWork } from './background-work.ts';
import type { FolderPresence, Presence } from './folder-presence.ts';
import { createSettler } from './settle-folders.ts';

export interface FolderParts {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly libraryFolder: string;
  readonly presence: FolderPresence;
  /** The ids that this host handed out for folders; null where it hands out none. */
  readonly places: PlaceBook | null;
  readonly samplePhotosFolder: string | null;
  readonly background: BackgroundWork | null;
  /** Rejects where no photo could be indexed: a folder that no model can index must not be left behind half added. */
  ready(): Promise<unknown>;
  /** Epoch milliseconds. */
  now(): number;
}

export interface FolderService {
  /** Looks which folders can be reached, and notes it in the library. */
  folders(): Promise<{ folders: FolderView[] }>;
  /** @throws AppError `input/invalid` for an id that this host did not hand out, else as `addFolders` */
  addPlace(input: { placeId: string }): Promise<{ folderId: number; known: boolean }>;
  /** @throws AppError `host/unsupported` where no sample photos came with this installation */
  addSamplePhotos(): Promise<{ folderId: number; known: boolean }>;
  removeFolder(input: { folderId: number }): Promise<{ path: string; exclude: string[] }>;
  /** @throws AppError as `LibraryDb.restoreFolder` */
  restoreFolder(input: { folderId: number }): Promise<{ folderId: number }>;
  setExclude(input: { folderId: number; exclude: readonly string[] }): Promise<{ before: string[] }>;
  /** The person's answer about files that vanished. @throws AppError `input/invalid` */
  settleVanished(input: { folderId: number; gone: boolean }): Promise<{ files: number }>;
}

export function createFolderService(parts: FolderParts): FolderService {
  const { db, background } = parts;
  const settle = createSettler({ db, now: parts.now, isAlone: background === null });
  // What a program that ended had begun.
  if (background) void settle();

  async function addOne(path: string): Promise<{ folderId: number; known: boolean }> {
    const [added] = await addFolders(parts, [path], parts.ready);
    if (!added) throw new Error('one folder was asked for');
    // It may be one that was taken out before.
    await settle();
    background?.rescan([added.id]);
    return { folderId: added.id, known: added.known };
  }

  return {
    async folders() {
      const folders = await db.folderViews();
      const presences = await Promise.all(folders.map((folder) => parts.presence.of(folder.path, folder.root)));
      await noteOffline(parts, folders, presences);
      const scanning = background?.scanning() ?? [];
      return {
        folders: folders.map((folder, at) => toView(folder, presences[at] as Presence, scanning.includes(folder.id))),
      };
    },
    async addPlace({ placeId }) {
      const path = parts.places?.resolve(placeId) ?? null;
      if (path === null) throw new AppError('input/invalid', 'this choice of a folder has expired; choose it again');
      return addOne(path);
    },
    async addSamplePhotos() {
      if (parts.samplePhotosFolder === null)
        throw new AppError('host/unsupported', 'no sample photos came with this installation');
      return addOne(parts.samplePhotosFolder);
    },
    async removeFolder({ folderId }) {
      const { path, exclude } = await db.removeFolder({ folderId, now: parts.now() });
      await settle();
      return { path, exclude: [...exclude] };
    },
    async restoreFolder({ folderId }) {
      await db.restoreFolder({ folderId });
      await settle();
      background?.rescan([folderId]);
      return { folderId };
    },
    async setExclude({ folderId, exclude }) {
      const { before } = await db.setExclude({ folderId, exclude });
      await settle();
      background?.rescan([folderId]);
      return { before: [...before] };
    },
    async settleVanished({ folderId, gone }) {
      const { files } = await db.settleVanished({ folderId, gone });
      if (gone) await settle();
      return { files };
    },
  };
}

async function noteOffline(
  { db, mode }: FolderParts,
  folders: readonly FolderCounts[],
  presences: readonly Presence[],
): Promise<void> {
  const isAway = (at: number): boolean => presences[at]?.state !== 'ready';
  const changed = folders.some((folder, at) => folder.isOffline !== isAway(at));
  if (mode !== 'owner' || !changed) return;
  await db.setOffline({ folderIds: folders.filter((_, at) => isAway(at)).map((folder) => folder.id) });
}

function toView(folder: FolderCounts, presence: Presence, isScanning: boolean): FolderView {
  const { id, path, exclude, photos, missing, failed, pending, vanished, unanswered } = folder;
  const isEmptied = presence.state === 'ready' && vanished > 0 && vanished >= photos;
  const away = presence.state === 'ready' ? vanished : photos;
  return {
    folderId: id,
    // The root of a drive has no name of its own.
    name: basename(path) || path,
    path,
    photos,
    missing: missing + away,
    failed,
    pending,
    // Kept ones are asked about again when there are more.
    vanished: unanswered > 0 ? vanished : 0,
    state: isEmptied ? 'emptied' : presence.state === 'ready' && isScanning ? 'scanning' : presence.state,
    problem: isEmptied ? emptied : presence.problem,
    exclude: [...exclude],
  };
}

const emptied =
  'This folder is there, but none of the photos that were in it. They stay in the library until they return, or until you say that they are gone.';
