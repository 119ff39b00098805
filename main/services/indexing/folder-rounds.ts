// Looks every few seconds whether folders can be reached, and every hour through all of them. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { presenceOf } from '../library/folder-presence.ts';

export interface FolderRounds {
  start(): void;
  close(): void;
}

export interface FolderRoundsParts {
  readonly db: Pick<LibraryDb, 'listFolders' | 'setOffline'>;
  readonly clock: Clock;
  readonly log: Logger;
  /** Folders that cannot be reached now. */
  onAway(folderIds: ReadonlySet<number>): void;
  /** These came back, or everything is to be looked through (none named). */
  rescan(folderIds: readonly number[]): void;
}

/** A drive is plugged in or pulled out: seen within so many milliseconds, at the cost of one `stat` a folder. */
const roundMs = 15_000;
/** What happened to files meanwhile is found at the latest after this time. */
const allAgainMs = 3_600_000;

export function createFolderRounds(parts: FolderRoundsParts): FolderRounds {
  let away: ReadonlySet<number> = new Set();
  let allAgainAt = parts.clock.now() + allAgainMs;
  let cancel = (): void => undefined;
  let closed = false;

  async function look(): Promise<void> {
    const folders = await parts.db.listFolders();
    const presences = await Promise.all(folders.map(({ path }) => presenceOf(path)));
    const now = new Set(folders.filter((_, i) => presences[i]?.state === 'offline').map(({ id }) => id));
    const returned = folders.map(({ id }) => id).filter((id) => away.has(id) && !now.has(id));
    const isOther = now.size !== away.size || returned.length > 0;
    away = now;
    parts.onAway(now);
    if (isOther) await parts.db.setOffline({ folderIds: [...now] });
    if (returned.length > 0) parts.rescan(returned);
    if (parts.clock.now() < allAgainAt) return;
    allAgainAt = parts.clock.now() + allAgainMs;
    parts.rescan([]);
  }

  async function round(): Promise<void> {
    await look().catch((err) => parts.log.warn({ area: 'indexing', err }, 'folders could not be looked after'));
    if (!closed) cancel = parts.clock.after(roundMs, () => void round());
  }

  return {
    start: () => void round(),
    close() {
      closed = true;
      cancel();
    },
  };
}
