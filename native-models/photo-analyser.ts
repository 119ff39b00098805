// Runs a pack's models over photos: one image run gives the vector and what the captioner reads. Inference process.
import type { Caption, CaptionPhotos } from './captioner/captioner.ts';
import { openFlorence2 } from './captioner/florence2.ts';
import { openGridDecoder } from './captioner/grid-decoder.ts';
import { rankCaptions } from './captioner/rank-captions.ts';
import type { ImageTower } from './embedding/image-tower.ts';
import { hasContent } from './embedding/normalise-text.ts';
import { stackPixels } from './embedding/stack-pixels.ts';
import { unitMean } from './embedding/vectors.ts';
import { ModelError } from './errors.ts';
import type { PixelTensor, PreprocessSpec } from './image/preprocess.ts';
import type { CaptionerSpec, Pack } from './pack.ts';
import type { PackGraphs } from './runtime/graphs.ts';
import { lazily } from './runtime/lazily.ts';
import type { ProviderName } from './runtime/providers.ts';
import type { TensorValue } from './runtime/tensors.ts';

/** What the caller needs of each photo. */
export interface Want {
  embedding: boolean;
  caption: boolean;
}

export interface PhotoAnalysis {
  /** Unit length. */
  embedding?: Float32Array;
  /** Best first, at most the pack's `captionsPerPhoto`; empty where the model found no words. */
  captions?: Caption[];
  /** Unit mean of the captions' sentence vectors; absent without captions or without a sentence model. */
  captionVector?: Float32Array;
}

export interface PhotoAnalyserParts {
  pack: Pack;
  graphs: PackGraphs;
  image: () => Promise<ImageTower>;
  embedText: (texts: readonly string[]) => Promise<{ text: Float32Array[]; sentence: Float32Array[] }>;
  embedSentences: (texts: readonly string[]) => Promise<Float32Array[]>;
  provider: () => Promise<ProviderName>;
}

export interface PhotoAnalyser {
  analyse(photos: readonly (readonly PixelTensor[])[], want: Want): Promise<PhotoAnalysis[]>;
  /** Loads the captioner. */
  warm(): Promise<unknown>;
}

/**
 * Photos per run. On a CPU a larger batch saves nothing in the image graph (measured: 117 ms a photo alone, 116 in fours) and a fourth of
 * the captioner's 20 ms, but with dynamic int8 it lets a photo's neighbours change its vector (cosine down to 0.998) and its caption,
 * and a run cannot be interrupted, so it is also how long the interactive lane waits. A GPU is idle without company.
 */
const batchSizeOn = { cpu: 1, gpu: 16 };

/** Inputs per photo, the shared image first; the order `analyse` expects them in. */
export function inputsFor({ image, captioner }: Pack, want: Want): PreprocessSpec[] {
  const specs: PreprocessSpec[] = [];
  const forCaption = captioner?.architecture === 'grid-decoder' || captioner?.ranking !== undefined;
  if (want.embedding || (want.caption && forCaption)) specs.push(image.preprocess);
  if (want.caption && captioner?.architecture === 'florence2') specs.push(captioner.preprocess);
  return specs;
}

export function createPhotoAnalyser(parts: PhotoAnalyserParts): PhotoAnalyser {
  const { pack, graphs, provider } = parts;
  const captioner = lazily(async (): Promise<CaptionPhotos> => {
    const spec = captionerOf(pack);
    return spec.architecture === 'florence2' ? openFlorence2(graphs, spec) : openGridDecoder(graphs, spec);
  });

  return {
    warm: captioner,
    async analyse(photos, want) {
      const size = (await provider()) === 'cpu' ? batchSizeOn.cpu : batchSizeOn.gpu;
      const seen: Seen[] = [];
      for (let start = 0; start < photos.length; start += size) {
        seen.push(...(await look(parts, captioner, photos.slice(start, start + size), want)));
      }
      if (want.caption) await settleCaptions(parts, seen);
      return seen.map(({ embedding, captions, captionVector }) => ({
        ...(want.embedding && embedding ? { embedding } : {}),
        ...(captions ? { captions } : {}),
        ...(captionVector ? { captionVector } : {}),
      }));
    },
  };
}

