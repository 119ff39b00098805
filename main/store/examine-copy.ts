// Proves a copy of a library and writes down what it proved; the copy becomes one file that needs no other. Its own thread, or the library thread.
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { flushFileSync, hashFileSync } from '../platform/durable-file.ts';
import { checkLibrary, findings, rowCounts } from './check-library.ts';
import { latestVersion } from './migrate.ts';
import { librarySteps } from './migrations/steps.ts';
import { openForWriting, schemaVersion } from './open-database.ts';
import { readOwnData, toLines } from './own-data.ts';
import { knowRowSum } from './row-sums.ts';
import { isOfFullDisk } from './store-error.ts';

/** What is true of a sound copy. */
export interface Proof {
  readonly version: number;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly rows: Readonly<Record<string, number>>;
}

export type Examined =
  | { readonly sound: true; readonly proof: Proof }
  | {
      readonly sound: false;
      /** `rows`: it can be opened and all of it read, but some of its rows are not what was written. */
      readonly kind: 'structure' | 'rows';
      readonly finding: string;
    };

/** @param wordsFile gets the person's own data as lines of JSON, where the copy is new enough to have all of it and one is asked for. */
export function examineCopy(file: string, wordsFile: string | null): Examined {
  try {
    const looked = look(file, wordsFile);
    if ('finding' in looked) return { sound: false, ...looked };
    const { version, rows } = looked;
    // The log of a copy that was opened is empty by now; what is left of its files would be taken for another database's.
    for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true });
    flushFileSync(file);
    return { sound: true, proof: { version, rows, sizeBytes: statSync(file).size, sha256: hashFileSync(file) } };
  } catch (error) {
    // A full disk says nothing of the copy.
    if (isOfFullDisk(error, file)) throw error;
    return { sound: false, kind: 'structure', finding: error instanceof Error ? error.message : String(error) };
  }
}

type Looked = Pick<Proof, 'version' | 'rows'> | { readonly kind: 'structure' | 'rows'; readonly finding: string };

function look(file: string, wordsFile: string | null): Looked {
  const db = openForWriting(file, latestVersion(librarySteps));
  try {
    knowRowSum(db);
    const check = checkLibrary(db);
    const found = findings(check);
    if (found.length > 0)
      return { kind: check.structure.length > 0 ? 'structure' : 'rows', finding: found.slice(0, mostTold).join('\n') };
    const version = schemaVersion(db);
    if (wordsFile !== null && version >= firstWithSettings) {
      writeFileSync(wordsFile, toLines(readOwnData(db)));
      flushFileSync(wordsFile);
    }
    const rows = rowCounts(db);
    db.pragma('journal_mode = DELETE');
    return { version, rows };
  } finally {
    db.close();
  }
}

const mostTold = 20;

/** The first format that holds all of a person's own data. */
const firstWithSettings = 70;

/** The proof as it lies beside a copy. */
export interface Note extends Proof {
  readonly format: 1;
  /** Epoch milliseconds. */
  readonly takenAt: number;
}

export function toNote(proof: Proof, takenAt: number): string {
  return `${JSON.stringify({ format: 1, takenAt, ...proof } satisfies Note)}\n`;
}

/** Null where there is none that can be read. */
export function readNote(file: string): Note | null {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8')) as Partial<Note> | null;
    const numbers = [note?.takenAt, note?.version, note?.sizeBytes];
    const isWhole = note?.format === 1 && typeof note.sha256 === 'string' && numbers.every(Number.isFinite);
    return isWhole ? (note as Note) : null;
  } catch {
    return null;
  }
}

/** The same behind a thread's boundary. */
export interface CopyExaminer {
  examine(input: { readonly file: string; readonly wordsFile: string | null }): Promise<Examined>;
}

export const copyExaminer: CopyExaminer = {
  examine: async ({ file, wordsFile }) => examineCopy(file, wordsFile),
};
