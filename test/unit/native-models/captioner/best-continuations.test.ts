import fc from 'fast-check';
import { expect, it } from 'vitest';
import { insertBest, logSumExp, newBest } from '../../../../native-models/captioner/best-continuations.ts';

it('keeps the best in order, the earlier of equals first', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      (scores, size) => {
        const best = newBest(size);
        for (const [i, score] of scores.entries()) insertBest(best, score, i, i * 2);
        const wanted = scores
          .map((score, i) => ({ score, i }))
          .sort((a, b) => b.score - a.score || a.i - b.i)
          .slice(0, size);
        expect(Array.from(best.beams.subarray(0, best.count))).toEqual(wanted.map(({ i }) => i));
        expect(Array.from(best.tokens.subarray(0, best.count))).toEqual(wanted.map(({ i }) => i * 2));
        expect(best.least).toBe(best.count === size ? wanted.at(-1)?.score : Number.NEGATIVE_INFINITY);
      },
    ),
  );
});

it('never takes a NaN', () => {
  const best = newBest(2);
  insertBest(best, Number.NaN, 0, 0);
  expect(best.count).toBe(0);
});

it('sums exponentials without overflow', () => {
  expect(logSumExp(Float32Array.of(0, 0))).toBeCloseTo(Math.LN2, 10);
  expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.LN2, 10);
  expect(logSumExp(Float32Array.of(Number.NEGATIVE_INFINITY, 3))).toBe(3);
});
