import { describe, expect, it } from 'vitest';
import { orientPixels } from '../../../../native-models/image/orient.ts';
import { normalise, type PreprocessSpec, preprocess } from '../../../../native-models/image/preprocess.ts';

const spec: PreprocessSpec = {
  width: 2,
  height: 1,
  fit: 'squash',
  kernel: 'lanczos3',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const pixels = Uint8Array.of(255, 128, 0, 51, 102, 204);

describe('normalise', () => {
  it('leaves bytes alone where the graph normalises', () => {
    expect(normalise(pixels, spec)).toBe(pixels);
  });

  it('puts planes first for NCHW', () => {
    expect(normalise(pixels, { ...spec, layout: 'NCHW' })).toEqual(Uint8Array.of(255, 51, 128, 102, 0, 204));
  });

  it('gives SigLIP its range of -1 to 1', () => {
    const half: [number, number, number] = [0.5, 0.5, 0.5];
    const out = normalise(pixels, { ...spec, type: 'float32', layout: 'NCHW', mean: half, std: half });
    expect(out).toEqual(Float32Array.from([1, 51 / 127.5 - 1, 128 / 127.5 - 1, 102 / 127.5 - 1, -1, 204 / 127.5 - 1]));
  });

  it('uses each channel its own mean and deviation', () => {
    const out = normalise(pixels, {
      ...spec,
      type: 'float32',
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
    const wanted = [
      (1 - 0.485) / 0.229,
      (128 / 255 - 0.456) / 0.224,
      -0.406 / 0.225,
      (0.2 - 0.485) / 0.229,
      (0.4 - 0.456) / 0.224,
      (0.8 - 0.406) / 0.225,
    ];
    expect(out).toEqual(Float32Array.from(wanted));
  });

  it('refuses pixels of another size', () => {
    expect(() => normalise(pixels, { ...spec, width: 3 })).toThrow(RangeError);
  });
});

describe('preprocess', () => {
  /** Grey columns of the given values, `height` rows. */
  function columns(values: number[], height: number) {
    const row = values.flatMap((value) => [value, value, value]);
    return { width: values.length, height, data: Uint8Array.from(new Array(height).fill(row).flat()) };
  }

  it('squashes the whole picture', async () => {
    const picture = columns([0, 0, 0, 0, 200, 200, 200, 200], 4);
    const out = await preprocess(picture, { ...spec, kernel: 'linear', width: 2, height: 4 });
    expect(out.width).toBe(2);
    const values = Array.from(out.data.subarray(0, 6));
    expect(values[0]).toBeLessThan(40);
    expect(values[3]).toBeGreaterThan(160);
  });

  it('covers the box and cuts the centre where the pack says so', async () => {
    const picture = columns([0, 0, 0, 100, 100, 0, 0, 0], 2);
    const out = await preprocess(picture, { ...spec, fit: 'cover', kernel: 'cubic', width: 2, height: 2 });
    expect(Array.from(out.data)).toEqual(new Array(12).fill(100));
  });
});

describe('orientPixels', () => {
  // Three pixels a row, two rows, each pixel's value its index.
  const stored = { width: 3, height: 2, data: Uint8Array.from([0, 1, 2, 3, 4, 5].flatMap((v) => [v, v, v])) };

  it.each([
    [1, 3, [0, 1, 2, 3, 4, 5]],
    [2, 3, [2, 1, 0, 5, 4, 3]],
    [3, 3, [5, 4, 3, 2, 1, 0]],
    [4, 3, [3, 4, 5, 0, 1, 2]],
    [5, 2, [0, 3, 1, 4, 2, 5]],
    [6, 2, [3, 0, 4, 1, 5, 2]],
    [7, 2, [5, 2, 4, 1, 3, 0]],
    [8, 2, [2, 5, 1, 4, 0, 3]],
  ])('turns a picture stored as %i upright', (orientation, width, values) => {
    const shown = orientPixels(stored, orientation);
    expect(shown.width).toBe(width);
    expect(Array.from(shown.data).filter((_, i) => i % 3 === 0)).toEqual(values);
  });
});
