// The parts of a picture that are covered one by one: they lie inside it, and all of it is covered at each scale.
import { describe, expect, it } from 'vitest';
import { partBoxes, withoutPart } from '../../../../native-models/image/picture-parts.ts';
import type { PreprocessSpec } from '../../../../native-models/pack.ts';

const spec = { fit: 'squash', kernel: 'linear', layout: 'NHWC', type: 'uint8', mean: [0, 0, 0], std: [1, 1, 1] };

describe('partBoxes', () => {
  it('takes 16 quarters of the sides and 9 halves, each scale over the whole picture', () => {
    const boxes = partBoxes();
    expect(boxes.map(({ left, right }) => right - left)).toEqual([
      ...new Array(16).fill(0.25),
      ...new Array(9).fill(0.5),
    ]);
    for (const scale of [boxes.slice(0, 16), boxes.slice(16)]) {
      expect(scale[0]).toMatchObject({ left: 0, top: 0 });
      expect(scale.at(-1)).toMatchObject({ right: 1, bottom: 1 });
      for (const x of [0.1, 0.3, 0.6, 0.9]) {
        for (const y of [0.1, 0.3, 0.6, 0.9]) {
          const over = scale.filter(({ left, top, right, bottom }) => left <= x && x < right && top <= y && y < bottom);
          expect(over.length).toBeGreaterThan(0);
        }
      }
    }
  });
});

describe('withoutPart', () => {
  it('gives the part the picture’s mean colour, and leaves the rest and the picture itself alone', async () => {
    const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => (i % 3 === 0 ? 10 * Math.floor(i / 3) : 7));
    const picture = { width: 4, height: 2, data: new Uint8Array(data) };
    const box = { left: 0.5, top: 0, right: 1, bottom: 0.5 };
    const part = await withoutPart(picture, box, { ...spec, width: 4, height: 2 } as PreprocessSpec);
    const red = Array.from({ length: 8 }, (_, i) => part.data[i * 3]);
    expect(red).toEqual([0, 10, 35, 35, 40, 50, 60, 70]);
    expect(Array.from(part.data).filter((_, i) => i % 3 !== 0)).toEqual(new Array(16).fill(7));
    expect(picture.data).toEqual(data);
  });
});
