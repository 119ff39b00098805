// Backups of a library: whole copies, each proven before it counts, and which of them are kept. Library thread.
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { renameDurablySync, writeDurablySync } from '../platform/durable-file.ts';
import { type Examined, readNote, toNote } from './examine-copy.ts';
import type { WriteDb } from './open-database.ts';

/** A proven copy; beside it lie the proof (`.json`) and the person's own data (`.jsonl`). */
export interface Backup {
  readonly file: string;
  /** Rises with every backup of a library, whatever the clock says. */
  readonly number: number;
  /** By the clock of that time; epoch milliseconds. */
  readonly takenAt: number;
  /** It was made before a schema step. */
  readonly isOfOldFormat: boolean;
  readonly sizeBytes: number;
}

export type Examine = (file: string, wordsFile: string | null) => Promise<Examined>;

/** Room that is left beside a backup, so that it is never what fills the disk. */
const spareBytes = 100 * 1024 * 1024;
const dayMs = 86_400_000;

/** Proven by the proof beside them; whether the bytes are still the proven ones is seen when one is used. Newest first. */
export function listBackups(folder: string): Backup[] {
  const backups = path.join(folder, 'backups');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .flatMap((name): Backup[] => {
      const match = /^library-(\d+)-(daily|format)-.*\.db$/.exec(name);
      const file = path.join(backups, name);
      const note = match && readNote(noteOf(file));
      if (!match || !note) return [];
      const { takenAt, sizeBytes } = note;
      return [{ file, takenAt, sizeBytes, number: Number(match[1]), isOfOldFormat: match[2] === 'format' }];
    })
    .sort((a, b) => b.number - a.number);
}

/** The person's own data as of a backup. */
export function wordsOf(file: string): string {
  return file.replace(/\.db$/, '.jsonl');
}

export function noteOf(file: string): string {
  return file.replace(/\.db$/, '.json');
}

/** A day since the last one, or the clock went back behind it. */
export function isBackupDue(backups: readonly Pick<Backup, 'takenAt' | 'isOfOldFormat'>[], now: number): boolean {
  const last = backups.find(({ isOfOldFormat }) => !isOfOldFormat);
  return last === undefined || now - last.takenAt >= dayMs || now < last.takenAt;
}

/** @throws AppError `store/corrupt` where the copy is not sound: none is kept then, and none removed. */
export async function takeBackup(library: WriteDb, folder: string, now: number, examine: Examine): Promise<Backup> {
  const taken = await tryBackup(library, folder, 'daily', now, examine);
  if ('finding' in taken) throw damaged(taken.finding);
  return taken;
}

/**
 * A backup before a schema step. Damaged rows are no reason to keep a library from its step, which reads none of them: a copy that could not be proven
 * because of them is handed to `keep`, with what was found. @throws AppError `store/corrupt` where the structure of the copy is not sound.
 */
export async function takeFormatBackup(
  library: WriteDb,
  folder: string,
  fromVersion: number,
  now: number,
  examine: Examine,
  keep: (copy: string, finding: string) => void,
): Promise<void> {
  const taken = await tryBackup(library, folder, `format-${fromVersion}`, now, examine, keep);
  if ('finding' in taken && taken.kind === 'structure') throw damaged(taken.finding);
}

type Unsound = Extract<Examined, { sound: false }>;

async function tryBackup(
  library: WriteDb,
  folder: string,
  reason: string,
  now: number,
  examine: Examine,
  keepDamagedRows: (copy: string, finding: string) => void = () => undefined,
): Promise<Backup | Unsound> {
  const backups = path.join(folder, 'backups');
  mkdirSync(backups, { recursive: true });
  removeParts(backups);
  requireRoom(library.name, backups);
  const number = 1 + Math.max(0, ...readdirSync(backups).map((name) => Number(/^library-(\d+)-/.exec(name)?.[1] ?? 0)));
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(':', '-');
  const file = path.join(backups, `library-${String(number).padStart(6, '0')}-${reason}-${time}.db`);
  const part = `${file}.part`;
  const wordsPart = `${wordsOf(file)}.part`;
  try {
    await library.backup(part);
    const examined = await examine(part, wordsPart);
    if (!examined.sound) {
      if (examined.kind === 'rows') keepDamagedRows(part, examined.finding);
      return examined;
    }
    if (existsSync(wordsPart)) renameDurablySync(wordsPart, wordsOf(file));
    writeDurablySync(noteOf(file), toNote(examined.proof, now));
    // Last: a large file without a proof would be no backup, and stay.
    renameDurablySync(part, file);
    prune(folder);
    return { file, number, takenAt: now, isOfOldFormat: reason !== 'daily', sizeBytes: examined.proof.sizeBytes };
  } finally {
    removeParts(backups);
  }
}

/**
 * The numbers of those to keep: the newest of each of the last 7 days and of each of the 4 weeks before that have one, and the 2 newest of old formats. Days and
 * weeks are counted by those that there are, not by the clock: one that jumps makes no backup old.
 */
export function keptBackups(backups: readonly Omit<Backup, 'file' | 'sizeBytes'>[]): Set<number> {
  const newestFirst = [...backups].sort((a, b) => b.number - a.number);
  const daily = newestFirst.filter(({ isOfOldFormat }) => !isOfOldFormat);
  const days = firstOfEach(daily, ({ takenAt }) => Math.floor(takenAt / dayMs)).slice(0, 7);
  const weekOf = ({ takenAt }: { takenAt: number }): number => Math.floor((takenAt / dayMs + 3) / 7);
  const dayWeeks = new Set(days.map(weekOf));
  const weeks = firstOfEach(daily, weekOf)
    .filter((backup) => !dayWeeks.has(weekOf(backup)))
    .slice(0, 4);
  const old = newestFirst.filter(({ isOfOldFormat }) => isOfOldFormat).slice(0, 2);
  return new Set([...days, ...weeks, ...old].map(({ number }) => number));
}

function firstOfEach<T>(items: readonly T[], groupOf: (item: T) => number): T[] {
  const seen = new Set<number>();
  return items.filter((item) => {
    const group = groupOf(item);
    const isFirst = !seen.has(group);
    seen.add(group);
    return isFirst;
  });
}

function prune(folder: string): void {
  const backups = listBackups(folder);
  const kept = keptBackups(backups);
  for (const { file, number } of backups) {
    // The database goes first: what a removal leaves that is cut short is removed with the next backup.
    if (!kept.has(number)) for (const name of [file, noteOf(file), wordsOf(file)]) rmSync(name, { force: true });
  }
}

function removeParts(backups: string): void {
  const names = new Set(readdirSync(backups));
  for (const name of names) {
    const isAlone = /^library-\d+-.*\.jsonl?$/.test(name) && !names.has(name.replace(/\.jsonl?$/, '.db'));
    if (isAlone || /\.part(-wal|-shm|-journal)?$/.test(name)) rmSync(path.join(backups, name), { force: true });
  }
}

function requireRoom(file: string, backups: string): void {
  const { bavail, bsize } = statfsSync(backups);
  if (bavail * bsize >= statSync(file).size + spareBytes) return;
  throw new AppError(
    'store/disk-full',
    `There is no room for a backup of the library in ${backups}: free some space. The earlier backups are as they were.`,
  );
}

function damaged(finding: string): AppError {
  return new AppError(
    'store/corrupt',
    'The library is damaged, so no backup was made of it; the earlier ones are as they were. Run "photoseek verify" to mend it.',
    { cause: new Error(finding) },
  );
}
