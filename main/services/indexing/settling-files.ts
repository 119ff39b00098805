// Keeps files from being read while somebody still writes them: a file is read once, when it is whole. Shell process.
import { lstat } from 'node:fs/promises';
import type { ClaimedFile } from '../../library-db/library-rows.ts';
import type { Clock } from '../../platform/clock.ts';
import { millisecondsOf } from '../../platform/file-time.ts';

/** What a file is told apart by without being read. */
export interface FileLook {
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  /** No program can set it: where it is the newer of the two, it tells when somebody last wrote, or put the file in another's place. */
  readonly ctimeMs?: number;
}

export interface SettlingParts {
  readonly clock: Clock;
  /** Epoch milliseconds. */
  now(): number;
  /** Undefined where the file is not there. */
  look?(path: string): Promise<FileLook | undefined>;
}

export interface SettlingFiles {
  /** Milliseconds until this file, as it was claimed, may be whole; 0 where it may be read, `asideMs` or more where the work should not wait for it. */
  waitFor(file: ClaimedFile): Promise<number>;
  /** Milliseconds until the first of the files that were set aside is worth another look; null where there is none. Each is told once. */
  nextLookMs(): number | null;
}

/** Quiet for so long between two looks, and a file counts as whole. */
const quietMs = 2_000;
/** One that grew under our eyes is written in pieces: a pause between two of them must not look like the end. */
const quietAfterGrowthMs = 5_000;
/** What was changed before that, by the calendar, is read without another look. A time to come is none of that. */
const freshMs = 60_000;
/** More files than this written at once are looked at anew: nothing is lost by forgetting but a few seconds. */
const mostRemembered = 50_000;
/** A file that needs so long is set aside: work ends without it, and another begins for it. */
export const asideMs = 15_000;
/** One that has been changing for so long (a recording, a copy over a slow line) is looked at ever more seldom. */
const restlessAfterMs = 60_000;
/** So many times in a row a file that goes on changing is read as soon as it is quiet: somebody works on a photo and saves it. From then on twice as long each time. */
const promptReadings = 3;
/** The most that a file has to be quiet, and the most between two looks at it. */
const mostQuietMs = 600_000;
/** After a quiet time of this length readings of a file are counted anew. */
const forgetMs = 2 * mostQuietMs;

interface Seen extends FileLook {
  /** By the clock of this program: since when it is not whole, and since when it looks like that. */
  readonly begunAt: number;
  readonly since: number;
  readonly hasGrown: boolean;
}

/** @returns the memory of which files were seen to grow, and of those read again and again; it outlives a pass of work. */
export function createSettlingFiles({ clock, now, look = lookAt }: SettlingParts): SettlingFiles {
  const seen = new Map<number, Seen>();
  const readings = new Map<number, { readonly count: number; readonly at: number }>();
  /** When to look at them again, by the clock. */
  const aside = new Map<number, number>();

  /** What is changed again and again is hashed, looked at and captioned each time: a file appended to for hours is read a few times, and once more at its end. */
  function neededOf(fileId: number, usualMs: number): number {
    const read = readings.get(fileId);
    const count = read && clock.now() - read.at < forgetMs ? read.count : 0;
    return Math.min(mostQuietMs, usualMs * 2 ** Math.max(0, count - promptReadings + 1));
  }

  function noteReading(fileId: number): void {
    const before = readings.get(fileId);
    const count = before && clock.now() - before.at < forgetMs ? before.count + 1 : 1;
    readings.set(fileId, { count, at: clock.now() });
  }

  /** Two looks that agree, the scan's being the first, and quiet since the last change: where that lies in the future, only what was seen here counts. */
  function wait(file: ClaimedFile, current: FileLook): number {
    const before = seen.get(file.fileId);
    const isOther = !isSame(current, before ?? file);
    const hasGrown = isOther || (before?.hasGrown ?? false);
    const since = before && !isOther ? before.since : clock.now();
    const begunAt = before?.begunAt ?? clock.now();
    seen.set(file.fileId, { ...current, begunAt, since, hasGrown });
    const age = now() - changedAt(current);
    const seenQuiet = clock.now() - since;
    const quiet = isOther || age < 0 ? seenQuiet : Math.max(age, seenQuiet);
    const leftMs = Math.max(0, neededOf(file.fileId, hasGrown ? quietAfterGrowthMs : quietMs) - quiet);
    const restlessMs = clock.now() - begunAt;
    if (leftMs === 0 || restlessMs < restlessAfterMs) return leftMs;
    return Math.max(leftMs, Math.min(mostQuietMs, restlessMs / 4));
  }

  function note(fileId: number, waitMs: number): void {
    aside.delete(fileId);
    if (waitMs >= asideMs) aside.set(fileId, clock.now() + waitMs);
    if (waitMs === 0 && seen.delete(fileId)) noteReading(fileId);
    for (const memory of [seen, readings, aside]) if (memory.size > mostRemembered) memory.clear();
  }

  return {
    async waitFor(file) {
      if (now() - changedAt(file) >= freshMs && !seen.has(file.fileId)) return 0;
      const current = await look(file.path);
      // Reading it says why it cannot be read.
      const waitMs = current ? wait(file, current) : 0;
      note(file.fileId, waitMs);
      return waitMs;
    },
    nextLookMs() {
      const dueAt = Math.min(...aside.values());
      if (dueAt === Number.POSITIVE_INFINITY) return null;
      // One that is not claimed by then has gone.
      for (const [fileId, at] of aside) if (at <= dueAt) aside.delete(fileId);
      return Math.max(0, dueAt - clock.now());
    },
  };
}

/** By the same times as a scan, which reads a file again whose times are near to its last reading. */
function changedAt({ mtimeMs, ctimeMs = 0 }: FileLook): number {
  return Math.max(mtimeMs, ctimeMs);
}

function isSame(one: FileLook, other: FileLook): boolean {
  return one.sizeBytes === other.sizeBytes && one.mtimeMs === other.mtimeMs;
}

async function lookAt(path: string): Promise<FileLook | undefined> {
  try {
    const { size, mtimeNs, ctimeNs } = await lstat(path, { bigint: true });
    return { sizeBytes: Number(size), mtimeMs: millisecondsOf(mtimeNs), ctimeMs: millisecondsOf(ctimeNs) };
  } catch {
    return undefined;
  }
}
