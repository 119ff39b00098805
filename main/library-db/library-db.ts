// The one interface to a library's durable state: folders, files, photos, captions, vectors and jobs. Services know only this; which
// thread runs the SQLite behind it is decided in compose.ts.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import type { FolderRoot, Volume } from '../platform/folder-root.ts';

/** A photo's stored vectors by role: its pixels, its generated captions, the person's own captions. */
export type VectorKind = 'image' | 'caption' | 'own';

/** Work on one photo, in order of use. `look`: thumbnail and image vector; `caption`: generated captions and their vector; `own`: vector of the person's captions. */
export type Stage = 'look' | 'caption' | 'own';

/** A stage together with the pack and pipeline that perform it; a stored job of another version counts as work to do. */
export interface StageVersion {
  readonly stage: Stage;
  readonly version: string;
}

export interface FolderRow {
  readonly id: number;
  /** Absolute, real path. */
  readonly path: string;
  readonly addedAt: number;
  /** Patterns of paths below it that are left out, as in `.gitignore`; a walk is given them. */
  readonly exclude: readonly string[];
  /** The volume it was last seen on; absent where nothing is known. */
  readonly root?: FolderRoot;
}

/** What a walk sees of a file without opening it. Times are epoch milliseconds (fractions kept), sizes bytes. */
export interface ScannedFile {
  /** Relative to the folder, with `/` between segments on every system. */
  readonly relPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** Device and inode as decimal text (they pass 2^53); empty where the system has none. */
  readonly inode: string;
  /** Time of the last change of its bytes or of what the system knows of it; no program can set it. Absent where the system has none. */
  readonly ctimeMs?: number;
  /** The system lists it under a name that no program can open it by; `relPath` shows that name. */
  readonly hasBadName?: boolean;
}

/** A folder that a walk read to its end. */
export interface ReadFolder {
  /** Relative to the root; empty for the root itself. */
  readonly relPath: string;
  /** Names of the folders in it. */
  readonly subfolders: readonly string[];
}

export interface ScanCounts {
  readonly added: number;
  readonly changed: number;
  /** Also ones that were only moved here, and whose content is therefore known. */
  readonly unchanged: number;
}

/** A file whose content is not known yet, claimed for identification. */
export interface ClaimedFile {
  readonly fileId: number;
  readonly path: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** As the last scan saw it, where it did. */
  readonly ctimeMs?: number;
}

/** Facts read from a photo's bytes; every absent fact is null. Dimensions are stored pixels, before any rotation. */
export interface PhotoFacts {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Local ISO time without zone, `2019-07-04T18:03:11`. */
  readonly takenAt: string | null;
  /** Offset from UTC as `+02:00`. */
  readonly offset: string | null;
  readonly gps: { readonly lat: number; readonly lon: number } | null;
  readonly camera: { readonly make: string | null; readonly model: string | null; readonly lens: string | null };
  readonly exposure: {
    readonly timeSeconds: number | null;
    readonly fNumber: number | null;
    readonly iso: number | null;
    readonly focalLengthMm: number | null;
  };
  readonly orientation: number | null;
  readonly rating: number | null;
  readonly keywords: readonly string[];
  readonly title: string | null;
  readonly description: string | null;
}

/** Why a file or a photo could not be read; `message` is one line for the person. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
}

export interface FileFailure extends Failure {
  readonly path: string;
}

/** A photo with work to do and one present file that holds its bytes. */
export interface ClaimedPhoto {
  readonly photoId: number;
  readonly sha256: string;
  readonly path: string;
  readonly stages: readonly Stage[];
  /** The person's captions, in their order; given for stage `own`, else empty. */
  readonly ownCaptions: readonly string[];
}

export interface StoredVector {
  readonly kind: VectorKind;
  /** `<pack>@<revision>/<part>`: vectors of different models never meet in one query. */
  readonly modelId: string;
  /** Unit length. */
  readonly data: Float32Array;
}

/** The outcome of one or more stages of one photo; written in one transaction with the jobs' `done`. */
export interface PhotoResult {
  readonly photoId: number;
  readonly done: readonly StageVersion[];
  readonly vectors: readonly StoredVector[];
  readonly thumbnail?: {
    readonly bytes: Uint8Array;
    readonly width: number;
    readonly height: number;
    readonly format: string;
    /** Dominant colour, RGB 5-6-5; null or absent where it is found out later. */
    readonly colour?: number | null;
  };
  /** Generated captions, best first; they replace earlier generated ones and never touch the person's. */
  readonly captions?: { readonly model: string; readonly texts: readonly string[] };
  /** The picture could be shown only in part. */
  readonly damaged?: boolean;
  /** More than one frame. */
  readonly animated?: boolean;
}

export interface CaptionRow {
  readonly text: string;
  readonly source: 'person' | 'model';
  /** The captioner's id; null for the person's. */
  readonly model: string | null;
}

export interface PhotoDetails extends PhotoFacts {
  readonly photoId: number;
  readonly path: string;
  /** The person's first caption, else the best generated one. */
  readonly caption: CaptionRow | null;
  readonly vectors: readonly { readonly kind: VectorKind; readonly model: string; readonly dim: number }[];
  /** Set where a stage failed for good. */
  readonly failure: Failure | null;
}

/** What a result list shows of a photo. */
export interface PhotoSummary {
  readonly photoId: number;
  readonly path: string;
  readonly caption: string | null;
}

