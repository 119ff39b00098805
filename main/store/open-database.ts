// The one place that opens SQLite files, so that every connection has the settings our promises rest on. Library thread and search process.
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { AppError } from '../platform/app-error.ts';
import { corrupt, isHalfWritten, toStoreError } from './store-error.ts';

declare const readable: unique symbol;
declare const writable: unique symbol;

/** A connection with our settings; it may be one that cannot write. */
export type ReadDb = Database.Database & { readonly [readable]: true };
/** A connection with our settings that can write. */
export type WriteDb = ReadDb & { readonly [writable]: true };

/** Older ones lose commits in a race of two connections over the write-ahead log (the WAL-reset bug). */
const oldestSqlite = [3, 51, 3] as const;

/** How long a connection waits for another one's lock. */
const busyTimeoutMs = 5_000;

/** 2 KB vectors fill pages of 16 KB to 94 %, those of 4 KB to 50 %; reading and writing them is twice as fast. */
const pageSizeBytes = 16_384;

/** Most bytes the write-ahead log keeps on disk between checkpoints. */
const logSizeLimitBytes = 64 * 1024 * 1024;

/**
 * Opens a database for writing, creating it where missing. A file of a version above `latestVersion` is refused before anything is written to it.
 * Throws `store/*`.
 */
export function openForWriting(file: string, latestVersion: number): WriteDb {
  return converting(file, () => {
    if (existsSync(file)) refuseNewer(file, latestVersion);
    const db = new Database(file, { timeout: busyTimeoutMs });
    return closingOnError(db, () => {
      requireSqlite(db);
      // Once more: a file whose creation was cut short is rolled back by this connection, and could not be looked at before.
      if (schemaVersion(db as ReadDb) > latestVersion) throw newerThanApp(schemaVersion(db as ReadDb), latestVersion);
      // The page size holds for a new file only, and must come before the first write.
      db.pragma(`page_size = ${pageSizeBytes}`);
      db.pragma('journal_mode = WAL');
      // better-sqlite3 builds SQLite so that a database already in WAL mode opens with NORMAL, which loses commits in a power cut.
      db.pragma('synchronous = FULL');
      if (process.platform === 'darwin') {
        db.pragma('fullfsync = ON');
        db.pragma('checkpoint_fullfsync = ON');
      }
      db.pragma(`journal_size_limit = ${logSizeLimitBytes}`);
      guardSettings(db);
      return db as WriteDb;
    });
  });
}

/** Opens an existing database for reading only. Throws `store/*`; the schema's version is the caller's check. */
export function openForReading(file: string): ReadDb {
  return converting(file, () => {
    const db = new Database(file, { readonly: true, fileMustExist: true, timeout: busyTimeoutMs });
    return closingOnError(db, () => {
      requireSqlite(db);
      guardSettings(db);
      db.pragma('synchronous = FULL');
      db.pragma('query_only = ON');
      return db as ReadDb;
    });
  });
}

/**
 * Takes the exclusive lock of a file and holds it until the returned function is called or the process dies, however it dies.
 * Returns null where someone else holds it.
 */
export function lockExclusively(file: string): (() => void) | null {
  return converting(file, () => {
    // Not zero: of two at once, the winner needs a moment for the loser's shared lock to go.
    const db = new Database(file, { timeout: 250 });
    try {
      db.pragma('locking_mode = EXCLUSIVE');
      db.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      db.close();
      if ((error as { code?: unknown }).code === 'SQLITE_BUSY') return null;
      throw error;
    }
    return () => db.close();
  });
}

/** Runs a body of writes as one IMMEDIATE transaction: a deferred one fails at its first write when another connection wrote meanwhile. */
export function writing<T>(db: WriteDb, body: () => T): T {
  return db.transaction(body).immediate();
}

/** Runs several reads over one state of the database. */
export function reading<T>(db: ReadDb, body: () => T): T {
  return db.transaction(body).deferred();
}

/** The schema version a database is at. */
export function schemaVersion(db: ReadDb): number {
  return db.pragma('user_version', { simple: true }) as number;
}

/** Checks the structure of the whole file, as is due after a process ended without closing it. Throws `store/corrupt`. */
export function requireSound(db: ReadDb): void {
  converting(db.name, () => {
    const verdict = quickCheck(db);
    if (verdict !== 'ok') throw corrupt(db.name, { cause: new Error(verdict) });
  });
}

/** The first finding of SQLite's quick check, or `ok`. */
export function quickCheck(db: ReadDb): string {
  return String(db.pragma('quick_check(1)', { simple: true }));
}

/** The error for a database that a later version of the program wrote. */
export function newerThanApp(version: number, latestVersion: number): AppError {
  return new AppError(
    'store/newer-than-app',
    `This library was written by a newer Photoseek (format ${version}; this one knows ${latestVersion}): use that version, or choose another library with --library. Nothing was changed.`,
  );
}

/** Looked at through a connection that cannot write: closing a writing one could already move the log into the file. */
function refuseNewer(file: string, latestVersion: number): void {
  const db = new Database(file, { readonly: true, timeout: busyTimeoutMs });
  try {
    const version = schemaVersion(db as ReadDb);
    if (version > latestVersion) throw newerThanApp(version, latestVersion);
  } catch (error) {
    // A file that a power cut met while it was being created: nothing can be read of it before a writing connection has rolled it back.
    if (!isHalfWritten(error)) throw error;
  } finally {
    db.close();
  }
}

function guardSettings(db: Database.Database): void {
  db.pragma('foreign_keys = ON');
  // A schema is data too: one from a hostile file must not call functions with side effects.
  db.pragma('trusted_schema = OFF');
  db.pragma('cell_size_check = ON');
  db.pragma('cache_size = -32000');
  // Opening is lazy: this first read meets a file that is no database.
  db.pragma('schema_version');
}

function requireSqlite(db: Database.Database): void {
  const version = db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? '0';
  const parts = version.split('.').map(Number);
  for (const [index, oldest] of oldestSqlite.entries()) {
    const part = parts[index] ?? 0;
    if (part > oldest) return;
    if (part < oldest) throw new AppError('store/failed', `SQLite ${version} is too old: install Photoseek again.`);
  }
}

function closingOnError<T>(db: Database.Database, body: () => T): T {
  try {
    return body();
  } catch (error) {
    db.close();
    throw error;
  }
}

function converting<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw toStoreError(error, file);
  }
}
