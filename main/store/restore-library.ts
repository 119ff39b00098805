// Puts a proven copy in the place of a library's database; what it replaces is kept aside, never deleted. Library thread, under the owner's lock.
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { flushFileSync, flushFolderSync, hashFileSync, renameDurablySync } from '../platform/durable-file.ts';
import { listBackups, noteOf, wordsOf } from './backups.ts';
import { examineCopy, readNote } from './examine-copy.ts';
import { latestVersion, migrate } from './migrate.ts';
import { librarySteps, thumbnailSteps } from './migrations/steps.ts';
import { openForReading, openForWriting, type WriteDb, writing } from './open-database.ts';
import { attachOwnData, fromLines, noOwnData, type OwnData, readOwnData } from './own-data.ts';
import { keepRowSums } from './row-sums.ts';
import { newerThanBackup, type Salvaged, salvageOwnData } from './salvage.ts';
import { libraryStatements } from './statements/library.ts';
import { photoStatements } from './statements/photos.ts';
import { asideFolders, restorationStatements } from './statements/restorations.ts';
import { thumbnailStatements } from './statements/thumbnails.ts';

export interface RestoreRequest {
  readonly folder: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** A certain copy; the newest sound backup where left out. */
  readonly from?: string;
  /** The database is damaged: what the person wrote since the backup is taken over from it, and a library without any backup begins anew. */
  readonly isDamaged: boolean;
}

const staged = 'library.db.restoring';

/** @throws AppError `library/not-found` where there is no sound backup and the library is not damaged, or `from` is none. */
export async function restoreLibrary(request: RestoreRequest): Promise<void> {
  const { folder, isDamaged } = request;
  const file = path.join(folder, 'library.db');
  const stage = path.join(folder, staged);
  // Under another name until it is complete: what bears the stage's name is gone on with, whenever the rest is cut short.
  const part = `${stage}.part`;
  removeStage(part);
  const source = stageSound(request, part);
  if (source === null && (request.from !== undefined || !isDamaged)) throw noBackup(request);
  const salvaged = isDamaged && existsSync(file) ? salvageOwnData(file) : null;
  const aside = existsSync(file) ? asideName(folder, isDamaged) : null;
  const { before, uid, lastId } = await complete(request, part, source, salvaged, aside);
  renameDurablySync(part, stage);
  putInPlace(folder, aside);
  handThumbnailsOver(path.join(folder, 'thumbnails.db'), before, uid, lastId);
}

function putInPlace(folder: string, aside: string | null): void {
  const file = path.join(folder, 'library.db');
  if (aside !== null) moveAside(file, path.join(folder, aside));
  renameDurablySync(path.join(folder, staged), file);
  dropDerived(folder);
}

/** Goes on with a restoration that was cut short once its copy was complete; before anything else, because a new library would be made in the gap. */
export function finishRestoration(folder: string): void {
  const stage = path.join(folder, staged);
  removeStage(`${stage}.part`);
  if (!existsSync(stage)) return;
  const isMoved = !existsSync(path.join(folder, 'library.db'));
  const aside = isMoved ? null : asideOf(stage);
  // The library is moved last: one that lies there already was moved by another restoration, and the stage is what an older program left unfinished.
  if (!isMoved && (aside === null || existsSync(path.join(folder, aside)))) removeStage(stage);
  else putInPlace(folder, aside);
}

/** Where a staged copy says that the library it replaces is kept. */
function asideOf(stage: string): string | null {
  try {
    const db = openForReading(stage);
    try {
      return restorationStatements(db).last()?.aside ?? null;
    } finally {
      db.close();
      // A complete copy is one file; reading it may leave others.
      for (const suffix of ['-wal', '-shm']) rmSync(stage + suffix, { force: true });
    }
  } catch {
    return null;
  }
}

interface Source {
  readonly file: string;
  readonly takenAt: number | null;
}

