import { expect, it } from 'vitest';
import { joinPrompt } from '../../../../native-models/captioner/florence2.ts';
import { gatherKeyValues, reshapeLeading } from '../../../../native-models/captioner/key-values.ts';
import { float32Tensor } from '../../../../native-models/runtime/tensors.ts';

const cache = { key: float32Tensor(Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]) };

it('moves rows, repeats and drops them', () => {
  const moved = gatherKeyValues(cache, Int32Array.of(2, 0, 2, 2));
  expect(moved['key']).toEqual(float32Tensor(Float32Array.of(5, 6, 1, 2, 5, 6, 5, 6), [4, 2]));
});

it('copies nothing where every row stays', () => {
  expect(gatherKeyValues(cache, Int32Array.of(0, 1, 2))['key']).toBe(cache.key);
  expect(gatherKeyValues(cache, Int32Array.of(0, 1))['key']?.dims).toEqual([2, 2]);
});

it('splits and joins leading dimensions over the same memory', () => {
  const split = reshapeLeading({ key: float32Tensor(new Float32Array(24), [6, 4]) }, 1, [2, 3]);
  expect(split['key']?.dims).toEqual([2, 3, 4]);
  expect(reshapeLeading(split, 2, [6])['key']?.dims).toEqual([6, 4]);
});

it('puts the prompt behind the tokens of each photo', () => {
  const image = float32Tensor(Float32Array.of(1, 2, 3, 4), [2, 1, 2]);
  const prompt = float32Tensor(Float32Array.of(8, 9), [1, 1, 2]);
  expect(joinPrompt(image, prompt, 2)).toEqual(float32Tensor(Float32Array.of(1, 2, 8, 9, 3, 4, 8, 9), [2, 2, 2]));
});
