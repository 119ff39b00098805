// The part of a library that answers questions: counts, photos, words, health. Library thread.
import path from 'node:path';
import type { ErrorCode } from '../../preload/contract/errors.ts';
import { quickCheck, reading, schemaVersion } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import type { LibraryCounts, PhotoDetails, StageVersion } from './library-rows.ts';
import { absolutePath, type OpenStore } from './open-store.ts';
import { detailsOf } from './photo-details.ts';
import { remembered } from './remembered-counts.ts';

type ReadMethods = Pick<LibraryDb, 'counts' | 'failures' | 'folderOutcome' | 'photoByPath' | 'summaries' | 'health'>;

export function readMethods(store: OpenStore): ReadMethods {
  const { library, reports, lookups } = store;
  const counts = remembered(library, (wanted: readonly StageVersion[]) => countAll(store, wanted));
  return {
    counts: async ({ wanted }) => reading(library, () => counts(wanted)),
    failures: async ({ folderIds, limit }) =>
      reports.failures(folderIds, limit).map((row) => ({
        path: absolutePath(row.folderPath, row.relPath),
        code: row.code as ErrorCode,
        message: row.message,
      })),
    folderOutcome: async ({ folderIds, wanted }) => {
      const { files, indexed, failed } = reports.outcome(folderIds, wanted);
      return { files, indexed, failed, pending: files - indexed - failed };
    },
    photoByPath: async ({ path: photoPath }) => reading(library, () => detailsAt(store, photoPath)),
    summaries: async ({ photoIds }) =>
      lookups.shown(photoIds).map((photo) => ({
        photoId: photo.photoId,
        path: absolutePath(photo.folderPath, photo.relPath),
        caption: photo.ownCaption ?? photo.generatedCaption,
      })),
    health: async () => ({
      sqliteVersion: String(library.prepare('SELECT sqlite_version()').pluck().get()),
      schemaVersion: schemaVersion(library),
      journalMode: String(library.pragma('journal_mode', { simple: true })),
      synchronous: Number(library.pragma('synchronous', { simple: true })),
      pageSizeBytes: Number(library.pragma('page_size', { simple: true })),
      sizeBytes:
        Number(library.pragma('page_count', { simple: true })) * Number(library.pragma('page_size', { simple: true })),
      quickCheck: quickCheck(library),
    }),
  };
}

function countAll(store: OpenStore, wanted: readonly StageVersion[]): LibraryCounts {
  const { reports } = store;
  const filesOf = new Map(reports.folderFiles().map((row) => [row.folderId, row]));
  const folders = store.folders.folders().map(({ id, path: folderPath, addedAt, exclude }) => ({
    id,
    path: folderPath,
    addedAt,
    exclude,
    files: filesOf.get(id)?.files ?? 0,
    missing: filesOf.get(id)?.missing ?? 0,
  }));
  const pendingByStage = { look: 0, caption: 0, own: 0 };
  for (const stage of wanted) pendingByStage[stage.stage] = reports.left(stage);
  const first = wanted.find((stage) => stage.stage === 'look') ?? wanted[0];
  return {
    folders,
    files: folders.reduce((sum, folder) => sum + folder.files, 0),
    photos: reports.livePhotos(),
    indexed: first ? reports.done(first) : 0,
    pending: reports.photosLeft(wanted),
    pendingByStage,
    unidentified: reports.unidentified(),
    failed: reports.failedFiles() + reports.failedPhotos(),
  };
}

function detailsAt(store: OpenStore, photoPath: string): PhotoDetails | null {
  for (const folder of store.folders.folders()) {
    const relPath = path.relative(folder.path, photoPath);
    if (relPath === '' || relPath.startsWith('..') || path.isAbsolute(relPath)) continue;
    const photoId = store.lookups.photoAt(folder.id, relPath.split(path.sep).join('/'));
    if (photoId !== undefined) return detailsOf(store, photoId, photoPath);
  }
  return null;
}
