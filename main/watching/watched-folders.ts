// The folders that are watched now: opened, given up, tried again, let go. Watcher thread.
import { stat } from 'node:fs/promises';
import type { Clock } from '../platform/clock.ts';
import { createPatientLooks } from '../platform/patient-looks.ts';
import type { FolderWatcher, WatchEars, WatchState, WatchTarget, WatchTrouble } from './folder-watcher.ts';
import type { FolderWatchers } from './open-folder-watcher.ts';

export interface WatchedFolders {
  /** These and no others are watched from now on. */
  follow(targets: readonly WatchTarget[]): Promise<void>;
  states(): WatchState[];
}

export interface WatchedFoldersParts extends FolderWatchers {
  readonly clock: Clock;
  /** Which folder lies at a path now; null where none does. */
  identityOf?(root: string): Promise<string | null>;
}

export interface WatchedFoldersEars {
  onEvent(target: WatchTarget, relDir: string | null | undefined): void;
  onState(): void;
  onLeft(target: WatchTarget): void;
}

interface Watched {
  readonly target: WatchTarget;
  readonly identity: string;
  state: WatchState;
  watcher: FolderWatcher | undefined;
  retryAt: number;
}

/** What a folder was seen to be: null where none lies at its path. */
interface Look {
  readonly identity: string | null;
  readonly isTimed: boolean;
}

/** After this time a watch that was refused is asked for again: other programs end, limits are raised. */
const retryMs = 600_000;
/** A network drive that has gone answers after minutes, or never: the other folders are followed meanwhile. */
const patienceMs = 2_000;

export function createWatchedFolders(parts: WatchedFoldersParts, ears: WatchedFoldersEars): WatchedFolders {
  const watched = new Map<number, Watched>();
  const looks = createPatientLooks<Look>(parts.clock, patienceMs);

  function settle(entry: Watched, way: WatchState['way'], reason: WatchState['reason']): void {
    entry.state = { folderId: entry.target.folderId, way, reason };
    ears.onState();
  }

  function earsOf(entry: Watched): WatchEars {
    const isCurrent = (): boolean => watched.get(entry.target.folderId) === entry && entry.state.reason === null;
    return {
      onEvent(relDir) {
        if (isCurrent()) ears.onEvent(entry.target, relDir);
      },
      onReady() {
        if (!isCurrent()) return;
        settle(entry, 'events', null);
        // What happened before the watch stood was told by nobody.
        ears.onEvent(entry.target, null);
      },
      onTrouble(reason) {
        if (isCurrent()) giveUp(entry, reason);
      },
    };
  }

  function giveUp(entry: Watched, reason: WatchTrouble): void {
    // What a half-made watch holds is better left to folders that can be watched whole.
    entry.watcher?.close();
    entry.watcher = undefined;
    entry.retryAt = reason === 'lost' ? 0 : parts.clock.now() + retryMs;
    settle(entry, 'timer', reason);
    ears.onEvent(entry.target, null);
  }

  function begin(target: WatchTarget, { identity, isTimed }: Look & { identity: string }): void {
    const state = firstState(target.folderId, isTimed);
    const entry: Watched = { target, identity, state, watcher: undefined, retryAt: Number.POSITIVE_INFINITY };
    watched.set(target.folderId, entry);
    ears.onState();
    if (!isTimed) open(entry);
  }

  function open(entry: Watched): void {
    let watcher: FolderWatcher;
    try {
      watcher = parts.watcherOf(entry.target, earsOf(entry));
    } catch {
      // The other folders are watched all the same.
      giveUp(entry, 'failed');
      return;
    }
    // It may have failed within the call.
    if (entry.state.reason === null) entry.watcher = watcher;
    else watcher.close();
  }

  function drop(folderId: number): void {
    const entry = watched.get(folderId);
    if (!entry) return;
    watched.delete(folderId);
    entry.watcher?.close();
    ears.onLeft(entry.target);
    ears.onState();
  }

  async function followOne(target: WatchTarget): Promise<void> {
    const seen = await looks.ask(target.root, () => lookAt(parts, target.root));
    // It is looked at again soon, and is taken from the list where it is found to be away.
    if (!seen) return;
    const { identity } = seen;
    const entry = watched.get(target.folderId);
    const isSame = entry !== undefined && entry.identity === identity && isSameTarget(entry.target, target);
    if (isSame && parts.clock.now() < entry.retryAt) return;
    drop(target.folderId);
    if (identity !== null) begin(target, { ...seen, identity });
  }

  return {
    async follow(targets) {
      const wanted = new Set(targets.map(({ folderId }) => folderId));
      for (const folderId of [...watched.keys()]) if (!wanted.has(folderId)) drop(folderId);
      for (const target of targets) await followOne(target);
    },
    states: () => [...watched.values()].map(({ state }) => state),
  };
}

function firstState(folderId: number, isTimed: boolean): WatchState {
  return isTimed ? { folderId, way: 'timer', reason: 'network' } : { folderId, way: 'opening', reason: null };
}

function isSameTarget(one: WatchTarget, other: WatchTarget): boolean {
  return one.root === other.root && JSON.stringify(one.exclude) === JSON.stringify(other.exclude);
}

async function lookAt(parts: WatchedFoldersParts, root: string): Promise<Look> {
  const identity = await (parts.identityOf ?? identityOf)(root);
  return { identity, isTimed: identity !== null && (await parts.needsTimer(root)) };
}

/** A volume that came back under the same path is another folder than the one whose watch died with it. */
async function identityOf(root: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(root, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
