// Turns the shared decoded picture into what one model takes. Inference process; the arithmetic is pure, the resize is sharp's.
import type { PreprocessSpec } from '../pack.ts';
import { openPixels } from './locked-sharp.ts';

export type { PreprocessSpec } from '../pack.ts';

/** Pixels. */
export interface Size {
  width: number;
  height: number;
}

/** Interleaved 8-bit sRGB, three channels, already upright; its sides may be scaled apart. */
export interface RawPicture extends Size {
  data: Uint8Array;
}

/** One photo as a model's input, without the batch dimension, laid out as its spec says. */
export interface PixelTensor {
  width: number;
  height: number;
  data: Uint8Array | Float32Array;
}

/** Resizes with anti-aliasing and normalises; the picture should be no smaller than the spec on either side. */
export async function preprocess(picture: RawPicture, spec: PreprocessSpec): Promise<PixelTensor> {
  const { width, height } = spec;
  const isExact = picture.width === width && picture.height === height;
  const pixels = isExact
    ? picture.data
    : await openPixels(picture)
        .resize({
          width,
          height,
          fit: spec.fit === 'squash' ? 'fill' : 'cover',
          kernel: spec.kernel,
          fastShrinkOnLoad: false,
        })
        .raw()
        .toBuffer();
  return { width, height, data: normalise(pixels, spec) };
}

/** Interleaved RGB bytes as the graph wants them: `(x / 255 - mean) / std` for float32, planes first for NCHW. */
export function normalise(pixels: Uint8Array, spec: PreprocessSpec): Uint8Array | Float32Array {
  const area = spec.width * spec.height;
  if (pixels.length !== area * 3)
    throw new RangeError(`${pixels.length} bytes are not ${spec.width}x${spec.height} RGB`);
  if (spec.type === 'uint8' && spec.layout === 'NHWC') return pixels;
  const out = spec.type === 'uint8' ? new Uint8Array(area * 3) : new Float32Array(area * 3);
  for (let channel = 0; channel < 3; channel += 1) {
    const table = channelTable(spec, channel);
    const step = spec.layout === 'NCHW' ? 1 : 3;
    let to = spec.layout === 'NCHW' ? channel * area : channel;
    for (let from = channel; from < pixels.length; from += 3, to += step)
      out[to] = table[pixels[from] as number] as number;
  }
  return out;
}

/** All 256 outcomes of one channel: a look-up is cheaper than a division per pixel. */
function channelTable(spec: PreprocessSpec, channel: number): Float64Array {
  const table = new Float64Array(256);
  const mean = spec.mean[channel] as number;
  const std = spec.std[channel] as number;
  for (let x = 0; x < 256; x += 1) table[x] = spec.type === 'uint8' ? x : (x / 255 - mean) / std;
  return table;
}
