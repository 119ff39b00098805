// Works until nothing is left: one loop for each inference lane, each claiming its next piece of work from the database. Shell process.
import { basename } from 'node:path';
import type { InferenceService, OpenedPack } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ClaimedPhoto, StageVersion } from '../../library-db/library-rows.ts';
import { CancelledError, throwIfCancelled } from '../../platform/app-error.ts';
import type { Remote } from '../../platform/rpc.ts';
import { analysePhotos, type PhotoInHand } from './analyse-photos.ts';
import { makeFirstThumbnails } from './first-thumbnails.ts';
import { identifyFiles } from './identify-files.ts';
import type { ProgressMeter } from './progress.ts';
import { piecesOfNewPhoto, type WorkLeft } from './work-left.ts';
import type { WorkSignal } from './work-signal.ts';

export interface IndexRunParts {
  readonly db: LibraryDb;
  readonly pack: OpenedPack;
  readonly wanted: readonly StageVersion[];
  readonly lanes: readonly Remote<InferenceService>[];
  /** Told of `left` already. */
  readonly progress: ProgressMeter;
  /** As counted before the run. */
  readonly left: WorkLeft;
  /** Epoch milliseconds. */
  now(): number;
  /** Lets idle lanes wait for others' results or for the time of a retry. */
  readonly work: WorkSignal;
  /** More work may still be found by someone else, who announces it and at last its end: lanes without work wait for it. */
  isFed?(): boolean;
  /** So many photos get their thumbnails before a model is used, and are looked at before any is captioned, where somebody waits to see the first; 0 where left out. */
  readonly lookFirst?: number;
  /** A lane rests this long for each millisecond of work; 0 where left out. */
  readonly restShare?: number;
}

/** Hashing is cheap and the claim a transaction: a large batch. */
const filesPerClaim = 16;
/** Eight is where batching stops paying on a CPU; it also bounds how long a waiting query can be behind a graph run. */
const photosPerClaim = 8;
/**
 * With more photos waiting than this, image vectors come first for all of them and captions follow: a large library can be searched hours earlier.
 * Below it, both are made from one image run, which costs less.
 */
const captionTogetherBelow = 2_000;

/** With so many photos identified and not yet looked at, looking goes first: results must not wait until every file has been read. */
const enoughIdentified = 64;

/**
 * @returns how many files were read again and hold what they held, and how many photos the models were used on.
 * @throws CancelledError when the signal was aborted; whatever was done is stored, whatever was claimed is free again.
 */
export async function runIndexing(
  input: IndexRunParts,
  signal: AbortSignal,
): Promise<{ same: number; analysed: number }> {
  const { poisons } = await input.db.useDecoder({ version: input.pack.decoder });
  const parts: RunParts = { ...input, poisons: new Set(poisons), done: { same: 0, photoIds: new Set() } };
  const stop = new AbortController();
  const signals = AbortSignal.any([signal, stop.signal]);
  const backlog = { photos: parts.left.photos - parts.left.unidentified };
  const looked = { photos: 0 };
  let busy = 0;

  /** Asked anew for each piece of work: a folder may be found to be large while its first photos are done. */
  function together(): boolean {
    if (looked.photos < (parts.lookFirst ?? 0)) return false;
    const { total, done, failed } = parts.progress.read();
    return parts.pack.sharesImageRun && total - done - failed < captionTogetherBelow;
  }

  async function step(lane: Remote<InferenceService>, shown: PhotoInHand[]): Promise<boolean> {
    busy++;
    try {
      return await workOnce(parts, lane, { together: together(), backlog, looked, shown, signal: signals });
    } finally {
      busy--;
    }
  }

  async function runLane(lane: Remote<InferenceService>): Promise<void> {
    const shown: PhotoInHand[] = [];
    for (;;) {
      throwIfCancelled(signals);
      const seen = parts.work.version();
      const startedAt = parts.now();
      if (await step(lane, shown)) {
        // Only what changed the state of the work is announced: idle lanes that woke each other would never rest.
        parts.work.announce();
        await parts.work.rest((parts.restShare ?? 0) * (parts.now() - startedAt), signals);
        continue;
      }
      const retryInMs = await untilRetry(parts);
      if (busy === 0 && retryInMs === null && !parts.isFed?.()) break;
      await parts.work.next(seen, retryInMs, signals);
    }
    parts.work.announce();
  }

  const runs = parts.lanes.map((lane) =>
    runLane(lane).catch((error) => {
      // One lane's fault (a full disk, models gone) is every lane's: the others stop at their next step.
      stop.abort();
      throw error;
    }),
  );
  const outcomes = await Promise.allSettled(runs);
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  if (errors.length === 0) return { same: parts.done.same, analysed: parts.done.photoIds.size };
  // A store that fails even here is the error already in hand; the next run frees the claims first of all.
  await parts.db.releaseClaims({ now: parts.now() }).catch(() => undefined);
  throw errors.find((error) => !(error instanceof CancelledError)) ?? errors[0];
}

