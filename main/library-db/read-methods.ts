// The part of a library that answers questions: counts, photos, words, health. Library thread.
import path from 'node:path';
import type { ErrorCode } from '../../preload/contract/errors.ts';
import { quickCheck, reading, schemaVersion } from '../store/open-database.ts';
import { wordTerms } from '../store/words-query.ts';
import type { CaptionRow, LibraryCounts, LibraryDb, PhotoDetails, StageVersion, VectorKind } from './library-db.ts';
import { absolutePath, type OpenStore } from './open-store.ts';
import { toFacts } from './photo-facts.ts';
import { rememberedCounts } from './remembered-counts.ts';

type ReadMethods = Pick<
  LibraryDb,
  'counts' | 'failures' | 'folderOutcome' | 'photoByPath' | 'summaries' | 'thumbnail' | 'searchWords' | 'health'
>;

export function readMethods(store: OpenStore): ReadMethods {
  const { library, reports, lookups } = store;
  const counts = rememberedCounts(library, (wanted) => countAll(store, wanted));
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
    thumbnail: async ({ photoId }) => {
      const found = store.thumbnails?.get(photoId) ?? null;
      if (!found && store.mode === 'owner') store.jobs.lookAgain(photoId);
      return found;
    },
    searchWords: async ({ text, limit }) => {
      const hits = store.documents.search(wordTerms(text), limit);
      return { photoIds: hits.map((hit) => hit.photoId), scores: hits.map((hit) => hit.score) };
    },
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
  const folders = store.folders.folders().map((folder) => ({
    ...folder,
    files: filesOf.get(folder.id)?.files ?? 0,
    missing: filesOf.get(folder.id)?.missing ?? 0,
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
    if (photoId !== undefined) return details(store, photoId, photoPath);
  }
  return null;
}

function details(store: OpenStore, photoId: number, photoPath: string): PhotoDetails | null {
  const columns = store.photos.facts(photoId);
  if (!columns) return null;
  const failure = store.reports.photoFailure(photoId);
  return {
    ...toFacts(columns),
    photoId,
    path: photoPath,
    caption: bestCaption(store, photoId),
    vectors: store.vectors.ofPhoto(photoId).map((vector) => ({ ...vector, kind: vector.kind as VectorKind })),
    failure: failure ? { code: failure.code as ErrorCode, message: failure.message } : null,
  };
}

function bestCaption(store: OpenStore, photoId: number): CaptionRow | null {
  const [own] = store.captions.own(photoId);
  if (own !== undefined) return { text: own, source: 'person', model: null };
  const [generated] = store.captions.generated(photoId);
  return generated ? { text: generated.text, source: 'model', model: generated.model } : null;
}
