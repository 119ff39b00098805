// The part of a library that hands out work on photos and takes the results. Library thread.
import { writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import type { ClaimedPhoto, Failure, PhotoResult, Stage, StageVersion } from './library-rows.ts';
import { absolutePath, type OpenStore, refreshWords } from './open-store.ts';
import { poisonMessage, retryAt, strikesToPoison } from './work-state.ts';

type PhotoMethods = Pick<
  LibraryDb,
  'claimPhotos' | 'completePhotos' | 'failPhotos' | 'strikePhotos' | 'releaseClaims' | 'nextRetryAt'
>;

export function photoMethods(store: OpenStore): PhotoMethods {
  const { library, jobs, fileWork } = store;
  return {
    claimPhotos: async ({ wanted, together, limit, now }) =>
      writing(library, () => {
        useVersions(store, wanted);
        jobs.wake(now);
        return hydrate(store, claim(store, wanted, together, limit));
      }),
    completePhotos: async ({ results, now }) => complete(store, results, now),
    failPhotos: async ({ photos, now }) =>
      writing(library, () => {
        for (const { photoId, stages, code, message } of photos)
          failPhoto(store, photoId, stages, { code, message }, now);
      }),
    strikePhotos: async ({ photos, now }) =>
      writing(library, () => ({
        poisoned: photos
          .filter((photo) => strikePhoto(store, photo.photoId, photo.stages, now))
          .map((photo) => photo.photoId),
      })),
    releaseClaims: async () => writing(library, () => ({ files: fileWork.releaseAll(), photos: jobs.releaseAll() })),
    nextRetryAt: async ({ wanted }) => {
      const times = [fileWork.nextDue(), jobs.nextDue(wanted.map((stage) => stage.stage))].filter(
        (time) => time !== null,
      );
      return times.length === 0 ? null : Math.min(...times);
    },
  };
}

/** Work done under another version than is asked for is work to do again. */
function useVersions(store: OpenStore, wanted: readonly StageVersion[]): void {
  for (const { stage, version } of wanted) {
    if (store.jobs.version(stage) !== version) store.jobs.setVersion(stage, version);
  }
}

/** The stages taken in hand by photo, in order of claim. */
function claim(
  store: OpenStore,
  wanted: readonly StageVersion[],
  together: boolean,
  limit: number,
): Map<number, Stage[]> {
  const claimed = new Map<number, Stage[]>();
  for (const [index, { stage }] of wanted.entries()) {
    const photoIds = store.jobs.claim(stage, limit - claimed.size);
    for (const photoId of photoIds) claimed.set(photoId, [stage]);
    if (!together && photoIds.length > 0) break;
    // Photos that lack an earlier stage were claimed with it already, so only later ones can be added.
    for (const { stage: later } of together ? wanted.slice(index + 1) : []) {
      for (const photoId of store.jobs.claimAlso(later, photoIds)) claimed.get(photoId)?.push(later);
    }
    if (claimed.size >= limit) break;
  }
  return claimed;
}

function hydrate(store: OpenStore, claimed: Map<number, Stage[]>): ClaimedPhoto[] {
  return store.lookups.places([...claimed.keys()]).map((place) => {
    const stages = claimed.get(place.photoId) ?? [];
    return {
      photoId: place.photoId,
      sha256: place.sha256.toString('hex'),
      path: absolutePath(place.folderPath, place.relPath),
      stages,
      ownCaptions: stages.includes('own') ? store.captions.own(place.photoId) : [],
    };
  });
}

/**
 * Thumbnails lie in a file of their own and are committed first: a crash between the two leaves a thumbnail too many, and the work is done again.
 */
function complete(store: OpenStore, results: readonly PhotoResult[], now: number): void {
  const { thumbnailsDb, thumbnails } = store;
  if (thumbnailsDb && thumbnails && results.some((result) => result.thumbnail)) {
    writing(thumbnailsDb, () => {
      for (const { photoId, thumbnail } of results) if (thumbnail) thumbnails.put(photoId, thumbnail);
    });
  }
  writing(store.library, () => {
    for (const result of results) completePhoto(store, result, now);
  });
}

function completePhoto(store: OpenStore, result: PhotoResult, now: number): void {
  const { photoId } = result;
  // The person wrote other captions while these were being read: their job was opened anew, and these vectors are of words that are gone.
  const isOwnStale = store.jobs.inHand(photoId, 'own')?.state !== 'running';
  for (const { kind, modelId, data } of result.vectors) {
    if (kind !== 'own' || !isOwnStale) store.vectors.put(photoId, kind, modelId, data);
  }
  if (result.captions) {
    store.captions.replaceGenerated(photoId, result.captions.model, result.captions.texts, now);
    refreshWords(store, photoId);
  }
  if (result.damaged !== undefined) store.photos.setDamaged(photoId, result.damaged);
  if (result.animated !== undefined) store.gallery.setAnimated(photoId, result.animated);
  if (result.thumbnail) store.gallery.renewThumbnail(photoId, result.thumbnail.colour ?? null);
  for (const { stage, version } of result.done) {
    if (stage === 'own' && isOwnStale) continue;
    if (stage !== 'own') store.poisons.forgive(photoId);
    const asked = store.jobs.version(stage);
    store.jobs.finish(photoId, stage, version, asked === undefined || asked === version ? 'done' : 'ready');
  }
}

function failPhoto(
  store: OpenStore,
  photoId: number,
  stages: readonly StageVersion[],
  failure: Failure,
  now: number,
): void {
  for (const { stage, version } of stages) {
    const stored = store.jobs.inHand(photoId, stage);
    if (!stored) continue;
    const notBefore = retryAt(failure.code, stored.attempts, now, store.random);
    if (notBefore === null) store.jobs.fail(photoId, stage, version, failure.code, failure.message);
    else store.jobs.wait(photoId, stage, version, notBefore, failure.code, failure.message);
  }
  if (failure.code.startsWith('decode/')) store.jobs.failOtherPictureStages(photoId, failure.code, failure.message);
}

/** True where this strike was the last one of any of the stages. */
function strikePhoto(store: OpenStore, photoId: number, stages: readonly StageVersion[], now: number): boolean {
  // Two lanes may have had it in hand for two stages: it is the bytes that end the process.
  const ofBytes = store.poisons.strikePhoto(photoId, now);
  let isPoison = false;
  for (const { stage, version } of stages) {
    const stored = store.jobs.inHand(photoId, stage);
    if (!stored) continue;
    store.jobs.strike(photoId, stage);
    if (Math.max(stored.crashStrikes + 1, ofBytes) < strikesToPoison) continue;
    isPoison = true;
    store.jobs.fail(photoId, stage, version, 'decode/poison', poisonMessage);
  }
  if (isPoison) {
    store.jobs.failOtherPictureStages(photoId, 'decode/poison', poisonMessage);
    store.poisons.quarantine(photoId, strikesToPoison, now);
  }
  return isPoison;
}
