// The colour a tile shows before its picture is there. Inference process; pure.
import type { RawPicture } from './preprocess.ts';

/** Pixels looked at: enough for a colour that does not change when the picture is scaled, and a tenth of a millisecond. */
const sampled = 4096;
/** Levels of each channel are told apart in steps of 32: shades of one sky fall together. */
const shift = 5;
const bins = 1 << (3 * (8 - shift));

/** Mean of the most frequent group of like colours, as RGB 5-6-5; of groups equally frequent the darkest. */
export function dominantColour({ width, height, data }: RawPicture): number {
  const pixels = width * height;
  // An odd step does not fall into the columns of a picture whose width is a power of two.
  const step = Math.max(1, Math.floor(pixels / sampled)) | 1;
  const counts = new Uint32Array(bins);
  const sums = new Float64Array(bins * 3);
  for (let pixel = 0; pixel < pixels; pixel += step) {
    const at = pixel * 3;
    const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
    const bin = ((((red >> shift) << 3) | (green >> shift)) << 3) | (blue >> shift);
    counts[bin] = (counts[bin] ?? 0) + 1;
    sums[bin * 3] = (sums[bin * 3] ?? 0) + red;
    sums[bin * 3 + 1] = (sums[bin * 3 + 1] ?? 0) + green;
    sums[bin * 3 + 2] = (sums[bin * 3 + 2] ?? 0) + blue;
  }
  const most = counts.indexOf(counts.reduce((best, count) => Math.max(best, count), 0));
  const mean = (channel: number): number =>
    Math.round((sums[most * 3 + channel] ?? 0) / Math.max(1, counts[most] ?? 1));
  return rgb565(mean(0), mean(1), mean(2));
}

/** Each channel 0 to 255, packed as 5, 6 and 5 bits, red first. */
export function rgb565(red: number, green: number, blue: number): number {
  return ((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3);
}