/** What a run knows besides what it was given. */
type RunParts = IndexRunParts & {
  readonly poisons: Set<string>;
  /** `photoIds`: those that the models were used on. */
  readonly done: { same: number; readonly photoIds: Set<number> };
};

interface Step {
  readonly together: boolean;
  /** Photos known to wait; a hint that decides the order of work, not whether there is any. */
  readonly backlog: { photos: number };
  readonly looked: { photos: number };
  /** In this lane's hand: they were shown, and are to be looked at. */
  readonly shown: PhotoInHand[];
  readonly signal: AbortSignal;
}

/** Does the next piece of work. @returns false where none could be claimed. */
async function workOnce(parts: RunParts, lane: Remote<InferenceService>, step: Step): Promise<boolean> {
  if (step.looked.photos < (parts.lookFirst ?? 0)) {
    if ((await showOnce(parts, lane, step)) || (await identifyOnce(parts, lane, step))) return true;
  }
  if (step.shown.length > 0) {
    await analyse(parts, lane, step.shown.splice(0, photosPerClaim), step.signal);
    return true;
  }
  if (step.backlog.photos >= enoughIdentified && (await lookOnce(parts, lane, step))) return true;
  return (await identifyOnce(parts, lane, step)) || (await lookOnce(parts, lane, step));
}

async function identifyOnce(
  parts: RunParts,
  lane: Remote<InferenceService>,
  { backlog, signal }: Step,
): Promise<boolean> {
  const files = await parts.db.claimFiles({ limit: filesPerClaim, now: parts.now() });
  if (files.length === 0) return false;
  parts.progress.current(nameOf(files));
  const { failed, copies, same } = await identifyFiles(parts, lane, files, signal);
  if (failed > 0) parts.progress.addFailed(failed, failed * piecesOfNewPhoto);
  if (copies > 0) parts.progress.addDone(copies * piecesOfNewPhoto);
  backlog.photos += files.length - failed - copies;
  parts.done.same += same;
  return true;
}

/** The first photos appear before the models have been loaded. */
async function showOnce(parts: RunParts, lane: Remote<InferenceService>, step: Step): Promise<boolean> {
  const photos = await claim({ ...parts, wanted: parts.wanted.filter(({ stage }) => stage === 'look') }, step);
  if (photos.length === 0) return false;
  const made = await makeFirstThumbnails(parts, lane, photos, step.signal);
  step.shown.push(...photos.map((photo) => ({ ...photo, hasThumbnail: made.has(photo.photoId) })));
  return true;
}

async function lookOnce(parts: RunParts, lane: Remote<InferenceService>, step: Step): Promise<boolean> {
  const photos = await claim(parts, step);
  if (photos.length === 0) return false;
  await analyse(parts, lane, photos, step.signal);
  return true;
}

async function claim(parts: RunParts, { together, backlog, looked }: Step): Promise<ClaimedPhoto[]> {
  const photos = await parts.db.claimPhotos({
    wanted: parts.wanted,
    together,
    limit: photosPerClaim,
    now: parts.now(),
  });
  backlog.photos = photos.length === 0 ? 0 : Math.max(0, backlog.photos - photos.length);
  looked.photos += photos.length;
  if (photos.length === 0) return photos;
  parts.progress.phase('indexing');
  parts.progress.current(nameOf(photos));
  return photos;
}

async function analyse(
  parts: RunParts,
  lane: Remote<InferenceService>,
  photos: readonly PhotoInHand[],
  signal: AbortSignal,
): Promise<void> {
  const outcome = await analysePhotos(parts, lane, photos, signal);
  for (const { photoId } of photos) parts.done.photoIds.add(photoId);
  if (outcome.donePieces > 0) parts.progress.addDone(outcome.donePieces);
  if (outcome.failedPhotos > 0) parts.progress.addFailed(outcome.failedPhotos, outcome.failedPieces);
}

function nameOf(files: readonly { readonly path: string }[]): string | null {
  return files[0] ? basename(files[0].path) : null;
}

async function untilRetry(parts: RunParts): Promise<number | null> {
  const at = await parts.db.nextRetryAt({ wanted: parts.wanted });
  return at === null ? null : Math.max(0, at - parts.now());
}
