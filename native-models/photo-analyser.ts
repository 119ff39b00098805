// Runs a pack's models over photos: one image run gives the vector and what the captioner reads. Inference process.
import type { Caption, CaptionPhotos } from './captioner/captioner.ts';
import { openFlorence2 } from './captioner/florence2.ts';
import { openGridDecoder } from './captioner/grid-decoder.ts';
import type { ImageTower } from './embedding/image-tower.ts';
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
  if (want.embedding || (want.caption && captioner?.architecture === 'grid-decoder')) specs.push(image.preprocess);
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
      const done: PhotoAnalysis[] = [];
      for (let start = 0; start < photos.length; start += size) {
        done.push(...(await analyseBatch(parts, captioner, photos.slice(start, start + size), want)));
      }
      if (want.caption && pack.sentence) await addCaptionVectors(done, parts.embedSentences);
      return done;
    },
  };
}

async function analyseBatch(
  { pack, image }: PhotoAnalyserParts,
  captioner: () => Promise<CaptionPhotos>,
  photos: readonly (readonly PixelTensor[])[],
  want: Want,
): Promise<PhotoAnalysis[]> {
  const done: PhotoAnalysis[] = photos.map(() => ({}));
  const spec = want.caption ? captionerOf(pack) : undefined;
  const shared = spec?.architecture === 'grid-decoder' ? spec.hiddenStates.output : undefined;
  const specs = inputsFor(pack, want);
  let captionInput: TensorValue | undefined;

  if (want.embedding || shared !== undefined) {
    const tower = await image();
    const wanted = [...(want.embedding ? [tower.output] : []), ...(shared === undefined ? [] : [shared])];
    const outputs = await tower.run(inputColumn(photos, 0), wanted);
    if (want.embedding) {
      for (const [i, vector] of tower.vectors(outputs, photos.length).entries())
        (done[i] as PhotoAnalysis).embedding = vector;
    }
    if (shared !== undefined) captionInput = outputs[shared];
  }
  if (spec?.architecture === 'florence2')
    captionInput = stackPixels(inputColumn(photos, specs.length - 1), spec.preprocess);
  if (captionInput) {
    const captions = await (await captioner())(captionInput);
    for (const [i, list] of captions.entries()) (done[i] as PhotoAnalysis).captions = list;
  }
  return done;
}

/** All captions of the call in one go: sentence models like large batches. */
async function addCaptionVectors(
  done: readonly PhotoAnalysis[],
  embedSentences: PhotoAnalyserParts['embedSentences'],
): Promise<void> {
  const texts = done.flatMap((photo) => (photo.captions ?? []).map((caption) => caption.text));
  const vectors = await embedSentences(texts);
  let at = 0;
  for (const photo of done) {
    const count = photo.captions?.length ?? 0;
    if (count > 0) photo.captionVector = unitMean(vectors.slice(at, at + count));
    at += count;
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
