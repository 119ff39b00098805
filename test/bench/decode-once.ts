// Measures what one shared decode saves against a decode for each use, in CPU time. Benchmark process.

import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import { openFile } from '../../native-models/image/locked-sharp.ts';
import type { PreprocessSpec } from '../../native-models/image/preprocess.ts';
import { cameraPhoto } from './photos.ts';
import { thumbnailSide } from './pipeline-facts.ts';
import { cpuMsOf } from './results.ts';

export interface DecodeResult {
  readonly megapixels: number;
  readonly fileMb: number;
  /** CPU milliseconds per photo, best of the rounds. */
  readonly onceMs: number;
  readonly twiceMs: number;
  readonly ratio: number;
}

/** What the starter pack takes of a photo. */
const input: PreprocessSpec = {
  width: 224,
  height: 224,
  fit: 'squash',
  kernel: 'lanczos3',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** @param rounds of each way, by turns; the best of each counts. */
export async function measureDecodes(width: number, height: number, rounds: number): Promise<DecodeResult> {
  const bytes = await cameraPhoto(width, height);
  const photosPerRound = Math.max(2, Math.round(30e6 / (width * height)));
  const cost = async (work: () => Promise<unknown>): Promise<number> => {
    const ms = await cpuMsOf(async () => {
      for (let i = 0; i < photosPerRound; i++) await work();
    });
    return ms / photosPerRound;
  };
  let onceMs = Number.POSITIVE_INFINITY;
  let twiceMs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    onceMs = Math.min(onceMs, await cost(() => once(bytes)));
    twiceMs = Math.min(twiceMs, await cost(() => twice(bytes)));
  }
  const megapixels = (width * height) / 1e6;
  return { megapixels, fileMb: bytes.length / 1e6, onceMs, twiceMs, ratio: onceMs / twiceMs };
}

const once = (bytes: Buffer) => decodePhoto(bytes, { thumbnail: { longestSide: thumbnailSide }, inputs: [input] });

/** As programs do that treat thumbnail and model input apart: each opens the file and lets the decoder shrink on load. */
async function twice(bytes: Buffer): Promise<void> {
  const { width, height } = input;
  await openFile(bytes, {})
    .rotate()
    .resize({ width: thumbnailSide, height: thumbnailSide, fit: 'inside' })
    .webp({ effort: 0, quality: 75 })
    .toBuffer();
  await openFile(bytes, {}).rotate().resize({ width, height, fit: 'fill' }).removeAlpha().raw().toBuffer();
}
