// Looks every few seconds whether folders can be reached, and now and then through what no watch tells of. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderRow } from '../../library-db/library-rows.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { FolderPresence } from '../library/folder-presence.ts';

export interface FolderRounds {
  start(): void;
  /** Folders were added or taken out, or one was lost: looks at once instead of at the next round. */
  soon(): void;
  close(): void;
}

export interface FolderRoundsParts {
  readonly db: Pick<LibraryDb, 'listFolders' | 'setOffline'>;
  readonly presence: FolderPresence;
  readonly clock: Clock;
  readonly log: Logger;
  /** Epoch milliseconds. */
  now(): number;
  /** Folders that cannot be reached now. */
  onAway(folderIds: ReadonlySet<number>): void;
  /** The others: they can be watched. */
  onPresent(folders: readonly FolderRow[]): void;
  /** Folders that no watch tells of. */
  timed(): readonly number[];
  /** These came back or are due, or everything is to be looked through (none named). */
  rescan(folderIds: readonly number[]): void;
}

/** A drive is plugged in or pulled out: seen within so many milliseconds, at the cost of one `stat` a folder. */
const roundMs = 15_000;
/** What no watch told of, for whatever reason, is found at the latest after this time. */
const allAgainMs = 3_600_000;
/** The same where there is no watch at all. */
export const timedAgainMs = 600_000;
/** The calendar went on so much further than the time that this program was awake: the computer slept, and watches may have slept with it. */
const sleptMs = 60_000;

export function createFolderRounds(parts: FolderRoundsParts): FolderRounds {
  const { clock } = parts;
  let away: ReadonlySet<number> = new Set();
  let allAgainAt = clock.now() + allAgainMs;
  let timedAgainAt = clock.now() + timedAgainMs;
  let lead = parts.now() - clock.now();
  let cancel = (): void => undefined;
  let closed = false;
  let started = false;
  let isLooking = false;
  let again = false;

  async function look(): Promise<void> {
    const folders = await parts.db.listFolders();
    const presences = await Promise.all(folders.map(({ path, root }) => parts.presence.of(path, root)));
    if (closed) return;
    const now = new Set(folders.filter((_, i) => presences[i]?.state !== 'ready').map(({ id }) => id));
    // The library remembers it from one program to the next, which may have missed the return.
    const isStale = folders.some(({ id, isOffline }) => isOffline !== now.has(id));
    const returned = folders.filter(({ id, isOffline }) => (away.has(id) || isOffline) && !now.has(id));
    away = now;
    parts.onAway(now);
    parts.onPresent(folders.filter((_, i) => presences[i]?.state === 'ready'));
    if (isStale) await parts.db.setOffline({ folderIds: [...now] });
    if (returned.length > 0) parts.rescan(returned.map(({ id }) => id));
    lookThroughWhatIsDue();
  }

  function lookThroughWhatIsDue(): void {
    const time = clock.now();
    const leadNow = parts.now() - time;
    const hasSlept = leadNow - lead > sleptMs;
    lead = leadNow;
    if (time >= allAgainAt || hasSlept) {
      allAgainAt = time + allAgainMs;
      timedAgainAt = time + timedAgainMs;
      parts.rescan([]);
    } else if (time >= timedAgainAt) {
      timedAgainAt = time + timedAgainMs;
      const timed = parts.timed().filter((id) => !away.has(id));
      if (timed.length > 0) parts.rescan(timed);
    }
  }

  async function round(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    cancel();
    again = false;
    await look().catch((err) => parts.log.warn({ area: 'indexing', err }, 'folders could not be looked after'));
    isLooking = false;
    if (closed) return;
    if (again) begin();
    else cancel = clock.after(roundMs, begin);
  }

  function begin(): void {
    void round();
  }

  return {
    start() {
      started = true;
      begin();
    },
    soon() {
      if (!started || closed) return;
      again = true;
      begin();
    },
    close() {
      closed = true;
      cancel();
    },
  };
}
