// One pass of background work: looks through folders and works at once on what is found, until nothing is left. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderRow } from '../../library-db/library-rows.ts';
import { AppError, CancelledError, throwIfCancelled } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { FolderWalker } from '../../watching/folder-walker.ts';
import { runIndexing } from './index-run.ts';
import type { Pace } from './pace.ts';
import type { ProgressMeter } from './progress.ts';
import { scanFolder } from './scan-folder.ts';
import type { SettlingFiles } from './settling-files.ts';
import { stageVersions } from './stage-versions.ts';
import { onlyWholeFiles } from './whole-files.ts';
import { piecesOfNewPhoto, workLeft } from './work-left.ts';
import { createWorkSignal, type WorkSignal } from './work-signal.ts';

export interface BackgroundPassParts {
  readonly db: LibraryDb;
  readonly walker: FolderWalker;
  readonly inference: InferencePool;
  readonly progress: ProgressMeter;
  readonly clock: Clock;
  readonly log: Logger;
  /** Remembers, from one pass to the next, which files were seen to grow. Without it, files are read as soon as they are seen. */
  readonly settling?: SettlingFiles;
  /** Names the places of photos that have coordinates, until none is left. */
  namePlaces?(signal: AbortSignal): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Photos that fill a window: they appear before the first caption is written. */
const firstScreen = 40;

/** A folder to look through. */
export interface FolderVisit {
  readonly folder: FolderRow;
  /** Folders below it, relative to it, that are enough to look into; absent for everything. */
  readonly within?: readonly string[];
}

/** The folders of a pass: more may come while it runs. */
export interface FolderQueue {
  /** The next folder to look through, taken out; undefined where none is left for now. */
  take(): FolderVisit | undefined;
  /** Resolves when there may be one to take, or `signal` is aborted. */
  next(signal: AbortSignal): Promise<void>;
  /** It was looked through, or could not be. */
  seen(visit: FolderVisit): void;
  /** It was not looked through to its end, and waits again. */
  putBack(visit: FolderVisit): void;
}

/** @throws CancelledError when the signal was aborted, else the error that stopped the work; what was done is stored. */
export async function runBackgroundPass(
  parts: BackgroundPassParts,
  queue: FolderQueue,
  pace: Pace,
  signal: AbortSignal,
): Promise<void> {
  const { progress, clock, now, settling } = parts;
  const stop = new AbortController();
  const signals = AbortSignal.any([signal, stop.signal]);
  const db = settling ? onlyWholeFiles(parts.db, settling, parts, signals) : parts.db;
  await db.releaseClaims({ now: now() });
  const pack = await parts.inference.pack();
  const wanted = stageVersions(pack);
  const work = createWorkSignal(clock);
  progress.phase('scanning');
  const left = await workLeft(db, wanted);
  progress.setLeft(left);
  const scan = createScan(parts, queue, work);
  const allDone = new AbortController();
  const scanned = scan.run(signals, AbortSignal.any([signals, allDone.signal]));
  const indexed = runIndexing(
    {
      db,
      pack,
      wanted,
      left,
      progress,
      work,
      now,
      lanes: parts.inference.lanes.slice(0, pace.lanes),
      restShare: pace.restShare,
      lookFirst: firstScreen,
      isFed: scan.isGoing,
    },
    signals,
  ).finally(() => allDone.abort());
  // Whichever fails, the other is stopped and waited for: nothing of a pass is left running.
  const outcomes = await Promise.allSettled(
    [scanned, indexed].map((part) =>
      part.catch((error) => {
        stop.abort();
        throw error;
      }),
    ),
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const failure = errors.find((error) => !(error instanceof CancelledError)) ?? errors[0];
  if (failure) throw failure;
  progress.finish();
}

/** Looks through the folders of the queue, also through those that come while the work on the others goes on. */
function createScan(
  parts: BackgroundPassParts,
  queue: FolderQueue,
  work: WorkSignal,
): { run(signal: AbortSignal, end: AbortSignal): Promise<void>; isGoing(): boolean } {
  let going = true;

  async function takeAll(signal: AbortSignal): Promise<void> {
    for (let visit = queue.take(); visit; visit = queue.take()) {
      going = true;
      try {
        throwIfCancelled(signal);
        await scanOne(parts, visit, work, signal);
        queue.seen(visit);
      } catch (error) {
        queue.putBack(visit);
        throw error;
      }
    }
  }

  return {
    isGoing: () => going,
    async run(signal, end) {
      try {
        while (!end.aborted) {
          await takeAll(signal);
          going = false;
          if (parts.progress.read().phase === 'scanning') parts.progress.phase('reading');
          work.announce();
          await queue.next(end);
        }
      } finally {
        going = false;
        work.announce();
      }
    },
  };
}

/** A folder that cannot be read keeps no other from being looked through; its state is told by `library.folders`. */
async function scanOne(
  parts: BackgroundPassParts,
  { folder, within }: FolderVisit,
  work: WorkSignal,
  signal: AbortSignal,
): Promise<void> {
  const { db, progress } = parts;
  const observed: Pick<LibraryDb, 'beginScan' | 'applyScan' | 'finishScan'> = {
    beginScan: (input) => db.beginScan(input),
    finishScan: (input) => db.finishScan(input),
    // What is new is found out by the library itself; only that is work.
    async applyScan(input) {
      const counts = await db.applyScan(input);
      const fresh = counts.added + counts.changed;
      if (fresh === 0) return counts;
      progress.addLeft({ photos: fresh, pieces: fresh * piecesOfNewPhoto });
      work.announce();
      return counts;
    },
  };
  try {
    const outcome = await scanFolder({ ...parts, db: observed }, folder, {
      signal,
      onFiles: () => undefined,
      ...(within ? { within } : {}),
    });
    // A hint says nothing of what kept other files from being read.
    if (!within) await parts.db.retryPassing({ folderIds: [folder.id] });
    parts.log.info({ area: 'indexing', folderId: folder.id, within: within?.length, ...outcome }, 'scanned');
  } catch (error) {
    // The person took it out of the library meanwhile.
    const isGone = error instanceof AppError && error.code === 'input/invalid';
    if (!isGone && !(error instanceof AppError && error.code.startsWith('fs/'))) throw error;
    parts.log.info({ area: 'indexing', folderId: folder.id, err: error }, 'not scanned');
  }
}
