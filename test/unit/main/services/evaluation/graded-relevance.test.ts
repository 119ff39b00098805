// nDCG and Kendall's tau against values worked out by hand and against the definition over all pairs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kendallTau, ndcgAt } from '../../../../../main/services/evaluation/graded-relevance.ts';

describe('ndcgAt', () => {
  it('is 1 for the ideal order, 0 without a relevant photo, and counts what was left out', () => {
    expect(ndcgAt(10, [3, 2, 1, 0], [0, 1, 2, 3])).toBe(1);
    expect(ndcgAt(10, [0, 0], [0, 0])).toBe(0);
    expect(ndcgAt(10, [0, 0], [1])).toBe(0);
  });

  it('discounts by the logarithm of the place', () => {
    expect(ndcgAt(10, [0, 2], [2])).toBeCloseTo(1 / Math.log2(3), 12);
    expect(ndcgAt(1, [0, 2], [2])).toBe(0);
    expect(ndcgAt(2, [1, 3], [3, 1])).toBeCloseTo((1 + 7 / Math.log2(3)) / (7 + 1 / Math.log2(3)), 12);
  });
});

/** Every pair compared, as the definition says. */
function tauOverPairs(xs: readonly number[], ys: readonly number[], variant: 'b' | 'c'): number {
  let [difference, untiedX, untiedY] = [0, 0, 0];
  for (const [i, x] of xs.entries()) {
    for (let j = 0; j < i; j += 1) {
      const [dx, dy] = [Math.sign(x - (xs[j] ?? 0)), Math.sign((ys[i] ?? 0) - (ys[j] ?? 0))];
      difference += dx * dy;
      untiedX += Math.abs(dx);
      untiedY += Math.abs(dy);
    }
  }
  if (variant === 'b') return difference / Math.sqrt(untiedX * untiedY);
  const grades = Math.min(new Set(xs).size, new Set(ys).size);
  return (2 * difference) / (xs.length ** 2 * (1 - 1 / grades));
}

describe('kendallTau', () => {
  it('is 1 for the same order and -1 for the reverse', () => {
    expect([kendallTau([1, 2, 3], [4, 5, 9], 'b'), kendallTau([1, 2, 3], [9, 5, 4], 'c')]).toEqual([1, -1]);
  });

  it('has no value where one side never differs', () => {
    expect([kendallTau([1, 1], [1, 2], 'b'), kendallTau([1, 1], [1, 2], 'c')]).toEqual([Number.NaN, Number.NaN]);
  });

  it('is what the definition over all pairs gives', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 9 })), {
      minLength: 2,
      maxLength: 40,
    });
    fc.assert(
      fc.property(pairs, fc.constantFrom('b' as const, 'c' as const), (list, variant) => {
        const [xs, ys] = [list.map(([x]) => x), list.map(([, y]) => y)];
        fc.pre(new Set(xs).size > 1 && new Set(ys).size > 1);
        expect(kendallTau(xs, ys, variant)).toBeCloseTo(tauOverPairs(xs, ys, variant), 12);
      }),
    );
  });
});
