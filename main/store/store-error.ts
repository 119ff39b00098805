// Turns what SQLite and the file system raise into the store's own errors, once, with a line a person can act on. Library thread and search process.
import { statfsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';

/** Below this much free space an I/O error is taken for a full disk: SQLite reports some of those as plain I/O errors. */
const fullDiskBytes = 1_000_000;

/** @param file the database that was being used; named in the message, and its disk is looked at. */
export function toStoreError(error: unknown, file: string): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  const folder = path.dirname(file);
  const cause = { cause: error };
  if (isDiskFull(code, folder)) {
    return new AppError(
      'store/disk-full',
      `The disk that holds the library ${folder} is full: free some space, then try again. Nothing that was stored is lost.`,
      cause,
    );
  }
  if (isHalfWritten(error)) {
    return new AppError(
      'store/busy',
      `The library ${folder} was left half written when Photoseek or the computer stopped: start Photoseek, or run "add" once, which puts it in order. Nothing that was stored is lost.`,
      cause,
    );
  }
  if (isReadOnly(code)) {
    return new AppError(
      'store/read-only',
      `The library folder ${folder} cannot be written: give yourself write permission to it, or choose another place with --library.`,
      cause,
    );
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) return corrupt(file, cause);
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return new AppError('store/busy', `Another program holds the library ${folder}: close it, or try again.`, cause);
  }
  return new AppError('store/failed', `The library ${folder} failed (${textOf(error)}): try again.`, cause);
}

/** True where the error says nothing of the file but that its disk is full. */
export function isOfFullDisk(error: unknown, file: string): boolean {
  return toStoreError(error, file).code === 'store/disk-full';
}

/** True where a change that was cut short must be rolled back first, which a connection that only reads cannot do. */
export function isHalfWritten(error: unknown): boolean {
  const first = error instanceof AppError ? error.cause : error;
  return codeOf(first) === 'SQLITE_READONLY_ROLLBACK';
}

/** The error of a damaged database file. */
export function corrupt(file: string, options?: { cause?: unknown }): AppError {
  return new AppError(
    'store/corrupt',
    `The library file ${file} is damaged: close Photoseek and start it again, or run "photoseek verify". It then puts the newest backup in its place and keeps the damaged file.`,
    options,
  );
}

function isDiskFull(code: string, folder: string): boolean {
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE' || code === 'ENOSPC' || code === 'EDQUOT') return true;
  return code.startsWith('SQLITE_IOERR') && freeBytes(folder) < fullDiskBytes;
}

function isReadOnly(code: string): boolean {
  // A write-ahead log cannot be opened on a read-only volume: SQLite says CANTOPEN, not READONLY.
  return ['SQLITE_READONLY', 'SQLITE_CANTOPEN', 'SQLITE_PERM', 'EACCES', 'EROFS', 'EPERM'].some((prefix) =>
    code.startsWith(prefix),
  );
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // The folder is gone: space is not what is missing.
    return Number.POSITIVE_INFINITY;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
