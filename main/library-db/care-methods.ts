// The part of a library that looks after itself: backups, a look at everything with repairs, the person's own data as text, restoring. Library thread.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashFileSync } from '../platform/durable-file.ts';
import { type Examine, isBackupDue, listBackups, noteOf, takeBackup } from '../store/backups.ts';
import { checkLibrary, findings, isSound, type LibraryCheck } from '../store/check-library.ts';
import { readNote } from '../store/examine-copy.ts';
import { openForReading, type ReadDb, reading, schemaVersion, writing } from '../store/open-database.ts';
import { readOwnData, toLines } from '../store/own-data.ts';
import { repairIndexes, repairRows } from '../store/repair-library.ts';
import type { RestoreRequest } from '../store/restore-library.ts';
import { knowRowSum } from '../store/row-sums.ts';
import { libraryStatements } from '../store/statements/library.ts';
import { restorationStatements } from '../store/statements/restorations.ts';
import { checkSideFiles } from '../vectors/side-index/check-side-files.ts';
import type { VerifyReport } from './library-care.ts';
import type { LibraryDb } from './library-db.ts';
import { type OpenStore, refreshWords } from './open-store.ts';

export type CareMethod = 'backUp' | 'verify' | 'ownData' | 'restore' | 'care';
export type CareMethods = Pick<LibraryDb, CareMethod>;

export interface CareParts {
  readonly folder: string;
  /** Another one after each restoration. */
  store(): OpenStore;
  /** Closes the library, puts a copy in its place, and opens it again. */
  swap(request: Omit<RestoreRequest, 'folder'>): Promise<void>;
  readonly examine: Examine;
}

export function careMethods(parts: CareParts): CareMethods {
  const { folder } = parts;
  const last = () => restorationStatements(parts.store().library).last();
  let underWay: Promise<unknown> = Promise.resolve();
  /** One after the other: a backup of what is being restored would be of neither. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = underWay.then(work);
    underWay = turn.catch(() => undefined);
    return turn;
  }
  return {
    backUp: ({ now, force }) =>
      alone(async () => {
        const { library } = parts.store();
        if (!force && (isEmpty(library) || !isBackupDue(listBackups(folder), now))) return { taken: null };
        const { file, takenAt, sizeBytes } = await takeBackup(library, folder, now, parts.examine);
        return { taken: { file, takenAt, sizeBytes } };
      }),
    verify: ({ now }) => alone(() => verify(parts, now)),
    ownData: async () => reading(parts.store().library, () => toLines(readOwnData(parts.store().library))),
    restore: ({ now, from }) =>
      alone(async () => {
        await parts.swap({ now, isDamaged: false, ...(from === null ? {} : { from }) });
        return { restored: last() };
      }),
    care: async () => {
      const backups = listBackups(folder);
      return { restored: last(), backups: backups.length, lastBackupAt: backups[0]?.takenAt ?? null };
    },
  };
}

/** A library that nobody put anything into is not worth a copy. */
function isEmpty(library: ReadDb): boolean {
  return library.prepare('SELECT 1 FROM folders UNION ALL SELECT 1 FROM settings LIMIT 1').get() === undefined;
}

async function verify(parts: CareParts, now: number): Promise<VerifyReport> {
  const repaired: string[] = [];
  const lost: string[] = [];
  const found = checkLibrary(parts.store().library);
  const problems = findings(found);
  const left = await mend(parts, now, found, repaired, lost);
  const thumbnails = mendThumbnails(parts.store());
  if (thumbnails.damaged > 0) {
    problems.push(`${thumbnails.damaged} thumbnails are damaged`);
    repaired.push(`${thumbnails.damaged} thumbnails were dropped, and are made again`);
  }
  const search = await checkSideFiles(path.join(parts.folder, 'cache', 'vectors'), { remove: true });
  for (const damaged of search.damaged) problems.push(`a file that makes searching quick is damaged (${damaged})`);
  if (search.damaged.length > 0) repaired.push('those files were dropped, and are made again while Photoseek is open');
  const { library } = parts.store();
  const number = (sql: string): number => Number(library.prepare(sql).pluck().get());
  return {
    checked: {
      rows: number('SELECT count(*) FROM row_sums'),
      vectors: number('SELECT count(*) FROM vectors'),
      thumbnails: thumbnails.all,
    },
    problems,
    repaired,
    lost,
    left,
  };
}

/** @returns what is still wrong afterwards. */
async function mend(
  parts: CareParts,
  now: number,
  found: LibraryCheck,
  repaired: string[],
  lost: string[],
): Promise<string[]> {
  const check = found.structure.length > 0 ? await mendStructure(parts, now, repaired) : found;
  if (isSound(check)) return [];
  mendRows(parts, check, repaired, lost);
  const left = checkLibrary(parts.store().library);
  // No row says which side of a reference is wrong.
  return findings(left.references.length > 0 ? await putBackupInPlace(parts, now, repaired) : left);
}

async function mendStructure(parts: CareParts, now: number, repaired: string[]): Promise<LibraryCheck> {
  const again = repairIndexes(parts.store().library);
  if (again.structure.length > 0) return putBackupInPlace(parts, now, repaired);
  repaired.push('the indexes of the database were made again');
  return again;
}

async function putBackupInPlace(parts: CareParts, now: number, repaired: string[]): Promise<LibraryCheck> {
  await parts.swap({ now, isDamaged: true });
  const { library } = parts.store();
  const restored = restorationStatements(library).last();
  repaired.push(
    restored?.backup
      ? `the backup ${restored.backup} took the library's place; the damaged file is kept as ${restored.aside}`
      : `the library was begun anew, as there is no sound backup; the damaged file is kept as ${restored?.aside}`,
  );
  return checkLibrary(library);
}

function mendRows(parts: CareParts, check: LibraryCheck, repaired: string[], lost: string[]): void {
  const store = parts.store();
  const backup = soundBackup(parts.folder, store.library);
  try {
    const repair = repairRows(store.library, check, backup);
    repaired.push(...repair.repaired);
    lost.push(...repair.lost);
    writing(store.library, () => {
      for (const photoId of repair.reworded) if (store.photos.facts(photoId)) refreshWords(store, photoId);
    });
  } finally {
    backup?.close();
  }
}

/**
 * The newest backup of this format whose bytes are still the proven ones, and in which numbers mean the same: made since the last restoration, or the copy that
 * was put in place then.
 */
function soundBackup(folder: string, library: ReadDb): ReadDb | null {
  const version = schemaVersion(library);
  const uid = libraryStatements(library).uid();
  const restored = restorationStatements(library).last()?.backup;
  for (const { file } of listBackups(folder)) {
    const note = readNote(noteOf(file));
    if (note?.version !== version || !existsSync(file) || hashFileSync(file) !== note.sha256) continue;
    const db = openForReading(file);
    if (path.basename(file) === restored || libraryStatements(db).uid() === uid) {
      knowRowSum(db);
      return db;
    }
    db.close();
  }
  return null;
}

function mendThumbnails({ library, thumbnails, thumbnailsDb, jobs, photos }: OpenStore): {
  all: number;
  damaged: number;
} {
  if (!thumbnails || !thumbnailsDb) return { all: 0, damaged: 0 };
  const { all, damaged } = thumbnails.check();
  if (damaged.length === 0) return { all, damaged: 0 };
  writing(thumbnailsDb, () => {
    for (const photoId of damaged) thumbnails.remove(photoId);
  });
  writing(library, () => {
    for (const photoId of damaged) {
      photos.forgetThumbnail(photoId);
      jobs.lookAgain(photoId);
    }
  });
  return { all, damaged: damaged.length };
}
