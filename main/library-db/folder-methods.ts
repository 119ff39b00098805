// The part of a library that registers folders, takes them out, and leaves parts of them out. Library thread.
import { AppError } from '../platform/app-error.ts';
import { isInside } from '../platform/path-inside.ts';
import { compilePatterns, systemPatternOptions } from '../platform/path-patterns.ts';
import { reading, writing } from '../store/open-database.ts';
import type { FolderState } from '../store/statements/folders.ts';
import type { LibraryDb } from './library-db.ts';
import type { FolderCounts, FolderRow, Stage } from './library-rows.ts';
import { type OpenStore, refreshWords } from './open-store.ts';
import { remembered } from './remembered-counts.ts';

type FolderMethods = Pick<
  LibraryDb,
  | 'registerFolder'
  | 'listFolders'
  | 'folderViews'
  | 'removeFolder'
  | 'restoreFolder'
  | 'setExclude'
  | 'settleFolders'
  | 'setOffline'
  | 'settleVanished'
>;

export function folderMethods(store: OpenStore): FolderMethods {
  const { library, folders } = store;
  const counts = remembered(library, (_all: 'all') => countByFolder(store));
  return {
    registerFolder: async ({ path, now }) =>
      writing(library, () => {
        const known = folders.folderAt(path);
        if (!known) return { folder: toRow({ ...folders.insertFolder(path, now), isOffline: false }), known: false };
        folders.restore(known.id);
        return { folder: toRow(known), known: known.removedAt === null };
      }),
    listFolders: async () => folders.folders().map(toRow),
    folderViews: async () => reading(library, () => views(store, counts('all'))),
    removeFolder: async ({ folderId, now }) =>
      writing(library, () => {
        const { path, exclude } = registered(store, folderId);
        folders.remove(folderId, now);
        return { path, exclude };
      }),
    restoreFolder: async ({ folderId }) =>
      writing(library, () => {
        const folder = folders.folder(folderId);
        if (!folder || folder.removedAt === null)
          throw new AppError(
            'library/folder-not-found',
            `folder ${folderId} was not removed; there is nothing to undo`,
          );
        refuseOverlap(folders.folders(), folder.path);
        folders.restore(folderId);
      }),
    setExclude: async ({ folderId, exclude }) =>
      writing(library, () => {
        const { exclude: before } = registered(store, folderId);
        folders.setExclude(folderId, exclude);
        markExcluded(store, folderId, exclude);
        return { before };
      }),
    settleFolders: async ({ limit, now }) =>
      writing(library, () => {
        const before = folders.settle(limit, now);
        refreshCopies(store, before);
        return { left: before.length > 0 };
      }),
    setOffline: async ({ folderIds }) => writing(library, () => folders.setOffline(folderIds)),
    settleVanished: async ({ folderId, gone }) =>
      writing(library, () => {
        registered(store, folderId);
        return { files: folders.answerHeld(folderId, gone ? 'gone' : 'kept') };
      }),
  };
}

function registered({ folders }: OpenStore, folderId: number): FolderState {
  const folder = folders.folder(folderId);
  if (!folder || folder.removedAt !== null) {
    throw new AppError('input/invalid', `no folder ${folderId} is registered; it may have been removed meanwhile`);
  }
  return folder;
}

/** A folder that was added meanwhile may hold the one that is to come back, or lie in it. */
function refuseOverlap(others: readonly FolderState[], path: string): void {
  const other = others.find((one) => isInside(path, one.path) || isInside(one.path, path));
  if (!other) return;
  throw new AppError(
    'library/folder-overlaps',
    `${path} overlaps ${other.path}, which is in the library now; remove that one first`,
  );
}

/** Files that the patterns name are to go, those that only earlier patterns named to come back: as they were, without being read again. */
function markExcluded({ folders, fileScan }: OpenStore, folderId: number, exclude: readonly string[]): void {
  const patterns = compilePatterns(exclude, systemPatternOptions());
  const leaving: number[] = [];
  const returning: number[] = [];
  for (const file of fileScan.paths(folderId)) {
    const isExcluded = patterns.excludesFile(file.relPath);
    // What was gone before it was excluded stays gone.
    if (isExcluded && (file.present === 1 || file.excluded !== 0)) leaving.push(file.id);
    else if (!isExcluded && file.excluded !== 0) returning.push(file.id);
  }
  folders.markFiles(leaving, 1);
  folders.markFiles(returning, 2);
}

function refreshCopies(store: OpenStore, photoIds: readonly (number | null)[]): void {
  const known = new Set(photoIds.filter((photoId) => photoId !== null));
  for (const photoId of store.folders.copies([...known])) refreshWords(store, photoId);
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

function views({ folders, fileScan }: OpenStore, counts: Map<number, Counts>): FolderCounts[] {
  const none: Counts = { photos: 0, missing: 0, failed: 0, pending: 0 };
  // A file that was only moved is found again when its bytes are read: until then nobody is asked about it.
  const held = fileScan.isReading() ? [] : folders.held();
  return folders.folders().map((folder) => {
    const { vanished, unanswered } = held.find(({ folderId }) => folderId === folder.id) ?? {
      vanished: 0,
      unanswered: 0,
    };
    return { ...toRow(folder), vanished, unanswered, ...(counts.get(folder.id) ?? none) };
  });
}

function toRow({ id, path, addedAt, exclude, isOffline, root }: Omit<FolderState, 'removedAt'>): FolderRow {
  return { id, path, addedAt, exclude, isOffline, root };
}
