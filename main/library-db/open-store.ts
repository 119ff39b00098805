// The prepared statements of an open library, and the few steps that several methods share. Library thread.
import path from 'node:path';
import { nameWords } from '../store/name-words.ts';
import type { ReadDb, WriteDb } from '../store/open-database.ts';
import { captionStatements } from '../store/statements/captions.ts';
import { carryStatements } from '../store/statements/carries.ts';
import { documentStatements } from '../store/statements/documents.ts';
import { failureStatements } from '../store/statements/failures.ts';
import { fileScanStatements } from '../store/statements/file-scan.ts';
import { fileWorkStatements } from '../store/statements/file-work.ts';
import { filterStatements } from '../store/statements/filter-rows.ts';
import { folderStatements } from '../store/statements/folders.ts';
import { galleryStatements } from '../store/statements/gallery.ts';
import { jobStatements } from '../store/statements/jobs.ts';
import { libraryStatements } from '../store/statements/library.ts';
import { lookupStatements } from '../store/statements/lookups.ts';
import { photoStatements } from '../store/statements/photos.ts';
import { placeStatements } from '../store/statements/places.ts';
import { poisonStatements } from '../store/statements/poisons.ts';
import { reportStatements } from '../store/statements/reports.ts';
import { settingsStatements } from '../store/statements/settings.ts';
import { thumbnailStatements } from '../store/statements/thumbnails.ts';
import { vectorStatements } from '../store/statements/vectors.ts';
import { wordMatches } from '../store/statements/word-matches.ts';
import { type WordSearch, wordSearch } from '../store/statements/word-search.ts';

/** Everything the methods of a library work with. A reader's connections refuse to write, whatever is asked of them. */
export interface OpenStore {
  readonly mode: 'owner' | 'reader';
  readonly library: WriteDb;
  readonly thumbnailsDb: WriteDb | null;
  /** In [0, 1). */
  random(): number;
  readonly state: ReturnType<typeof libraryStatements>;
  readonly folders: ReturnType<typeof folderStatements>;
  readonly fileScan: ReturnType<typeof fileScanStatements>;
  readonly fileWork: ReturnType<typeof fileWorkStatements>;
  readonly photos: ReturnType<typeof photoStatements>;
  readonly poisons: ReturnType<typeof poisonStatements>;
  readonly captions: ReturnType<typeof captionStatements>;
  readonly carries: ReturnType<typeof carryStatements>;
  readonly documents: ReturnType<typeof documentStatements>;
  readonly words: WordSearch;
  readonly wordMatches: ReturnType<typeof wordMatches>;
  readonly filters: ReturnType<typeof filterStatements>;
  readonly places: ReturnType<typeof placeStatements>;
  readonly vectors: ReturnType<typeof vectorStatements>;
  readonly jobs: ReturnType<typeof jobStatements>;
  readonly lookups: ReturnType<typeof lookupStatements>;
  readonly reports: ReturnType<typeof reportStatements>;
  readonly gallery: ReturnType<typeof galleryStatements>;
  readonly failures: ReturnType<typeof failureStatements>;
  readonly settings: ReturnType<typeof settingsStatements>;
  readonly thumbnails: ReturnType<typeof thumbnailStatements> | null;
}

export function openStore(
  files: { readonly mode: 'owner' | 'reader'; readonly library: ReadDb; readonly thumbnails: ReadDb | null },
  random: () => number,
): OpenStore {
  const { library } = files;
  return {
    mode: files.mode,
    // The methods that write are not reachable in a reader; were one called, SQLite itself would refuse.
    library: library as WriteDb,
    thumbnailsDb: files.thumbnails as WriteDb | null,
    random,
    state: libraryStatements(library),
    folders: folderStatements(library),
    fileScan: fileScanStatements(library),
    fileWork: fileWorkStatements(library),
    photos: photoStatements(library),
    poisons: poisonStatements(library),
    captions: captionStatements(library),
    carries: carryStatements(library),
    documents: documentStatements(library),
    words: wordSearch(library),
    wordMatches: wordMatches(library),
    filters: filterStatements(library),
    places: placeStatements(library),
    vectors: vectorStatements(library),
    jobs: jobStatements(library),
    lookups: lookupStatements(library),
    reports: reportStatements(library),
    gallery: galleryStatements(library),
    failures: failureStatements(library),
    settings: settingsStatements(library),
    thumbnails: files.thumbnails && thumbnailStatements(files.thumbnails),
  };
}

/** The absolute path of a file in the system's own form. */
export function absolutePath(folderPath: string, relPath: string): string {
  return path.join(folderPath, ...relPath.split('/'));
}

/** Brings the words a photo is found by up to date with its captions, tags and file names. */
export function refreshWords(store: OpenStore, photoId: number): void {
  const names = store.documents
    .namesOf(photoId)
    .flatMap((file) => [path.basename(file.folderPath), ...file.relPath.split('/')]);
  store.documents.put(photoId, {
    own: store.captions.own(photoId).join(' \n'),
    tags: store.documents.tagsOf(photoId),
    generated: store.captions
      .generated(photoId)
      .map((caption) => caption.text)
      .join(' \n'),
    names: nameWords([...new Set(names)]),
  });
}
