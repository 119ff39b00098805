// Opens the files of a library folder: its lock, the database, the thumbnails; creates them where missing. Library thread.
import { randomUUID } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { hashFileSync, renameDurablySync, writeDurablySync } from '../platform/durable-file.ts';
import { listBackups, takeFormatBackup } from './backups.ts';
import { checkLibrary } from './check-library.ts';
import { examineCopy } from './examine-copy.ts';
import { latestVersion, type Migration, migrate } from './migrate.ts';
import { librarySteps, thumbnailSteps } from './migrations/steps.ts';
import {
  lockExclusively,
  newerThanApp,
  openForReading,
  openForWriting,
  type ReadDb,
  requireSound,
  schemaVersion,
  type WriteDb,
  writing,
} from './open-database.ts';
import { asideName, finishRestoration, type RestoreRequest, restoreLibrary } from './restore-library.ts';
import { keepRowSums, knowRowSum } from './row-sums.ts';
import { jobStatements } from './statements/jobs.ts';
import { libraryStatements } from './statements/library.ts';
import { photoStatements } from './statements/photos.ts';
import { thumbnailStatements } from './statements/thumbnails.ts';
import { corrupt, isHalfWritten, toStoreError } from './store-error.ts';

/** The open files of a library that this process owns. */
export interface OwnedFiles {
  readonly mode: 'owner';
  readonly library: WriteDb;
  readonly thumbnails: WriteDb;
  close(now: number): void;
  /**
   * Closes the files, puts a copy in the library's place and opens it, all under the one lock. Where there is no such copy the old files are opened again:
   * `error` says why. Where even that fails it throws, and everything is closed.
   */
  swap(request: Omit<RestoreRequest, 'folder'>): Promise<{ files: OwnedFiles; error: unknown }>;
}

/** The open files of a library that another process may own. */
export interface ReadFiles {
  readonly mode: 'reader';
  readonly library: ReadDb;
  /** Null where the thumbnails are missing. */
  readonly thumbnails: ReadDb | null;
  close(now: number): void;
}

/** How often and how long a reader waits for an owner that is just creating or upgrading the library. */
const readerTries = 40;
const readerWaitMs = 50;

/**
 * Opens a library, creating the folder and the files where missing, as its owner, or as a reader where another process owns it.
 * Throws `store/*`, or `fs/not-a-folder`.
 */
export async function openToWrite(folder: string, now: number): Promise<OwnedFiles | ReadFiles> {
  createFolder(folder);
  const release = lockExclusively(path.join(folder, 'owner.db'));
  if (!release) return openToRead(folder);
  return ownFiles(folder, now, release);
}

async function ownFiles(folder: string, now: number, release: () => void): Promise<OwnedFiles> {
  const opened: { close(): void }[] = [];
  try {
    const library = await openOwned(folder, now, opened);
    const thumbnails = await openThumbnails(folder, library);
    opened.push(thumbnails);
    const closeFiles = (closedAt: number): void => {
      try {
        libraryStatements(library).markClosed(closedAt);
      } finally {
        closeAll(opened);
      }
    };
    return {
      mode: 'owner',
      library,
      thumbnails,
      close(closedAt) {
        try {
          closeFiles(closedAt);
        } finally {
          release();
        }
      },
      async swap(request) {
        let error: unknown;
        try {
          // A damaged library may not even take the note that it is closed.
          request.isDamaged ? closeAll(opened) : closeFiles(request.now);
          await restoreLibrary({ ...request, folder });
        } catch (failure) {
          error = failure;
        }
        return { files: await ownFiles(folder, request.now, release), error };
      },
    };
  } catch (error) {
    closeAll(opened);
    release();
    throw toStoreError(error, path.join(folder, 'library.db'));
  }
}

/** Opens an existing library without changing it. Throws `library/not-found` where there is none, else `store/*`. */
export async function openToRead(folder: string): Promise<ReadFiles> {
  const library = await openReadable(folder);
  const thumbnails = openReadableThumbnails(folder);
  return {
    mode: 'reader',
    library,
    thumbnails,
    close() {
      library.close();
      thumbnails?.close();
    },
  };
}

