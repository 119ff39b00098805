// Looks whether a library's database is what was written: structure, schema, references, words, rows, vectors. Library thread, and the thread that checks backups.
import { librarySteps } from './migrations/steps.ts';
import { openForWriting, type ReadDb, schemaVersion, type WriteDb } from './open-database.ts';
import { damagedRows, hasRowSums, type RowDamage } from './row-sums.ts';
import { isOfFullDisk } from './store-error.ts';
import { checksum } from './vector-blob.ts';

export interface LibraryCheck {
  /** Findings that no single row can be blamed for: damaged pages, another schema. */
  readonly structure: readonly string[];
  /** Rows that refer to rows that are not there. */
  readonly references: readonly string[];
  readonly rows: readonly RowDamage[];
  /** Vectors that fail their own checksum. */
  readonly vectors: readonly { readonly photoId: number; readonly spaceId: number }[];
  /** What the full-text index says of itself, else null. */
  readonly words: string | null;
}

/** So many findings of a kind are named. */
const mostFindings = 1_000;
/** Formats that first had them. */
const firstWithWords = 20;
const firstWithVectors = 30;

/**
 * @param db knows `row_sum`; it can write because the full-text index is asked by a statement that looks like writing.
 * @param expected remembers, where many copies are checked, what a format's schema is
 */
export function checkLibrary(db: WriteDb, expected = expectedSchema): LibraryCheck {
  const structure: string[] = [];
  const guarded = <T>(none: T, look: () => T): T => {
    try {
      return look();
    } catch (error) {
      if (isOfFullDisk(error, db.name)) throw error;
      structure.push(error instanceof Error ? error.message : String(error));
      return none;
    }
  };
  guarded(undefined, () => void structure.push(...pagesOf(db), ...schemaOf(db, expected)));
  return {
    structure,
    references: guarded([], () => referencesOf(db)),
    rows: guarded([], () => (hasRowSums(db) ? damagedRows(db, mostFindings) : [])),
    vectors: guarded([], () => (schemaVersion(db) < firstWithVectors ? [] : vectorsOf(db))),
    words: wordsOf(db),
  };
}

export function isSound(check: LibraryCheck): boolean {
  return findings(check).length === 0;
}

/** One line for each finding, for a person who asks what is wrong. */
export function findings({ structure, references, rows, vectors, words }: LibraryCheck): string[] {
  return [
    ...structure.map((finding) => `the database's structure is damaged: ${finding}`),
    ...references,
    ...rows.map(({ table, key, what }) => `a row of ${table} (${String(key)}) ${rowWords[what]}`),
    ...vectors.map(({ photoId }) => `a vector of photo ${photoId} is damaged`),
    ...(words === null ? [] : [`the index of words is damaged: ${words}`]),
  ];
}

const rowWords = {
  changed: 'is not what was written',
  unknown: 'was not written by Photoseek',
  lost: 'is gone',
} as const;

/** Rows of each table. */
export function rowCounts(db: ReadDb): Record<string, number> {
  const names = db
    .prepare<[], string>("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 1")
    .pluck()
    .all();
  return Object.fromEntries(
    names.map((name) => [name, Number(db.prepare(`SELECT count(*) FROM ${name}`).pluck().get())]),
  );
}

function pagesOf(db: ReadDb): string[] {
  const rows = db.pragma(`integrity_check(${mostFindings})`) as { integrity_check: string }[];
  return rows.map((row) => row.integrity_check).filter((line) => line !== 'ok');
}

/** The schema is data too, and the page check takes it as it is. */
function schemaOf(db: ReadDb, expected: typeof expectedSchema): string[] {
  const version = schemaVersion(db);
  if (version > 0 && !librarySteps.some((step) => step.version === version)) return [`there is no format ${version}`];
  const wanted = expected(version);
  const found = schemaRows(db);
  const names = new Set([...wanted.keys(), ...found.keys()]);
  return [...names].filter((name) => wanted.get(name) !== found.get(name)).map((name) => `${name} has another form`);
}

/** The schema of a format, made by its steps. */
export function expectedSchema(version: number): ReadonlyMap<string, string> {
  const fresh = openForWriting(':memory:', version);
  try {
    for (const step of librarySteps) if (step.version <= version) fresh.exec(step.sql);
    return schemaRows(fresh);
  } finally {
    fresh.close();
  }
}

function schemaRows(db: ReadDb): Map<string, string> {
  const rows = db
    .prepare<[], { place: string; sql: string }>(
      "SELECT type || ' ' || name || ' of ' || tbl_name AS place, coalesce(sql, '') AS sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'",
    )
    .all();
  return new Map(rows.map(({ place, sql }) => [place, sql]));
}

function referencesOf(db: ReadDb): string[] {
  const rows = db.pragma('foreign_key_check') as { table: string; rowid: number | null; parent: string }[];
  return rows
    .slice(0, mostFindings)
    .map(({ table, rowid, parent }) => `row ${rowid ?? ''} of ${table} refers to a row of ${parent} that is not there`);
}

function vectorsOf(db: ReadDb): { photoId: number; spaceId: number }[] {
  const rows = db
    .prepare<[], { photoId: number; spaceId: number; crc: number; data: Buffer; dim: number | null }>(
      `SELECT v.photo_id AS photoId, v.space_id AS spaceId, v.crc, v.data, s.dim
       FROM vectors v LEFT JOIN vector_spaces s ON s.id = v.space_id`,
    )
    .iterate();
  const damaged: { photoId: number; spaceId: number }[] = [];
  for (const { photoId, spaceId, crc, data, dim } of rows) {
    if (data.length === (dim ?? 0) * 4 && checksum(data) === crc) continue;
    damaged.push({ photoId, spaceId });
    if (damaged.length === mostFindings) break;
  }
  return damaged;
}

function wordsOf(db: WriteDb): string | null {
  try {
    if (schemaVersion(db) < firstWithWords) return null;
    // The rank makes it compare the index with the texts it is of.
    db.exec("INSERT INTO document_words (document_words, rank) VALUES ('integrity-check', 1)");
    return null;
  } catch (error) {
    if (isOfFullDisk(error, db.name)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
