// Statements about copies that took a library's place. Library thread.
import type { ReadDb } from '../open-database.ts';

/** Where replaced files are kept. */
export const asideFolders = { damaged: 'damaged', replaced: 'replaced' } as const;

export interface Restoration {
  /** Epoch milliseconds. */
  readonly restoredAt: number;
  /** Name of the copy; null where there was none, and the library began anew. */
  readonly backup: string | null;
  /** When the copy was made; null where that is not known. */
  readonly backupAt: number | null;
  /** Where the file that it replaced is kept, relative to the library's folder. */
  readonly aside: string | null;
  /** Photos whose own captions or mark were taken over from the damaged file. */
  readonly wordsKept: number;
  /** All that the person had written could be read in the damaged file. */
  readonly isWhole: boolean;
}

/** One that is stored. */
export interface StoredRestoration extends Restoration {
  /** The person asked for the copy, and it holds what it held: nothing written since was looked for. */
  readonly wasAsked: boolean;
}

export function restorationStatements(db: ReadDb) {
  const insert = db.prepare(
    `INSERT INTO restorations (restored_at, backup, backup_at, aside, words_kept, words_lost)
     VALUES (:restoredAt, :backup, :backupAt, :aside, :wordsKept, :wordsLost)`,
  );
  const last = db.prepare<[], Omit<Restoration, 'isWhole'> & { wordsLost: number }>(
    `SELECT restored_at AS restoredAt, backup, backup_at AS backupAt, aside, words_kept AS wordsKept, words_lost AS wordsLost
     FROM restorations ORDER BY id DESC LIMIT 1`,
  );
  return {
    note({ isWhole, ...restoration }: Restoration): void {
      insert.run({ ...restoration, wordsLost: isWhole ? 0 : 1 });
    },
    last(): StoredRestoration | null {
      const row = last.get();
      if (!row) return null;
      const { wordsLost, ...restoration } = row;
      const isWhole = wordsLost === 0;
      // A damaged file whose words could all be read is kept under a name that says what it was.
      const wasAsked = isWhole && restoration.aside?.startsWith(asideFolders.damaged) !== true;
      return { ...restoration, isWhole, wasAsked };
    },
  };
}