/** A damaged library is kept aside, and the newest sound backup takes its place: whoever opens it finds a library that works. */
async function openOwned(folder: string, now: number, opened: { close(): void }[]): Promise<WriteDb> {
  finishRestoration(folder);
  const file = path.join(folder, 'library.db');
  try {
    return await lookingAgain(file, () => {
      closeAll(opened.splice(0));
      return openSound(folder, now, opened);
    });
  } catch (error) {
    if (toStoreError(error, file).code !== 'store/corrupt') throw error;
    closeAll(opened.splice(0));
    if (listBackups(folder).length === 0) requireReadable(file);
    await restoreLibrary({ folder, now, isDamaged: true });
    return openSound(folder, now, opened);
  } finally {
    rmSync(path.join(folder, suspected), { force: true });
  }
}

/** How often and how far apart a file is opened before it counts as damaged. */
const looks = 3;
const lookAgainMs = 100;

/** SQLite calls a file damaged, too, whose disk failed to read once: only one that is so each time is put away. */
async function lookingAgain<T>(file: string, open: () => Promise<T>): Promise<T> {
  for (let look = 1; ; look++) {
    try {
      return await open();
    } catch (error) {
      if (look === looks || toStoreError(error, file).code !== 'store/corrupt') throw error;
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
  }
}

/** Where a disk does not give a library back there is nothing to save from it and, without a backup, nothing to put in its place. Throws `store/failed`. */
function requireReadable(file: string): void {
  try {
    for (const suffix of ['', '-wal']) if (existsSync(file + suffix)) hashFileSync(file + suffix);
  } catch (error) {
    throw new AppError(
      'store/failed',
      `The disk does not give back all of the library ${path.dirname(file)}: check the disk and its cable, then start Photoseek again. Nothing was changed.`,
      { cause: error },
    );
  }
}

async function openSound(folder: string, now: number, opened: { close(): void }[]): Promise<WriteDb> {
  const file = path.join(folder, 'library.db');
  const isLost = (!existsSync(file) || statSync(file).size === 0) && listBackups(folder).length > 0;
  if (isLost) throw corrupt(file);
  const library = openForWriting(file, latestVersion(librarySteps));
  opened.push(library);
  // The first step makes the table that says how the last owner ended.
  const isNew = schemaVersion(library) === 0;
  if (!isNew && libraryStatements(library).wasLeftOpen()) requireSound(library);
  if (!isNew && existsSync(path.join(folder, suspected))) requireWhole(library);
  await migrate(library, librarySteps, (from) => backUpFormat(library, folder, from, now));
  keepRowSums(library);
  const statements = libraryStatements(library);
  writing(library, () => {
    statements.found(randomUUID(), now);
    statements.markOpen();
  });
  return library;
}

/** Its presence says that a statement met damage: the next opening looks at everything. */
const suspected = 'damage-suspected';

/** Notes that a statement met damage, for the next opening. */
export function suspectDamage(folder: string): void {
  try {
    writeFileSync(path.join(folder, suspected), '');
  } catch {
    // A disk that cannot take even this will be found out by the next statement, too.
  }
}

function requireWhole(library: WriteDb): void {
  knowRowSum(library);
  const [finding] = checkLibrary(library).structure;
  if (finding !== undefined) throw corrupt(library.name, { cause: new Error(finding) });
}

async function backUpFormat(library: WriteDb, folder: string, fromVersion: number, now: number): Promise<void> {
  const examine = async (file: string, words: string | null) => examineCopy(file, words);
  await takeFormatBackup(library, folder, fromVersion, now, examine, (copy, finding) =>
    keepUnproven(folder, copy, finding),
  );
}

/** After the step each row counts as what it is then: what was found is written down beside the bytes that it was found in. */
function keepUnproven(folder: string, copy: string, finding: string): void {
  const kept = path.join(folder, asideName(folder, true));
  writeDurablySync(kept.replace(/\.db$/, '.txt'), `${finding}\n`);
  renameDurablySync(copy, kept);
}

/**
 * Thumbnails are derived: a file that is damaged, of another library or of a later version is thrown away. Where the file was missing, `look`
 * becomes work to do for every photo, which makes the thumbnails anew.
 */
async function openThumbnails(folder: string, library: WriteDb): Promise<WriteDb> {
  const file = path.join(folder, 'thumbnails.db');
  const uid = libraryStatements(library).uid();
  const old = existsSync(file) ? await tryThumbnails(file, uid) : null;
  if (old) return old;
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  const fresh = await openMigrated(file, thumbnailSteps);
  try {
    writing(library, () => {
      jobStatements(library).lookAtAllAgain();
      photoStatements(library).forgetThumbnails();
    });
    // Last: where the line above did not happen, the file is thrown away again next time.
    thumbnailStatements(fresh).setLibraryUid(uid);
  } catch (error) {
    fresh.close();
    throw error;
  }
  return fresh;
}

async function tryThumbnails(file: string, uid: string): Promise<WriteDb | null> {
  try {
    const db = await lookingAgain(file, () => openMigrated(file, thumbnailSteps));
    if (thumbnailStatements(db).libraryUid() === uid) return db;
    db.close();
  } catch (error) {
    const { code } = toStoreError(error, file);
    if (code !== 'store/corrupt' && code !== 'store/newer-than-app') throw error;
  }
  return null;
}

async function openMigrated(file: string, steps: readonly Migration[]): Promise<WriteDb> {
  const db = openForWriting(file, latestVersion(steps));
  try {
    // What can be made anew needs no backup.
    await migrate(db, steps, async () => undefined);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

async function openReadable(folder: string): Promise<ReadDb> {
  const file = path.join(folder, 'library.db');
  const latest = latestVersion(librarySteps);
  for (let tries = readerTries; ; tries--) {
    const isOwned = existsSync(path.join(folder, 'owner.db'));
    if (existsSync(file)) {
      // Its owner may be putting it in order just now.
      const library = openUnlessHalfWritten(file, tries > 0 && isOwned);
      const version = library ? schemaVersion(library) : 0;
      if (library && version === latest) return library;
      library?.close();
      if (version > latest) throw newerThanApp(version, latest);
    } else if (!isOwned) {
      throw new AppError('library/not-found', `There is no library in ${folder}: add a folder of photos first.`);
    }
    if (tries === 0) {
      throw new AppError(
        'store/busy',
        `The library ${folder} is being created or brought up to date by another Photoseek: try again in a moment, or run "add" once.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, readerWaitMs));
  }
}

/** Null for a file that was left half written, where that is `expected`. */
function openUnlessHalfWritten(file: string, expected: boolean): ReadDb | null {
  try {
    return openForReading(file);
  } catch (error) {
    if (expected && isHalfWritten(error)) return null;
    throw error;
  }
}

function openReadableThumbnails(folder: string): ReadDb | null {
  const file = path.join(folder, 'thumbnails.db');
  if (!existsSync(file)) return null;
  try {
    const db = openForReading(file);
    if (schemaVersion(db) === latestVersion(thumbnailSteps)) return db;
    db.close();
  } catch (error) {
    // Nothing here is worth refusing a search for; the owner makes a damaged file anew, and puts one in order that was left half written.
    if (!isHalfWritten(error) && toStoreError(error, file).code !== 'store/corrupt') throw error;
  }
  return null;
}

function createFolder(folder: string): void {
  try {
    // Making a folder on a read-only volume fails with a misleading ENOENT; asking for the right to write gets the true reason.
    if (!existsSync(folder)) accessSync(nearestExisting(folder), constants.W_OK);
    mkdirSync(folder, { recursive: true });
    if (statSync(folder).isDirectory()) return;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw toStoreError(error, path.join(folder, 'library.db'));
  }
  throw new AppError('fs/not-a-folder', `${folder} is a file, or lies below one: name a folder with --library.`);
}

function nearestExisting(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(parent) || parent === folder ? parent : nearestExisting(parent);
}

function closeAll(opened: readonly { close(): void }[]): void {
  for (const db of [...opened].reverse()) db.close();
}
