// Has the watcher thread watch what is there, and hands on what it tells; a thread that ended is started again. Shell process.
import type { FolderRow } from '../../library-db/library-rows.ts';
import type { Clock } from '../../platform/clock.ts';
import { endsWithin } from '../../platform/ends-within.ts';
import type { Logger } from '../../platform/log.ts';
import type { WatchState } from '../../watching/folder-watcher.ts';
import type { FolderWatching } from '../../watching/folder-watching.ts';

export interface FolderWatch {
  /** These folders can be reached now, and no others. Called again and again: what was refused is asked for again. */
  follow(folders: readonly FolderRow[]): void;
  /** Folders of which nothing is told, and that are looked through by a timer instead. */
  timed(): readonly number[];
  /** Resolves when the watches were let go, or the thread does not answer. */
  close(): Promise<void>;
}

export interface FolderWatchParts {
  /** Calls of it fail where its thread has ended; the next one starts another. */
  readonly watching: FolderWatching;
  readonly clock: Clock;
  readonly log: Logger;
  /** Look into these folders below, or into all of it where null. */
  onHint(folderId: number, relDirs: readonly string[] | null): void;
  /** A folder moved, went or was unmounted under its watch. */
  onLost(): void;
  /** Why some folder is not watched that should be; null where all are. */
  onTrouble(trouble: 'limit' | 'failed' | null): void;
}

/** A thread that hangs on a drive that has gone answers nothing, and is ended without its consent. */
const patienceMs = 500;
const restartMs = { first: 1_000, most: 60_000 };
/** A thread that lived for so long is no longer one that dies of what it finds at its start. */
const heldMs = 60_000;

export function createFolderWatch(parts: FolderWatchParts): FolderWatch {
  let targets: { folderId: number; root: string; exclude: readonly string[] }[] = [];
  let states: readonly WatchState[] = [];
  let isListening = false;
  let closed = false;
  /** In a row, of threads that did not live long. */
  let failures = 0;
  let hasNews = false;
  let cancel = (): void => undefined;

  function take(next: readonly WatchState[]): void {
    const before = new Map(states.map((state) => [state.folderId, state]));
    states = next;
    if (next.some(({ reason, folderId }) => reason === 'lost' && before.get(folderId)?.reason !== 'lost'))
      parts.onLost();
    tellTrouble();
  }

  function tellTrouble(): void {
    const reasons = states.map(({ reason }) => reason);
    parts.onTrouble(
      reasons.includes('limit') ? 'limit' : reasons.includes('failed') || (failures > 1 && !hasNews) ? 'failed' : null,
    );
  }

  async function listen(): Promise<void> {
    const begunAt = parts.clock.now();
    try {
      await parts.watching.watch({ folders: targets });
      for (;;) {
        const { hints, states: next } = await parts.watching.news({});
        if (closed) return;
        hasNews = true;
        take(next);
        for (const { folderId, relDirs } of hints) parts.onHint(folderId, relDirs);
      }
    } catch (err) {
      isListening = false;
      hasNews = false;
      if (closed) return;
      if (parts.clock.now() - begunAt > heldMs) failures = 0;
      parts.log.warn({ area: 'watching', err }, 'the folders are not watched');
      states = [];
      const waitMs = Math.min(restartMs.most, restartMs.first * 2 ** failures++);
      tellTrouble();
      cancel = parts.clock.after(waitMs, begin);
    }
  }

  function begin(): void {
    if (isListening || closed) return;
    isListening = true;
    void listen();
  }

  return {
    follow(folders) {
      targets = folders.map(({ id, path, exclude }) => ({ folderId: id, root: path, exclude }));
      if (!isListening) {
        // Where there is nothing to watch, no thread is started for it.
        if (failures === 0 && targets.length > 0) begin();
        return;
      }
      // Its failure is told by the call for news.
      parts.watching.watch({ folders: targets }).catch(() => undefined);
    },
    timed: () => {
      const told = new Set(states.filter(({ way }) => way !== 'timer').map(({ folderId }) => folderId));
      return targets.map(({ folderId }) => folderId).filter((folderId) => !told.has(folderId));
    },
    async close() {
      closed = true;
      cancel();
      if (!isListening) return;
      await endsWithin(parts.clock, patienceMs, parts.watching.watch({ folders: [] }));
    },
  };
}
