// Covers one part of a picture after the other, so that a model tells what each contributes: what the score loses without it. Inference process; the resize is sharp's.
import { type PixelTensor, type PreprocessSpec, preprocess, type RawPicture } from './preprocess.ts';

/** Sides as shares of the picture's width and height, from the top left. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Quarters of the sides edge to edge, then halves that overlap by half: small ones find small things, large ones those that no small one hides. Each
 * costs a run of the image model. Alone, either finds less; figures in `docs/evaluation.md`.
 */
const scales = [
  { side: 1 / 4, along: 4 },
  { side: 1 / 2, along: 3 },
];

/** The parts, row by row at each scale. The same for every picture. */
export function partBoxes(): Box[] {
  return scales.flatMap(({ side, along }) => {
    const starts = Array.from({ length: along }, (_, i) => (i * (1 - side)) / (along - 1));
    return starts.flatMap((top) => starts.map((left) => ({ left, top, right: left + side, bottom: top + side })));
  });
}

/** The picture without the part, as a model's input: it has the picture's mean colour there, which hardly looks like anything. */
export function withoutPart(picture: RawPicture, box: Box, spec: PreprocessSpec): Promise<PixelTensor> {
  const { width, height } = picture;
  const data = new Uint8Array(picture.data);
  const mean = meanColour(picture);
  const [left, right] = [Math.round(box.left * width), Math.round(box.right * width)];
  for (let y = Math.round(box.top * height); y < Math.round(box.bottom * height); y += 1) {
    for (let x = left; x < right; x += 1) data.set(mean, (y * width + x) * 3);
  }
  return preprocess({ width, height, data }, spec);
}

function meanColour({ data }: RawPicture): Uint8Array {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 1) sums[i % 3] = (sums[i % 3] as number) + (data[i] as number);
  return Uint8Array.from(sums, (sum) => Math.round((3 * sum) / data.length));
}
