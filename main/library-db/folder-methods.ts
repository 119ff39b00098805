// The part of a library that registers folders, takes them out, and leaves parts of them out. Library thread.
import { AppError } from '../platform/app-error.ts';
import { compilePatterns, systemPatternOptions } from '../platform/path-patterns.ts';
import { reading, writing } from '../store/open-database.ts';
import type { FolderState, StoredFolder } from '../store/statements/folders.ts';
import type { FolderCounts, FolderRow, LibraryDb, Stage } from './library-db.ts';
import { type OpenStore, refreshWords } from './open-store.ts';
import { remembered } from './remembered-counts.ts';

type FolderMethods = Pick<
  LibraryDb,
  'registerFolder' | 'listFolders' | 'folderViews' | 'removeFolder' | 'restoreFolder' | 'setExclude' | 'setOffline'
>;

export function folderMethods(store: OpenStore): FolderMethods {
  const { library, folders } = store;
  const counts = remembered(library, (_all: 'all') => countByFolder(store));
  return {
    registerFolder: async ({ path, now }) =>
      writing(library, () => {
        const known = folders.folderAt(path);
        if (!known) return { folder: folders.insertFolder(path, now), known: false };
        if (known.removedAt !== null) restore(store, known.id, known.removedAt);
        return { folder: toRow(known), known: known.removedAt === null };
      }),
    listFolders: async () => folders.folders().map(toRow),
    folderViews: async () => reading(library, () => views(store, counts('all'))),
    removeFolder: async ({ folderId, now }) =>
      writing(library, () => {
        const { path, exclude } = registered(store, folderId);
        for (const photoId of folders.remove(folderId, now)) refreshWords(store, photoId);
        return { path, exclude };
      }),
    restoreFolder: async ({ path }) =>
      writing(library, () => {
        const folder = folders.folderAt(path);
        if (!folder) throw new AppError('input/invalid', `${path} was never in the library; add it as a new folder`);
        if (folder.removedAt !== null) restore(store, folder.id, folder.removedAt);
        return { folderId: folder.id };
      }),
    setExclude: async ({ folderId, exclude, now }) =>
      writing(library, () => {
        const { exclude: before } = registered(store, folderId);
        folders.setExclude(folderId, exclude);
        applyExclude(store, folderId, exclude, now);
        return { before };
      }),
    setOffline: async ({ folderIds }) => writing(library, () => folders.setOffline(folderIds)),
  };
}

function registered({ folders }: OpenStore, folderId: number): FolderState {
  const folder = folders.folder(folderId);
  if (!folder || folder.removedAt !== null) {
    throw new AppError('input/invalid', `no folder ${folderId} is registered; it may have been removed meanwhile`);
  }
  return folder;
}

function restore(store: OpenStore, folderId: number, removedAt: number): void {
  for (const photoId of store.folders.restore(folderId, removedAt)) refreshWords(store, photoId);
}

/** Files that the patterns name go, those that only earlier patterns named come back: as they were, without being read again. */
function applyExclude(store: OpenStore, folderId: number, exclude: readonly string[], now: number): void {
  const patterns = compilePatterns(exclude, systemPatternOptions());
  const gone: number[] = [];
  const back: number[] = [];
  const photos = new Set<number>();
  for (const file of store.fileScan.paths(folderId)) {
    const isExcluded = patterns.excludesFile(file.relPath);
    if (isExcluded && file.present === 1) gone.push(file.id);
    else if (!isExcluded && file.excluded === 1) back.push(file.id);
    else continue;
    if (file.photoId !== null) photos.add(file.photoId);
  }
  store.fileScan.exclude(gone, now);
  store.fileScan.include(back);
  for (const photoId of photos) refreshWords(store, photoId);
}

const stages: readonly Stage[] = ['look', 'caption', 'own'];

type Counts = Pick<FolderCounts, 'photos' | 'missing' | 'failed' | 'pending'>;

function countByFolder({ reports, failures }: OpenStore): Map<number, Counts> {
  const failed = new Map(failures.countByFolder().map((row) => [row.folderId, row.failed]));
  const pending = new Map(reports.leftByFolder(stages).map((row) => [row.folderId, row.pending]));
  return new Map(
    reports
      .folderFiles()
      .map(({ folderId, photos, missing }) => [
        folderId,
        { photos, missing, failed: failed.get(folderId) ?? 0, pending: pending.get(folderId) ?? 0 },
      ]),
  );
}

function views({ folders }: OpenStore, counts: Map<number, Counts>): FolderCounts[] {
  const none: Counts = { photos: 0, missing: 0, failed: 0, pending: 0 };
  return folders
    .folders()
    .map((folder) => ({ ...toRow(folder), isOffline: folder.isOffline, ...(counts.get(folder.id) ?? none) }));
}

function toRow({ id, path, addedAt, exclude }: StoredFolder): FolderRow {
  return { id, path, addedAt, exclude };
}
