// What goes into a library and comes out of it, as plain data. Types only; library thread and shell process.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import type { FolderRoot } from '../platform/folder-root.ts';

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
  /** It could not be reached when it was last looked for, by whichever program. */
  readonly isOffline: boolean;
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

/** Where a photo was taken, degrees. */
export interface PhotoPoint {
  readonly photoId: number;
  readonly latitude: number;
  readonly longitude: number;
}

/** A place of the gazetteer: `country` ISO 3166-1 alpha-2, `region` GeoNames admin1 as `FR.11`. */
export interface PlaceNames {
  readonly country: string;
  readonly region: string | null;
  readonly city: string | null;
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

/** A text of a photo and the characters [from, to) of it that matched, UTF-16. */
export interface MatchedText {
  /** `own` a caption of the person, `generated` one of a model, `tags` title, description or a keyword, `names` words of its file's and folders' names. */
  readonly source: 'own' | 'generated' | 'tags' | 'names';
  readonly text: string;
  readonly spans: readonly (readonly [from: number, to: number])[];
}

/** Texts without a matching word are left out; the score is 0 where there are none. */
export interface WordMatches {
  readonly score: number;
  readonly texts: readonly MatchedText[];
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
  readonly folders: readonly (Omit<FolderRow, 'isOffline'> & { readonly files: number; readonly missing: number })[];
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
