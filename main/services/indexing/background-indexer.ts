// Keeps the library up to date while a host runs: looks through folders, works on what is new, as fast as the person allows. Shell process.
import type { IndexingProgress } from '../../../preload/contract/indexing.ts';
import type { Settings } from '../../../preload/contract/settings.ts';
import type { AppError } from '../../platform/app-error.ts';
import type { FolderWatching } from '../../watching/folder-watching.ts';
import type { BackgroundWork } from '../library/background-work.ts';
import type { FolderPresence } from '../library/folder-presence.ts';
import { type BackgroundPassParts, runBackgroundPass } from './background-pass.ts';
import { fillColours } from './fill-colours.ts';
import { createFolderQueue } from './folder-queue.ts';
import { createFolderRounds, timedAgainMs } from './folder-rounds.ts';
import { createFolderWatch, type FolderWatchParts } from './folder-watch.ts';
import { paceOf } from './pace.ts';
import { createWorkLoop } from './work-loop.ts';

type Chosen = Pick<Settings, 'speed' | 'paused'>;

export interface BackgroundIndexer extends BackgroundWork {
  /** Begins to work: everything registered is looked through. Before it, and in a program that reads only, nothing is done. */
  start(settings: Chosen): void;
  isStarted(): boolean;
  /** Takes over what the person chose; work in hand is stopped between two batches and goes on in the new way. */
  apply(settings: Chosen): void;
  progress(): IndexingProgress;
  /** Why the work has stopped by itself, else null. */
  problem(): AppError | null;
  /** Tries again at once what had stopped. */
  retry(): void;
  /** Resolves once no work is going on; none begins until the returned function is called: for another way of indexing, or another pack. */
  hold(): Promise<() => void>;
  close(): Promise<void>;
}

/** Why changes in some folder are not told of at once, and after how many minutes they are found. */
export interface WatchingTrouble {
  readonly reason: 'limit' | 'failed';
  readonly everyMinutes: number;
}

export interface BackgroundIndexerParts extends BackgroundPassParts {
  readonly cores: number;
  readonly presence: FolderPresence;
  /** See `WorkLoopParts`. */
  isDiskFull?(): Promise<boolean>;
  /** Absent where folders are not watched but looked through now and then. */
  readonly watching?: FolderWatching;
  /** Null where every folder is watched as its drive allows. */
  onWatching?(trouble: WatchingTrouble | null): void;
  /** `progress`, `scanning` or `problem` may answer something else now. */
  onChange(): void;
}

export function createBackgroundIndexer(parts: BackgroundIndexerParts): BackgroundIndexer {
  const queue = createFolderQueue(parts.onChange);
  let settings: Chosen = { speed: 'normal', paused: false };
  let started = false;

  async function pass(signal: AbortSignal): Promise<void> {
    try {
      await wholePass(parts, queue, settings, signal);
    } finally {
      parts.progress.phase('idle');
      later.plan();
    }
    // Asked for while the last steps were taken.
    if (queue.waits()) loop.ask();
  }

  function look(folderIds: readonly number[], part?: { readonly within: readonly string[] }): void {
    if (!started) return;
    queue.add(folderIds, part);
    // A pass in hand takes them up as well; where it has taken its last one already, the next pass does.
    queue.fill(parts.db).then(loop.ask, loop.ask);
  }

  function rescan(folderIds: readonly number[]): void {
    look(folderIds);
    // One that was added is watched at once.
    rounds.soon();
  }

  const later = laterLook(parts, () => loop.ask());
  const loop = createWorkLoop({ ...parts, pass, mayRun: () => started && !settings.paused });
  const watch = parts.watching && createFolderWatch({ ...parts, watching: parts.watching, ...watchEars() });
  const rounds = createFolderRounds({
    ...parts,
    onAway: queue.setAway,
    onPresent: (folders) => watch?.follow(folders),
    timed: () => watch?.timed() ?? [],
    rescan: look,
  });

  function watchEars(): Pick<FolderWatchParts, 'onHint' | 'onLost' | 'onTrouble'> {
    return {
      onHint: (folderId, relDirs) => look([folderId], relDirs ? { within: relDirs } : undefined),
      onLost: () => rounds.soon(),
      onTrouble: (reason) => parts.onWatching?.(reason && { reason, everyMinutes: timedAgainMs / 60_000 }),
    };
  }

  return {
    start(chosen) {
      settings = chosen;
      started = true;
      rescan([]);
      rounds.start();
    },
    isStarted: () => started,
    rescan,
    wake: loop.ask,
    scanning: () => queue.scanning(),
    apply(chosen) {
      const before = settings;
      settings = { speed: chosen.speed, paused: chosen.paused };
      if (before.speed === chosen.speed && before.paused === chosen.paused) return;
      parts.onChange();
      void loop.interrupt().then(loop.ask);
    },
    progress: () => ({ ...parts.progress.read(), paused: settings.paused }),
    problem: loop.problem,
    retry() {
      loop.retry();
      rescan([]);
    },
    hold: loop.hold,
    async close() {
      rounds.close();
      await Promise.all([watch?.close(), loop.close()]);
      later.cancel();
    },
  };
}

async function wholePass(
  parts: BackgroundIndexerParts,
  queue: ReturnType<typeof createFolderQueue>,
  { speed }: Chosen,
  signal: AbortSignal,
): Promise<void> {
  const pace = paceOf(speed, { cores: parts.cores, lanes: parts.inference.lanes.length });
  await queue.fill(parts.db);
  // Those of an older library first, which may be all there is to do; those of new photos at the end.
  await parts.namePlaces?.(signal);
  await runBackgroundPass(parts, queue, pace, signal);
  await fillColours(parts, signal);
  await parts.namePlaces?.(signal);
}

/** Files that somebody still writes keep no pass going: another one begins for them. */
function laterLook({ settling, clock }: BackgroundIndexerParts, ask: () => void): { plan(): void; cancel(): void } {
  let cancel = (): void => undefined;
  return {
    plan() {
      const inMs = settling?.nextLookMs() ?? null;
      if (inMs === null) return;
      cancel();
      cancel = clock.after(inMs, ask);
    },
    cancel: () => cancel(),
  };
}