/** Photo ids with scores, best first; equal length. */
export interface ScoredIds {
  readonly photoIds: readonly number[];
  readonly scores: readonly number[];
}

/** What a viewer shows of a photo; with a path of its last known file where none is present. */
export interface PhotoCard extends PhotoDetails {
  /** Where its file lies, relative to that folder. */
  readonly folderPath: string;
  readonly relPath: string;
  readonly favourite: boolean;
  /** No file of it is present in a folder that can be reached. */
  readonly missing: boolean;
  readonly damaged: boolean;
  /** Best first. */
  readonly generatedCaptions: readonly string[];
  readonly mediaRevision: number;
  /** As `PhotoView.fileDate`. */
  readonly fileDate: string | null;
}

/** The file of a photo to read its picture from. */
export interface PhotoFile {
  readonly path: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly format: string | null;
  readonly orientation: number | null;
  readonly mediaRevision: number;
}

/** Columns in the order asked; photos without a present file are left out. */
export interface CellColumns {
  readonly photoIds: readonly number[];
  /** The person's caption, else the generated one, else the file's name. */
  readonly labels: readonly string[];
  readonly mediaRevisions: readonly number[];
}

export interface FolderCounts extends FolderRow {
  readonly isOffline: boolean;
  /** Files that vanished in one go and are held as present. While files are being read, it is not known yet which have only moved: 0 then. */
  readonly vanished: number;
  /** Of them, those that the person was not asked about yet, or has not answered. */
  readonly unanswered: number;
  /** Identified present files. */
  readonly photos: number;
  /** Files that were there once; excluded ones do not count. */
  readonly missing: number;
  /** Without the ignored ones. */
  readonly failed: number;
  readonly pending: number;
}

/** A file that could not be read, or whose photo could not be worked on. */
export interface FailedFile extends Failure {
  readonly fileId: number;
  readonly photoId: number | null;
  readonly path: string;
}

export interface StoredThumbnail {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  /** Rises when the bytes may be others. */
  readonly revision: number;
}

export interface LibraryCounts {
  readonly folders: readonly (FolderRow & { readonly files: number; readonly missing: number })[];
  readonly files: number;
  readonly photos: number;
  /** Photos with an image vector of the active pack and, by stage, those with work left. */
  readonly indexed: number;
  readonly pending: number;
  readonly pendingByStage: Readonly<Record<Stage, number>>;
  /** Files whose content is not known yet. */
  readonly unidentified: number;
  readonly failed: number;
}

export interface StoreHealth {
  readonly sqliteVersion: string;
  readonly schemaVersion: number;
  readonly journalMode: string;
  readonly synchronous: number;
  readonly pageSizeBytes: number;
  readonly sizeBytes: number;
  readonly quickCheck: string;
}

export interface BackupView {
  readonly file: string;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly sizeBytes: number;
}

/** A copy took the library's place. */
export interface RestorationView {
  readonly restoredAt: number;
  /** Name of the copy; null where there was none and the library began anew. */
  readonly backup: string | null;
  readonly backupAt: number | null;
  /** Where the replaced file is kept, relative to the library's folder. */
  readonly aside: string | null;
  /** Photos whose own captions or mark were taken over from the damaged file. */
  readonly wordsKept: number;
  /** All that the person had written could be read in the damaged file; says nothing where the person asked for the copy. */
  readonly isWhole: boolean;
  /** The person asked for the copy: what was written after it was made is not in the library. */
  readonly wasAsked: boolean;
}

export interface VerifyReport {
  readonly checked: { readonly rows: number; readonly vectors: number; readonly thumbnails: number };
  /** One line each, as for a person: what was wrong, what was mended, what could not be brought back, and what is still wrong. */
  readonly problems: readonly string[];
  readonly repaired: readonly string[];
  readonly lost: readonly string[];
  readonly left: readonly string[];
}

/**
 * Every method is one transaction (`IMMEDIATE` where it writes) and rejects with an `AppError` of prefix `store/` or `library/`.
 * Methods take one plain-data argument and return plain data, so that the same interface crosses a thread boundary.
 */
export interface LibraryDb {
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
  /** BM25 over captions, names and keywords: any of the words counts, the last one as a prefix from 3 characters. Higher is better. */
  searchWords(input: { text: string; limit: number }): Promise<ScoredIds>;

  health(): Promise<StoreHealth>;
  /**
   * Makes a proven backup where a day has passed since the last one, or in any case (`force`). Answers null where none was due. Other calls are answered
   * meanwhile. @throws AppError `store/corrupt` where the library is damaged: no backup is kept then and none removed; `store/disk-full` without room.
   */
  backUp(input: { now: number; force: boolean }): Promise<{ taken: BackupView | null }>;
  /** Looks at every row, vector and thumbnail, and mends what is damaged. Takes seconds in a large library, during which nothing else is answered. */
  verify(input: { now: number }): Promise<VerifyReport>;
  /** The person's own captions, favourites, folders and settings as lines of JSON. */
  ownData(): Promise<string>;
  /**
   * Puts a copy (the newest sound backup where `from` is null) in the library's place; the replaced file is kept. Calls of other methods fail meanwhile.
   * @throws AppError `library/not-found` where it is no sound copy: the library is as it was then.
   */
  restore(input: { now: number; from: string | null }): Promise<{ restored: RestorationView | null }>;
  /** How the library is looked after. `restored` is the last time a copy took its place. */
  care(): Promise<{ restored: RestorationView | null; backups: number; lastBackupAt: number | null }>;
  close(): Promise<void>;
}
