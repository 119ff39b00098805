// The one interface to a library's durable state: folders, files, photos, captions, vectors and jobs. Services know only this; which
// thread runs the SQLite behind it is decided in compose.ts.
import type { Volume } from '../platform/folder-root.ts';
import type { PhotoSet } from '../platform/photo-set.ts';
import type { Vocabulary } from '../services/search/language/vocabulary.ts';
import type { Filter } from '../services/search/parsed-query.ts';
import type { LibraryCare } from './library-care.ts';
import type {
  CellColumns,
  ClaimedFile,
  ClaimedPhoto,
  FailedFile,
  Failure,
  FileFailure,
  FolderCounts,
  FolderRow,
  LibraryCounts,
  PhotoCard,
  PhotoDetails,
  PhotoFacts,
  PhotoFile,
  PhotoPoint,
  PhotoResult,
  PhotoSummary,
  PlaceNames,
  ReadFolder,
  ScanCounts,
  ScannedFile,
  ScoredIds,
  StageVersion,
  StoredThumbnail,
  StoreHealth,
  VectorKind,
  WordMatches,
} from './library-rows.ts';

/**
 * Every method is one transaction (`IMMEDIATE` where it writes) and rejects with an `AppError` of prefix `store/` or `library/`.
 * Methods take one plain-data argument and return plain data, so that the same interface crosses a thread boundary.
 */
export interface LibraryDb extends LibraryCare {
  /** Adds a folder, or returns the one already registered at that path; one removed before comes back with its files. Overlap is the caller's check. */
  registerFolder(input: { path: string; now: number }): Promise<{ folder: FolderRow; known: boolean }>;
  /** Registered folders by path, without removed ones. */
  listFolders(): Promise<FolderRow[]>;
  /** Registered folders with what a person wants to know of each. A large library's counts may be some seconds old. */
  folderViews(): Promise<FolderCounts[]>;
  /**
   * Takes a folder out: it is listed no more and scans of it are refused; its files count as gone as `settleFolders` gets to them. Nothing is deleted.
   * @throws AppError `input/invalid` where no such folder is registered.
   */
  removeFolder(input: { folderId: number; now: number }): Promise<{ path: string; exclude: readonly string[] }>;
  /**
   * Brings a removed folder back, and with `settleFolders` the files it had.
   * @throws AppError `library/folder-not-found` where no such folder was removed, `library/folder-overlaps` where one that holds it, or lies in it, was
   * registered meanwhile.
   */
  restoreFolder(input: { folderId: number }): Promise<void>;
  /** Says what is left out. `settleFolders` applies it to the files known; a scan is given the patterns by its caller. */
  setExclude(input: { folderId: number; exclude: readonly string[] }): Promise<{ before: readonly string[] }>;
  /**
   * Lets the next files (at most `limit`) leave or come back that removed folders, restored ones and patterns concern: to be called until nothing is
   * left. What a program that ended had begun is gone on with.
   */
  settleFolders(input: { limit: number; now: number }): Promise<{ left: boolean }>;
  /** Notes which folders cannot be reached now: their photos are shown as missing. Ids not named are reachable. */
  setOffline(input: { folderIds: readonly number[] }): Promise<void>;
  /**
   * The person's answer about the held files of a folder: `gone` ones leave by `settleFolders`, others are kept as present until they return.
   * @throws AppError `input/invalid` where no such folder is registered.
   */
  settleVanished(input: { folderId: number; gone: boolean }): Promise<{ files: number }>;

  /** Starts a scan of a folder and returns its number, higher than any before. */
  beginScan(input: { folderId: number }): Promise<{ scanId: number }>;
  /** Upserts files by path. A file of another size, mtime or inode than stored returns to `unidentified`; its photo link stays until then. */
  applyScan(input: {
    folderId: number;
    scanId: number;
    files: readonly ScannedFile[];
    now: number;
  }): Promise<ScanCounts>;
  /**
   * Files of the folder that this scan did not see (but for those below one of `unreadable`, relative folder paths) have moved, where their content was
   * found elsewhere, or are missing; where very many vanished at once they are held as present, and the person is asked. With `read`, only what lies in
   * these folders is looked at, and what lies below folders that are no more in them. `at` is remembered as the folder's volume.
   */
  finishScan(input: {
    folderId: number;
    scanId: number;
    unreadable: readonly string[];
    now: number;
    read?: readonly ReadFolder[];
    at?: Volume;
  }): Promise<{ missing: number; moved: number; held: number }>;
  /** Retries later what a passing state prevented (`fs/*`, `inference/*` failures): back to work to do. */
  retryPassing(input: { folderIds: readonly number[] }): Promise<{ files: number; photos: number }>;

