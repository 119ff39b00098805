// The parts of a picture that are looked at one by one: they cover it, lie inside it and are not too many.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutPart, partBoxes } from '../../../../native-models/image/picture-parts.ts';
import type { PreprocessSpec } from '../../../../native-models/pack.ts';

const spec = {
  width: 2,
  height: 2,
  fit: 'squash',
  kernel: 'linear',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

describe('partBoxes', () => {
  it('takes 20 squares of a photo four by three', () => {
    const boxes = partBoxes({ width: 320, height: 240 });
    expect(boxes.length).toBe(20);
    expect(boxes[0]).toEqual({ left: 0, top: 0, right: 101 / 320, bottom: 101 / 240 });
    expect(boxes.at(-1)).toEqual({ left: 219 / 320, top: 139 / 240, right: 1, bottom: 1 });
  });

  it('turns with the photo', () => {
    const upright = partBoxes({ width: 240, height: 320 });
    const turned = partBoxes({ width: 320, height: 240 }).map(({ left, top }) => [top, left].join());
    expect(upright.map(({ left, top }) => [left, top].join()).sort()).toEqual(turned.sort());
  });

  it('stays inside any picture, reaches its corners and asks for at most 20 runs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 320 }), fc.integer({ min: 1, max: 320 }), (width, height) => {
        const boxes = partBoxes({ width, height });
        expect(boxes.length).toBeLessThanOrEqual(20);
        for (const { left, top, right, bottom } of boxes) {
          expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
          expect(Math.max(right, bottom)).toBeLessThanOrEqual(1);
          expect((right - left) * width).toBeCloseTo((bottom - top) * height, 6);
        }
        if (Math.min(width, height) < 3) return;
        expect(boxes[0]).toMatchObject({ left: 0, top: 0 });
        expect(boxes.at(-1)).toMatchObject({ right: 1, bottom: 1 });
      }),
    );
  });
});

describe('cutPart', () => {
  it('takes the pixels of the part and no others', async () => {
    const data = new Uint8Array(4 * 2 * 3);
    for (let i = 0; i < data.length; i += 1) data[i] = Math.floor(i / 3);
    const box = { left: 0.5, top: 0, right: 1, bottom: 1 };
    const part = await cutPart({ width: 4, height: 2, data }, box, spec as PreprocessSpec);
    expect(Array.from(part.data)).toEqual([2, 2, 2, 3, 3, 3, 6, 6, 6, 7, 7, 7]);
  });
});
