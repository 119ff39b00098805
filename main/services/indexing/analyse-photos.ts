// One piece of background work: thumbnails, vectors and captions of claimed photos, stored together with the jobs' end. Shell process.
import type { AnalysedPhoto, AnalyseRequest, InferenceService, OpenedPack, Outcome } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ClaimedPhoto, Failure, PhotoResult, StageVersion, StoredVector } from '../../library-db/library-rows.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { Remote } from '../../platform/rpc.ts';
import { type Crashed, withCrashesBlamed } from './crash-blame.ts';
import { meanVector } from './mean-vector.ts';

/** One photo may take 20 s to decode and as long again for models on a slow machine. */
const timeoutMsPerPhoto = 60_000;

/** What work on words alone yields of the picture. */
const nothingSeen: AnalysedPhoto = {
  damaged: false,
  animated: false,
  thumbnail: null,
  embedding: null,
  captions: [],
  captionVector: null,
};

export interface AnalyseOutcome {
  /** Stages of photos that were done. */
  readonly donePieces: number;
  readonly failedPhotos: number;
  /** Stages that are given up with them. */
  readonly failedPieces: number;
}

/** A claimed photo, which may have been given its thumbnail beforehand. */
export type PhotoInHand = ClaimedPhoto & { readonly hasThumbnail?: boolean };

export async function analysePhotos(
  parts: { readonly db: LibraryDb; readonly pack: OpenedPack; readonly wanted: readonly StageVersion[]; now(): number },
  lane: Remote<InferenceService>,
  photos: readonly PhotoInHand[],
  signal: AbortSignal,
): Promise<AnalyseOutcome> {
  const ownVectors = await embedOwnCaptions(lane, photos);
  const outcomes = await withCrashesBlamed<PhotoInHand, Outcome<AnalysedPhoto>>(photos, (some) => {
    throwIfCancelled(signal);
    return runBatch(lane, some, signal);
  });
  const results: PhotoResult[] = [];
  const failed: ({ photoId: number; stages: StageVersion[] } & Failure)[] = [];
  const crashed: { photoId: number; stages: StageVersion[] }[] = [];
  photos.forEach((photo, index) => {
    const outcome: Outcome<AnalysedPhoto> | Crashed | undefined = outcomes[index];
    const stages = parts.wanted.filter((entry) => photo.stages.includes(entry.stage));
    const ownVector = ownVectors.get(photo.photoId);
    if (outcome !== 'crashed' && outcome?.ok) {
      results.push(toResult(parts.pack, photo, stages, outcome.value, ownVector));
      return;
    }
    // A picture that cannot be read takes nothing from the person's own words about it.
    const words = stages.filter((entry) => entry.stage === 'own');
    const pixels = stages.filter((entry) => entry.stage !== 'own');
    if (words.length > 0)
      results.push(toResult(parts.pack, { ...photo, stages: ['own'] }, words, nothingSeen, ownVector));
    if (outcome === 'crashed' || !outcome) crashed.push({ photoId: photo.photoId, stages: pixels });
    else
      failed.push({ photoId: photo.photoId, stages: pixels, code: outcome.error.code, message: outcome.error.message });
  });
  if (results.length > 0) await parts.db.completePhotos({ results, now: parts.now() });
  if (failed.length > 0) await parts.db.failPhotos({ photos: failed, now: parts.now() });
  // A process that ended while the run was being stopped is no photo's fault; the claim is given back with the run's end.
  if (crashed.length > 0 && !signal.aborted) await parts.db.strikePhotos({ photos: crashed, now: parts.now() });
  return {
    donePieces: results.reduce((sum, result) => sum + result.done.length, 0),
    failedPhotos: failed.length,
    failedPieces: failed.reduce((sum, { stages }) => sum + stages.length, 0),
  };
}

async function runBatch(
  lane: Remote<InferenceService>,
  photos: readonly PhotoInHand[],
  signal: AbortSignal,
): Promise<Outcome<AnalysedPhoto>[]> {
  const requests: AnalyseRequest[] = photos.map((photo) => ({
    path: photo.path,
    sha256: photo.sha256,
    thumbnail: photo.stages.includes('look') && photo.hasThumbnail !== true,
    embedding: photo.stages.includes('look'),
    caption: photo.stages.includes('caption'),
  }));
  const seesPixels = requests.filter((request) => request.embedding || request.caption);
  const analysed =
    seesPixels.length > 0
      ? await lane.analyse({ photos: seesPixels }, { signal, timeoutMs: timeoutMsPerPhoto * seesPixels.length })
      : [];
  return requests.map((request) => {
    const place = seesPixels.indexOf(request);
    return (place < 0 ? undefined : analysed[place]) ?? { ok: true, value: nothingSeen };
  });
}

/** Several captions of one photo are one vector: their unit mean, as for generated ones, so that the two are compared alike. */
async function embedOwnCaptions(
  lane: Remote<InferenceService>,
  photos: readonly ClaimedPhoto[],
): Promise<Map<number, Float32Array>> {
  const withWords = photos.filter((photo) => photo.stages.includes('own') && photo.ownCaptions.length > 0);
  const texts = withWords.flatMap((photo) => photo.ownCaptions);
  const vectors = new Map<number, Float32Array>();
  if (texts.length === 0) return vectors;
  const { sentence } = await lane.embedText({ texts });
  let next = 0;
  for (const photo of withWords) {
    vectors.set(photo.photoId, meanVector(sentence.slice(next, next + photo.ownCaptions.length)));
    next += photo.ownCaptions.length;
  }
  return vectors;
}

function toResult(
  pack: OpenedPack,
  photo: ClaimedPhoto,
  done: StageVersion[],
  analysed: AnalysedPhoto,
  ownVector: Float32Array | undefined,
): PhotoResult {
  const vectors: StoredVector[] = [];
  if (analysed.embedding) vectors.push({ kind: 'image', modelId: pack.imageModelId, data: analysed.embedding });
  if (analysed.captionVector)
    vectors.push({ kind: 'caption', modelId: pack.sentenceModelId, data: analysed.captionVector });
  if (ownVector) vectors.push({ kind: 'own', modelId: pack.sentenceModelId, data: ownVector });
  return {
    photoId: photo.photoId,
    done,
    vectors,
    ...(analysed.thumbnail ? { thumbnail: analysed.thumbnail } : {}),
    ...(photo.stages.includes('caption') ? { captions: { model: pack.captionModelId, texts: analysed.captions } } : {}),
    ...(photo.stages.includes('look') ? { damaged: analysed.damaged, animated: analysed.animated } : {}),
  };
}