  /**
   * Says which decoder reads photos from now on: what another one could not read, or ended under, is tried again. @returns the hashes of files that end the
   * process which reads them, as far as no photo stands for them: they are not to be read.
   */
  useDecoder(input: { version: string }): Promise<{ poisons: string[] }>;
  /** Claims present files whose content is unknown (newest mtime first). */
  claimFiles(input: { limit: number; now: number }): Promise<ClaimedFile[]>;
  /**
   * Links files to photos by content; creates photos not seen before. `known` tells that the bytes were in the library already, `same` that the file
   * still holds what it held, of which nothing is left to do. `readAt` is a time before their reading began, where that is later than their claim.
   */
  identifyFiles(input: {
    files: readonly { fileId: number; sizeBytes: number; mtimeMs: number; facts: PhotoFacts; readAt?: number }[];
    now: number;
  }): Promise<{ fileId: number; photoId: number; known: boolean; same: boolean }[]>;
  /** Records why a file cannot be identified (`retry` decides whether it will be claimed again, with back-off). */
  failFiles(input: { files: readonly ({ fileId: number } & Failure)[]; now: number }): Promise<void>;
  /**
   * The process died with these files in hand: one strike each and one for their bytes (null where they could not be read), the second makes them
   * `decode/poison`. Returns the poisoned ones.
   */
  strikeFiles(input: {
    files: readonly { fileId: number; sha256: string | null }[];
    now: number;
  }): Promise<{ poisoned: number[] }>;

  /**
   * Claims photos that lack one of the wanted stages at its version and have a present file. With `together`, all wanted stages a photo lacks are
   * claimed at once; otherwise only the first stage in order that any photo lacks. Newest photos first.
   */
  claimPhotos(input: {
    wanted: readonly StageVersion[];
    together: boolean;
    limit: number;
    now: number;
  }): Promise<ClaimedPhoto[]>;
  completePhotos(input: { results: readonly PhotoResult[]; now: number }): Promise<void>;
  failPhotos(input: {
    photos: readonly ({ photoId: number; stages: readonly StageVersion[] } & Failure)[];
    now: number;
  }): Promise<void>;
  strikePhotos(input: {
    photos: readonly { photoId: number; stages: readonly StageVersion[] }[];
    now: number;
  }): Promise<{ poisoned: number[] }>;
  /** Returns claimed but unfinished work (of a run that ended) to work to do. */
  releaseClaims(input: { now: number }): Promise<{ files: number; photos: number }>;
  /** The earliest time at which backed-off work becomes claimable, or null where none waits. */
  nextRetryAt(input: { wanted: readonly StageVersion[] }): Promise<number | null>;

  counts(input: { wanted: readonly StageVersion[] }): Promise<LibraryCounts>;
  /** Failures of files and photos below the given folders (all where empty), by path. */
  failures(input: { folderIds: readonly number[]; limit: number }): Promise<FileFailure[]>;
  /** Of the folders' present files: how many are of indexed photos (all `wanted` stages done), and how many failed. */
  folderOutcome(input: {
    folderIds: readonly number[];
    wanted: readonly StageVersion[];
  }): Promise<{ files: number; indexed: number; failed: number; pending: number }>;