/** What the graphs said of a photo: its captions are every candidate until they are settled. */
type Seen = PhotoAnalysis;

async function look(
  { pack, image }: PhotoAnalyserParts,
  captioner: () => Promise<CaptionPhotos>,
  photos: readonly (readonly PixelTensor[])[],
  want: Want,
): Promise<Seen[]> {
  const done: Seen[] = photos.map(() => ({}));
  const spec = want.caption ? captionerOf(pack) : undefined;
  const shared = spec?.architecture === 'grid-decoder' ? spec.hiddenStates.output : undefined;
  const specs = inputsFor(pack, want);
  const needsVector = want.embedding || spec?.ranking !== undefined;
  let captionInput: TensorValue | undefined;

  if (needsVector || shared !== undefined) {
    const tower = await image();
    const wanted = [...(needsVector ? [tower.output] : []), ...(shared === undefined ? [] : [shared])];
    const outputs = await tower.run(inputColumn(photos, 0), wanted);
    if (needsVector) {
      for (const [i, vector] of tower.vectors(outputs, photos.length).entries()) (done[i] as Seen).embedding = vector;
    }
    if (shared !== undefined) captionInput = outputs[shared];
  }
  if (spec?.architecture === 'florence2')
    captionInput = stackPixels(inputColumn(photos, specs.length - 1), spec.preprocess);
  if (captionInput) {
    const captions = await (await captioner())(captionInput);
    // A caption without a word is none: it has no vector either, and must not fail the photos beside it.
    for (const [i, list] of captions.entries())
      (done[i] as Seen).captions = list.filter((caption) => hasContent(caption.text));
  }
  return done;
}

/**
 * Brings each photo's candidates into their final order, keeps the best, and adds the unit mean of their sentence vectors. The candidates of all photos
 * are embedded in one go: text models like large batches.
 */
async function settleCaptions(
  { pack, embedText, embedSentences }: PhotoAnalyserParts,
  seen: readonly Seen[],
): Promise<void> {
  const { ranking, captionsPerPhoto } = captionerOf(pack);
  if (!ranking) for (const photo of seen) photo.captions = (photo.captions ?? []).slice(0, captionsPerPhoto);
  if (!pack.sentence) return;
  const texts = seen.flatMap((photo) => (photo.captions ?? []).map((caption) => caption.text));
  const vectors = ranking ? await embedText(texts) : { text: [], sentence: await embedSentences(texts) };
  let at = 0;
  for (const photo of seen) {
    let candidates = (photo.captions ?? []).map((caption, i) => ({
      caption,
      text: vectors.text[at + i] as Float32Array,
      sentence: vectors.sentence[at + i] as Float32Array,
    }));
    at += candidates.length;
    if (ranking && photo.embedding) candidates = rankCaptions(candidates, photo.embedding, ranking);
    candidates = candidates.slice(0, captionsPerPhoto);
    photo.captions = candidates.map(({ caption }) => caption);
    if (candidates.length > 0) photo.captionVector = unitMean(candidates.map(({ sentence }) => sentence));
  }
}

function inputColumn(photos: readonly (readonly PixelTensor[])[], column: number): PixelTensor[] {
  return photos.map((inputs, i) => {
    const input = inputs[column];
    if (!input) throw new RangeError(`photo ${i} lacks input ${column}: decode it with inputsFor() of the same wish`);
    return input;
  });
}

function captionerOf(pack: Pack): CaptionerSpec {
  if (!pack.captioner) throw new ModelError('model/missing', `Pack ${pack.id} has no captioner.`);
  return pack.captioner;
}
