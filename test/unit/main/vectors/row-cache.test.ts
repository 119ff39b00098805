// The cache of full vectors: never stale, never over its budget for long.
import { describe, expect, it } from 'vitest';
import { createRowCache } from '../../../../main/vectors/row-cache.ts';

function setUp(budget: number) {
  const stored = new Map<number, Float32Array>();
  const reads: number[][] = [];
  const cache = createRowCache((ids) => {
    reads.push([...ids]);
    return ids.map((id) => stored.get(id) ?? null);
  }, budget);
  return { stored, reads, cache };
}

describe('row cache', () => {
  it('reads each row once, in the order asked, and asks again for what is not there', () => {
    const { stored, reads, cache } = setUp(1_000);
    stored.set(1, Float32Array.of(1)).set(2, Float32Array.of(2));
    expect(cache.rows([2, 7, 1])).toEqual([Float32Array.of(2), null, Float32Array.of(1)]);
    expect(cache.rows([1, 7, 2])).toEqual([Float32Array.of(1), null, Float32Array.of(2)]);
    expect(reads).toEqual([[2, 7, 1], [7]]);
  });

  it('reads again what was forgotten', () => {
    const { stored, cache } = setUp(1_000);
    stored.set(1, Float32Array.of(1));
    cache.rows([1]);
    stored.set(1, Float32Array.of(5));
    cache.forget(1);
    expect(cache.rows([1])).toEqual([Float32Array.of(5)]);
  });

  it('answers a request larger than its budget, then keeps within it', () => {
    const { stored, cache, reads } = setUp(8);
    for (const id of [1, 2, 3, 4]) stored.set(id, Float32Array.of(id));
    expect(cache.rows([1, 2, 3, 4]).map((row) => row?.[0])).toEqual([1, 2, 3, 4]);
    expect(cache.bytes()).toBe(8);
    cache.rows([3, 4]);
    expect(reads).toHaveLength(1);
  });
});