  /** The number of the newest state of what a gallery shows, and the photos in it. One row is read: cheap enough to ask twice a second. */
  revision(): Promise<{ revision: number; photos: number }>;
  /** The packed columns of every photo shown, see `preload/contract/timeline.ts`. A million photos take about a second. */
  timelineColumns(): Promise<Uint8Array>;
  photoCells(input: { photoIds: readonly number[] }): Promise<CellColumns>;
  photoView(input: { photoId: number }): Promise<PhotoCard | null>;
  /** A present file, one in a reachable folder where there is one; null where the photo has none. */
  photoFile(input: { photoId: number }): Promise<PhotoFile | null>;
  /** Answers the photos that were not so before. Unknown ids are passed over. */
  setFavourite(input: {
    photoIds: readonly number[];
    favourite: boolean;
    now: number;
  }): Promise<{ changed: readonly number[] }>;
  /** Failures that are not ignored, by path, and how many there are in all. */
  failureViews(input: { limit: number }): Promise<{ failures: readonly FailedFile[]; total: number }>;
  /** Makes failed files and their photos' failed stages work to do again, also ignored ones. */
  retryFiles(input: { fileIds: readonly number[] }): Promise<void>;
  /** Leaves failed files out of `failureViews` until their content changes, or takes them back into it. */
  ignoreFiles(input: { fileIds: readonly number[]; ignored: boolean }): Promise<void>;
  /** What was written under each key; the shape of a value is the caller's to check. */
  readSettings(): Promise<Readonly<Record<string, unknown>>>;
  /** Values are plain data (JSON); keys not named keep theirs, `undefined` removes one. */
  writeSettings(input: { values: Readonly<Record<string, unknown>> }): Promise<void>;
  /** The photo's sound vector, or null. Photos without a present file have theirs too. */
  vectorOf(input: { photoId: number; kind: VectorKind; modelId: string }): Promise<Float32Array | null>;
  /** Thumbnails whose dominant colour was never found out: those of older versions. Empty when all are done. */
  thumbnailsWithoutColour(input: { limit: number }): Promise<{ photoId: number; bytes: Uint8Array }[]>;
  /** `colour` RGB 5-6-5; null where the thumbnail cannot be read. */
  setColours(input: { colours: readonly { photoId: number; colour: number | null }[] }): Promise<void>;

  photoByPath(input: { path: string }): Promise<PhotoDetails | null>;
  summaries(input: { photoIds: readonly number[] }): Promise<PhotoSummary[]>;
  thumbnail(input: { photoId: number }): Promise<StoredThumbnail | null>;
  /**
   * Replaces the person's captions of a photo (empty removes them) and makes stage `own` work to do. Generated captions stay beneath. Answers those
   * that were there. @throws AppError `library/photo-not-found`
   */
  setOwnCaptions(input: {
    photoId: number;
    texts: readonly string[];
    now: number;
  }): Promise<{ before: readonly string[] }>;
  /**
   * BM25 over captions, names and keywords: any of the words counts, the last one as a prefix from 3 characters. Higher is better. With `filters`, of the photos
   * alone that fulfil all of them.
   */
  searchWords(input: { text: string; limit: number; filters?: readonly Filter[] }): Promise<ScoredIds>;
  /** Which words of a photo's texts made `searchWords` find it, and its BM25: the same rules, of one photo. */
  wordMatches(input: { text: string; photoId: number }): Promise<WordMatches>;
  /**
   * Present photos that fulfil all conditions; null where there are none, so that all do. The first question reads what conditions ask of every photo into
   * memory, in portions between which others are answered.
   */
  photosWhere(input: { filters: readonly Filter[] }): Promise<PhotoSet | null>;
  /** The first of them in the order of a gallery, and how many there are; none where there are no conditions. */
  newestWhere(input: { filters: readonly Filter[]; limit: number }): Promise<{
    photoIds: readonly number[];
    photos: number;
  }>;
  /** Photos with coordinates that were not looked up in this version of the gazetteer. */
  photosToPlace(input: { gazetteer: number; limit: number }): Promise<readonly PhotoPoint[]>;
  /** Names what was found there; null where it is far from any place. A photo that is moved meanwhile is asked for again. */
  setPlaces(input: {
    gazetteer: number;
    places: readonly (PhotoPoint & { readonly place: PlaceNames | null })[];
  }): Promise<void>;
  /** What the library's own words are, each list capped. */
  vocabulary(): Promise<Vocabulary>;

  health(): Promise<StoreHealth>;
  close(): Promise<void>;
}
