// How a library is looked after, as services see it: backups, checks, restorations. Types only; library thread and shell process.
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

/** A part of `LibraryDb`. */
export interface LibraryCare {
  /**
   * Makes a proven backup where a day has passed since the last one, or in any case (`force`). Answers null where none was due. Other calls are answered
   * meanwhile. @throws AppError `store/corrupt` where the library is damaged: no backup is kept then and none removed; `store/disk-full` without room.
   */
  backUp(input: { now: number; force: boolean }): Promise<{ taken: BackupView | null }>;
  /** Looks at every row, vector and thumbnail, and mends what is damaged. Takes seconds in a large library, during which nothing else is answered. */
  verify(input: { now: number }): Promise<VerifyReport>;
  /** The person's own captions, favourites, folders, settings and ignored failures as lines of JSON. */
  ownData(): Promise<string>;
  /**
   * Puts a copy (the newest sound backup where `from` is null) in the library's place; the replaced file is kept. Calls of other methods fail meanwhile.
   * @throws AppError `library/not-found` where it is no sound copy: the library is as it was then.
   */
  restore(input: { now: number; from: string | null }): Promise<{ restored: RestorationView | null }>;
  /** How the library is looked after. `restored` is the last time a copy took its place. */
  care(): Promise<{ restored: RestorationView | null; backups: number; lastBackupAt: number | null }>;
}
