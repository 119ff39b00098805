// Hit rates, median rank, MRR and their intervals.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RankedQuery, summariseRanks } from '../../../../../main/services/evaluation/retrieval.ts';
import { RetrievalSummary } from '../../../../../preload/contract/evaluation.ts';

const each = (...ranks: (number | null)[]): RankedQuery[] => ranks.map((rank, index) => ({ photo: `p${index}`, rank }));

describe('summariseRanks', () => {
  it('measures what the ranks say', () => {
    const { ci95, ...figures } = summariseRanks(each(1, 2, 6, 11, null, 1));
    expect(figures).toEqual({ p1: 33.3, p5: 50, p10: 66.7, medianRank: 4, mrr: 0.4596 });
    expect(ci95.p1[0]).toBeLessThan(33.3);
    expect(ci95.p1[1]).toBeGreaterThan(33.3);
  });

  it('has no median where half of the photos are not found', () => {
    expect(summariseRanks(each(1, null)).medianRank).toBeNull();
    expect(summariseRanks(each(1, null, 3)).medianRank).toBe(3);
    expect(summariseRanks(each(1, 1, 1, null, null)).ci95.medianRank).toEqual([1, null]);
  });

  it('is a point where every query ranks alike', () => {
    const { ci95 } = summariseRanks(each(2, 2, 2));
    expect(ci95).toEqual({ p1: [0, 0], p5: [100, 100], p10: [100, 100], medianRank: [2, 2], mrr: [0.5, 0.5] });
  });

  it('repeats itself with the same seed and not with another', () => {
    const queries = each(...Array.from({ length: 50 }, (_, index) => (index % 12) + 1));
    expect(summariseRanks(queries, { seed: 3 })).toEqual(summariseRanks(queries, { seed: 3 }));
    expect(summariseRanks(queries, { seed: 3 }).ci95).not.toEqual(summariseRanks(queries, { seed: 4 }).ci95);
  });

  it('resamples photos: copies of a query of the same photo add no certainty', () => {
    const single = each(...Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 1 : 20)));
    const fivefold = single.flatMap((query) => Array.from({ length: 5 }, () => query));
    expect(summariseRanks(fivefold)).toEqual(summariseRanks(single));
  });

  it('covers about the width that the normal approximation gives', () => {
    const { ci95 } = summariseRanks(each(...Array.from({ length: 1000 }, (_, index) => (index % 10 < 3 ? 1 : 50))));
    const halfWidth = 196 * Math.sqrt((0.3 * 0.7) / 1000);
    expect(ci95.p1[0]).toBeCloseTo(30 - halfWidth, 0);
    expect(ci95.p1[1]).toBeCloseTo(30 + halfWidth, 0);
  });

  it('fits the contract and keeps p1 <= p5 <= p10 for any ranks', () => {
    const query = fc.record({
      photo: fc.constantFrom('a', 'b', 'c', 'd'),
      rank: fc.option(fc.integer({ min: 1, max: 30 })),
    });
    fc.assert(
      fc.property(fc.array(query, { minLength: 1, maxLength: 30 }), (queries) => {
        const { p1, p5, p10 } = RetrievalSummary.parse(summariseRanks(queries, { resamples: 20 }));
        expect([p1, p5, p10]).toEqual([p1, p5, p10].toSorted((a, b) => a - b));
      }),
    );
  });

  it('refuses to measure nothing', () => {
    expect(() => summariseRanks([])).toThrow(expect.objectContaining({ code: 'input/invalid' }));
  });
});
