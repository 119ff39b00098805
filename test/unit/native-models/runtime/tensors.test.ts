import { describe, expect, it } from 'vitest';
import { boolTensor, floatData, gatherRows, int64Tensor, reshape } from '../../../../native-models/runtime/tensors.ts';

describe('tensors', () => {
  it('widens float16 exactly', () => {
    // 1, -2, 65504 (largest), 2^-24 (smallest), 0.333 rounded, -0, infinity.
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555, 0x8000, 0x7c00);
    const widened = floatData({ type: 'float16', data: bits, dims: [7] });
    expect(Array.from(widened)).toEqual([1, -2, 65504, 2 ** -24, 0.333251953125, -0, Number.POSITIVE_INFINITY]);
    expect(floatData({ type: 'float16', data: Uint16Array.of(0x7e00), dims: [1] })[0]).toBeNaN();
  });

  it('refuses to read whole numbers as floats', () => {
    expect(() => floatData(int64Tensor([1], [1]))).toThrow('int64');
  });

  it('holds ids as 64-bit whole numbers and flags as bytes', () => {
    expect(int64Tensor([0, 30_522, -1], [3])).toEqual({
      type: 'int64',
      data: BigInt64Array.of(0n, 30_522n, -1n),
      dims: [3],
    });
    expect(boolTensor(true)).toEqual({ type: 'bool', data: Uint8Array.of(1), dims: [1] });
  });

  it('gathers rows of any type, also of an empty tensor', () => {
    expect(gatherRows(int64Tensor([1, 2, 3, 4], [2, 2]), [1, 1, 0])).toEqual(int64Tensor([3, 4, 3, 4, 1, 2], [3, 2]));
    const empty = { type: 'float32', data: new Float32Array(0), dims: [2, 3, 0] } as const;
    expect(gatherRows(empty, [1, 0, 1]).dims).toEqual([3, 3, 0]);
  });

  it('reshapes without copying', () => {
    const tensor = int64Tensor([1, 2, 3, 4], [4]);
    expect(reshape(tensor, [2, 2]).data).toBe(tensor.data);
  });
});
