import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byDate, likelyCount, literalFirst, takeInRanking } from '../../../../renderer/search/ranked-order.ts';

const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }).map((list) => Uint32Array.from(list));

describe('taking in a ranking', () => {
  it('keeps what is held in place, holds each photo once, and loses none of the fresh ones', () => {
    fc.assert(
      fc.property(ids, ids, fc.nat(50), (shown, fresh, held) => {
        const merged = takeInRanking(shown, fresh, held);
        const kept = shown.subarray(0, Math.min(held, shown.length));
        expect(merged.subarray(0, kept.length)).toEqual(kept);
        expect(new Set(merged).size).toBe(merged.length);
        expect(new Set(merged)).toEqual(new Set([...kept, ...fresh]));
        const rest = [...merged.subarray(kept.length)];
        expect(rest).toEqual([...fresh].filter((id) => !kept.includes(id)));
      }),
    );
  });

  it('puts literal hits first', () => {
    expect([...literalFirst(Uint32Array.of(3, 1), Uint32Array.of(1, 2, 3, 4))]).toEqual([3, 1, 2, 4]);
  });
});

describe('likely hits', () => {
  it('end at the knee of the scores', () => {
    const scores = Array.from({ length: 500 }, (_, at) => (at < 60 ? 3 - at / 60 : 1 - (at - 60) / 2000));
    expect(likelyCount(scores)).toBeGreaterThanOrEqual(55);
    expect(likelyCount(scores)).toBeLessThanOrEqual(65);
  });

  it('are all of a few, and all where no score falls off', () => {
    expect(likelyCount([9, 1, 1])).toBe(3);
    expect(likelyCount(Array(200).fill(1))).toBe(200);
    expect(likelyCount([])).toBe(0);
  });

  it('are never more than there are and never fewer than a screen', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { maxLength: 300 }), (scores) => {
        const sorted = scores.toSorted((a, b) => b - a);
        const count = likelyCount(sorted);
        expect(count).toBeLessThanOrEqual(sorted.length);
        expect(count).toBeGreaterThanOrEqual(Math.min(24, sorted.length));
      }),
    );
  });
});

it('an order by date leaves out what the timeline does not hold', () => {
  const places: Record<number, number> = { 5: 2, 6: 0, 7: 1 };
  expect([...byDate(Uint32Array.of(5, 9, 6, 7), (id) => places[id] ?? -1)]).toEqual([6, 7, 5]);
});
