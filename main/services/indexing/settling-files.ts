// Keeps files from being read while somebody still writes them: a file is read once, when it is whole. Shell process.
import { lstat } from 'node:fs/promises';
import type { LibraryDb } from '../../library-db/library-db.ts';
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
  /** Milliseconds until this file, as it was claimed, may be whole; 0 where it may be read. */
  waitFor(file: ClaimedFile): Promise<number>;
}

/** Quiet for so long between two looks, and a file counts as whole. */
const quietMs = 2_000;
/** One that grew under our eyes is written in pieces: a pause between two of them must not look like the end. */
const quietAfterGrowthMs = 5_000;
/** What was changed before that, by the calendar, is read without another look. A time to come is none of that. */
const freshMs = 60_000;
/** More files than this written at once are looked at anew: nothing is lost by forgetting but a few seconds. */
const mostRemembered = 50_000;

interface Seen extends FileLook {
  /** By the clock of this program: since when it looks like that. */
  readonly since: number;
  readonly hasGrown: boolean;
}

/** @returns the memory of which files were seen to grow; it outlives a pass of work. */
export function createSettlingFiles({ clock, now, look = lookAt }: SettlingParts): SettlingFiles {
  const seen = new Map<number, Seen>();

  /** Two looks that agree, the scan's being the first, and quiet since the last change: where that lies in the future, only what was seen here counts. */
  function wait(file: ClaimedFile, current: FileLook): number {
    const before = seen.get(file.fileId);
    const isOther = !isSame(current, before ?? file);
    const hasGrown = isOther || (before?.hasGrown ?? false);
    const since = before && !isOther ? before.since : clock.now();
    seen.set(file.fileId, { ...current, since, hasGrown });
    const age = now() - changedAt(current);
    const seenQuiet = clock.now() - since;
    const quiet = isOther || age < 0 ? seenQuiet : Math.max(age, seenQuiet);
    return Math.max(0, (hasGrown ? quietAfterGrowthMs : quietMs) - quiet);
  }

  return {
    async waitFor(file) {
      if (now() - changedAt(file) >= freshMs && !seen.has(file.fileId)) return 0;
      const current = await look(file.path);
      // Reading it says why it cannot be read.
      const waitMs = current ? wait(file, current) : 0;
      if (waitMs === 0) seen.delete(file.fileId);
      if (seen.size > mostRemembered) seen.clear();
      return waitMs;
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

/**
 * The same library for one pass of work, whose claims hold whole files only. The others stay claimed, and are handed out once they are whole; the end of the
 * pass frees them as any claim.
 */
export function onlyWholeFiles(
  db: LibraryDb,
  settling: SettlingFiles,
  parts: Pick<SettlingParts, 'clock' | 'now'>,
): LibraryDb {
  const waiting = new Map<number, { readonly file: ClaimedFile; readonly dueAt: number }>();

  function takeDue(limit: number): ClaimedFile[] {
    const due = [...waiting.values()].filter(({ dueAt }) => dueAt <= parts.clock.now()).slice(0, limit);
    for (const { file } of due) waiting.delete(file.fileId);
    return due.map(({ file }) => file);
  }

  async function claimFiles({ limit, now }: { limit: number; now: number }): Promise<ClaimedFile[]> {
    for (;;) {
      const due = takeDue(limit);
      const fresh = due.length < limit ? await db.claimFiles({ limit: limit - due.length, now }) : [];
      const files = [...new Map([...due, ...fresh].map((file) => [file.fileId, file])).values()];
      const waits = await Promise.all(files.map((file) => settling.waitFor(file)));
      const whole = files.filter((file, at) => {
        // A scan saw it change while it waited, and it was claimed anew.
        waiting.delete(file.fileId);
        const waitMs = waits[at] ?? 0;
        if (waitMs > 0) waiting.set(file.fileId, { file, dueAt: parts.clock.now() + waitMs });
        return waitMs === 0;
      });
      if (whole.length > 0 || files.length === 0) return whole;
    }
  }

  async function nextRetryAt(input: Parameters<LibraryDb['nextRetryAt']>[0]): Promise<number | null> {
    const stored = await db.nextRetryAt(input);
    const dueAts = [...waiting.values()].map(({ dueAt }) => dueAt);
    if (dueAts.length === 0) return stored;
    const ownAt = parts.now() + Math.max(0, Math.min(...dueAts) - parts.clock.now());
    return stored === null ? ownAt : Math.min(stored, ownAt);
  }

  const replaced: Partial<LibraryDb> = { claimFiles, nextRetryAt };
  return new Proxy(db, {
    get: (target, name) => Reflect.get(name in replaced ? replaced : target, name),
  });
}