/** Puts the newest copy that is still what was proven at the stage's place. */
function stageSound({ folder, from }: RestoreRequest, stage: string): Source | null {
  const candidates = from === undefined ? listBackups(folder).map(({ file }) => file) : [from];
  for (const file of candidates) {
    const note = readNote(noteOf(file));
    if (!existsSync(file) || (note && note.sha256 !== hashFileSync(file))) continue;
    copyFileSync(file, stage);
    // The person may name a database as it lies in a library's folder.
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${stage}-wal`);
    if (examineCopy(stage, null).sound) return { file, takenAt: note?.takenAt ?? null };
    removeStage(stage);
  }
  return null;
}

/** Brings the staged copy to today's schema, gives it what was saved, and notes what happened. */
async function complete(
  { folder, now, isDamaged }: RestoreRequest,
  stage: string,
  source: Source | null,
  salvaged: Salvaged | null,
  aside: string | null,
): Promise<Lineage> {
  const db = openForWriting(stage, latestVersion(librarySteps));
  try {
    await migrate(db, librarySteps, async () => undefined);
    keepRowSums(db);
    const lineage = {
      before: libraryStatements(db).uid(),
      uid: randomUUID(),
      lastId: photoStatements(db).lastId(),
    };
    const saved = isDamaged ? toAttach(db, folder, source, salvaged) : noOwnData;
    writing(db, () => {
      const words = attachOwnData(db, saved, now);
      db.prepare('UPDATE library SET in_use = 0, uid = ?').run(lineage.uid);
      restorationStatements(db).note({
        restoredAt: now,
        backup: source && path.basename(source.file),
        backupAt: source?.takenAt ?? null,
        aside,
        wordsKept: words,
        isWhole: !isDamaged || salvaged?.isWhole === true,
      });
    });
    db.pragma('journal_mode = DELETE');
    return lineage;
  } finally {
    db.close();
    flushFileSync(stage);
  }
}

/** Photos get their numbers in the order in which they are found: after a restoration another photo may get one that was given before. */
interface Lineage {
  /** Of the copy: the numbers up to `lastId` mean the same in every library that has it. */
  readonly before: string;
  /** Of the restored library. */
  readonly uid: string;
  readonly lastId: number;
}

/** Thumbnails of another lineage, and all where this does not happen, are thrown away at the next opening and made again. */
function handThumbnailsOver(file: string, before: string, uid: string, lastId: number): void {
  if (!existsSync(file)) return;
  try {
    const thumbnails = openForWriting(file, latestVersion(thumbnailSteps));
    try {
      const statements = thumbnailStatements(thumbnails);
      if (statements.libraryUid() === before) writing(thumbnails, () => statements.handOver(uid, lastId));
    } finally {
      thumbnails.close();
    }
  } catch {
    // As above: nothing depends on it.
  }
}

function toAttach(db: WriteDb, folder: string, source: Source | null, salvaged: Salvaged | null): OwnData {
  // Without a backup that is whole, the lines of one that is not may still be.
  const before = source === null ? newestLines(folder) : readOwnData(db);
  const newer = salvaged ? newerThanBackup(salvaged, before) : noOwnData;
  if (source !== null) return newer;
  const later = new Set(newer.photos.map(({ sha256 }) => sha256));
  return {
    folders: [...before.folders, ...newer.folders],
    settings: { ...before.settings, ...newer.settings },
    photos: [...before.photos.filter(({ sha256 }) => !later.has(sha256)), ...newer.photos],
    ignored: [...before.ignored, ...newer.ignored],
    waiting: [...before.waiting, ...newer.waiting],
  };
}

function newestLines(folder: string): OwnData {
  for (const { file } of listBackups(folder)) {
    try {
      return fromLines(readFileSync(wordsOf(file), 'utf8'));
    } catch {
      // The next older one may be whole.
    }
  }
  return noOwnData;
}

/** A name that no earlier one has; the folder is made. */
export function asideName(folder: string, isDamaged: boolean): string {
  const kept = isDamaged ? asideFolders.damaged : asideFolders.replaced;
  mkdirSync(path.join(folder, kept), { recursive: true });
  const taken = readdirSync(path.join(folder, kept)).map((name) => Number(/^library-(\d+)\.db/.exec(name)?.[1] ?? 0));
  return path.join(kept, `library-${Math.max(0, ...taken) + 1}.db`);
}

/** With its log, without which it would be another state; the database itself last, as only its absence lets the copy take its place. */
function moveAside(file: string, aside: string): void {
  for (const suffix of ['-shm', '-wal', '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  flushFolderSync(path.dirname(aside));
  flushFolderSync(path.dirname(file));
}

/** Numbers of photos mean others now: what was made for them is made anew. */
function dropDerived(folder: string): void {
  for (const name of [path.join('cache', 'vectors'), path.join('cache', 'previews')])
    rmSync(path.join(folder, name), { recursive: true, force: true });
}

function removeStage(stage: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(stage + suffix, { force: true });
}

function noBackup({ folder, from }: RestoreRequest): AppError {
  return new AppError(
    'library/not-found',
    from === undefined
      ? `There is no sound backup in ${path.join(folder, 'backups')}: the library was left as it is.`
      : `${from} is no sound copy of a library: the library was left as it is. "photoseek restore" without --from takes the newest backup that is.`,
  );
}
