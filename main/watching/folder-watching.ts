// Serves watching: which folders are watched, how, and what they tell. Watcher thread.
import type { Clock } from '../platform/clock.ts';
import type { FolderHint, WatchState, WatchTarget } from './folder-watcher.ts';
import { createHintBuffer } from './hint-buffer.ts';
import { createWatchedFolders, type WatchedFoldersParts } from './watched-folders.ts';

export interface WatchNews {
  readonly hints: readonly FolderHint[];
  /** Of every folder, as of now. */
  readonly states: readonly WatchState[];
}

export interface FolderWatching {
  /**
   * These folders, and no others, are watched from now on; called again and again. A watch that was refused is asked for again after a while, and one of a
   * folder that is another than it was (a volume that came back, other patterns) is made anew.
   */
  watch(input: { folders: readonly WatchTarget[] }): Promise<void>;
  /** Resolves once there is something to tell; one call at a time. What happens between two calls is kept. */
  news(input: Record<string, never>): Promise<WatchNews>;
}

export const folderWatchingMethods = ['watch', 'news'] as const satisfies readonly (keyof FolderWatching)[];

export interface FolderWatchingParts extends WatchedFoldersParts {
  /** See `eventQueueLength`. */
  readonly eventQueue: number;
}

/** Events of one deed (a folder of photos copied, an editor that saves) come within this time, and are told together. */
const gatherMs = 100;
/** At least so long between two tellings, so that a storm of events asks for few looks. */
const restMs = 500;
/** What the system keeps until it is read is told without a pause: events that are further apart than this never waited in one queue. */
const stormMs = 500;
const mostFolders = 500;

export function createFolderWatching(parts: FolderWatchingParts): FolderWatching {
  const hints = createHintBuffer({ mostFolders, mostEvents: parts.eventQueue / 2 });
  let isCounting = false;

  function count(): void {
    if (isCounting) return;
    isCounting = true;
    parts.clock.after(stormMs, () => {
      isCounting = false;
      hints.calm();
    });
  }

  const folders = createWatchedFolders(parts, {
    onEvent({ folderId }, relDir) {
      count();
      hints.add(folderId, relDir);
      if (!hints.isEmpty()) mailbox.hinted();
    },
    onState: () => mailbox.stateChanged(),
    onLeft: ({ folderId }) => hints.forget(folderId),
  });
  const mailbox = createMailbox(parts.clock, hints.isEmpty, () => ({ hints: hints.take(), states: folders.states() }));
  let turn: Promise<void> = Promise.resolve();
  return {
    watch(input) {
      turn = turn.catch(() => undefined).then(() => folders.follow(input.folders));
      return turn;
    },
    news: () => mailbox.next(),
  };
}

/** Answers the one who asks for news: of states at once, of hints after they were gathered. */
function createMailbox(clock: Clock, isEmpty: () => boolean, read: () => WatchNews) {
  let asker: ((news: WatchNews) => void) | undefined;
  let hasStates = false;
  let toldAt = Number.NEGATIVE_INFINITY;
  let isGathering = false;

  function tell(): void {
    if (!asker || isGathering || (!hasStates && isEmpty())) return;
    const answer = asker;
    asker = undefined;
    hasStates = false;
    toldAt = clock.now();
    answer(read());
  }

  return {
    hinted(): void {
      if (isGathering) return;
      isGathering = true;
      clock.after(Math.max(gatherMs, toldAt + restMs - clock.now()), () => {
        isGathering = false;
        tell();
      });
    },
    stateChanged(): void {
      hasStates = true;
      queueMicrotask(tell);
    },
    next(): Promise<WatchNews> {
      return new Promise((resolve) => {
        asker = resolve;
        tell();
      });
    },
  };
}
