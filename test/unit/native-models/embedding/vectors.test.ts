import { describe, expect, it } from 'vitest';
import { stackPixels } from '../../../../native-models/embedding/stack-pixels.ts';
import { pool, unitMean, unitRows } from '../../../../native-models/embedding/vectors.ts';
import type { PreprocessSpec } from '../../../../native-models/pack.ts';

describe('vectors', () => {
  it('brings rows to unit length, each in memory of its own', () => {
    const rows = unitRows(Float32Array.of(3, 4, 0, -2), 2, 2);
    expect(rows).toEqual([Float32Array.of(0.6, 0.8), Float32Array.of(0, -1)]);
    expect(rows[0]?.buffer.byteLength).toBe(8);
  });

  it.each([
    ['zero', [0, 0]],
    ['NaN', [1, Number.NaN]],
    ['infinity', [1, Number.POSITIVE_INFINITY]],
    ['too few', [1]],
  ])('refuses %s', (_, values) => {
    expect(() => unitRows(Float32Array.from(values), 1, 2)).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });

  it('takes the unit mean, which follows direction', () => {
    const mean = unitMean([Float32Array.of(1, 0), Float32Array.of(0, 1)]);
    expect(mean[0]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(() => unitMean([])).toThrow(RangeError);
  });

  it('pools by the first token, and over the tokens that stand', () => {
    const output = {
      data: Float32Array.of(1, 2, 3, 4, 9, 9, 5, 6, 9, 9, 9, 9),
      dims: [2, 3, 2],
      mask: Uint8Array.of(1, 1, 0, 1, 0, 0),
    };
    expect(pool(output, 'cls', 2)).toEqual(Float32Array.of(1, 2, 5, 6));
    expect(pool(output, 'mean', 2)).toEqual(Float32Array.of(4, 6, 5, 6));
    expect(pool({ ...output, dims: [2, 2] }, 'none', 2)).toBe(output.data);
    expect(() => pool(output, 'cls', 3)).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });

  it('stacks photos in order and refuses what was prepared for another model', () => {
    const spec: PreprocessSpec = {
      width: 1,
      height: 1,
      fit: 'squash',
      kernel: 'linear',
      layout: 'NCHW',
      type: 'uint8',
      mean: [0, 0, 0],
      std: [1, 1, 1],
    };
    const photo = (...data: number[]) => ({ width: 1, height: 1, data: Uint8Array.from(data) });
    expect(stackPixels([photo(1, 2, 3), photo(4, 5, 6)], spec)).toEqual({
      type: 'uint8',
      data: Uint8Array.of(1, 2, 3, 4, 5, 6),
      dims: [2, 3, 1, 1],
    });
    expect(stackPixels([photo(1, 2, 3)], { ...spec, layout: 'NHWC' }).dims).toEqual([1, 1, 1, 3]);
    expect(() => stackPixels([photo(1, 2)], spec)).toThrow(RangeError);
    expect(() => stackPixels([photo(1, 2, 3)], { ...spec, type: 'float32' })).toThrow(RangeError);
  });
});
