// What speaks against a photo: never less for more of what is left out, and a word as much as a picture can.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutPenalty } from '../../../../../../main/services/search/judging/without.ts';
import { queryScores } from '../../../../../../main/services/search/query-scores.ts';
import { madeSignals } from '../made-signals.ts';

it('takes nothing off where nothing is left out', () => {
  expect([...withoutPenalty([], 3)]).toEqual([0, 0, 0]);
});

it('takes off more for a picture that shows more of it, and most for one whose words say it', () => {
  const made = madeSignals([
    { id: 1, embedding: 0.1 },
    { id: 2, embedding: 0.3 },
    { id: 3, embedding: 0.3, words: 2 },
  ]);
  const [little, much, said] = withoutPenalty([made], 3);
  expect(little).toBeLessThan(much as number);
  expect(much).toBeLessThan(said as number);
});

it('is 0 or more and never NaN, and grows with the picture and with what else is left out', () => {
  const photo = fc.record({
    embedding: fc.option(fc.integer({ min: -64, max: 64 }), { nil: undefined }),
    words: fc.integer({ min: 0, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(photo, { minLength: 1, maxLength: 12 }), (photos) => {
      const made = madeSignals(
        photos.map(({ embedding, words }, id) => ({ id, words, ...(embedding === undefined ? {} : { embedding }) })),
      );
      const once = withoutPenalty([made], photos.length);
      const twice = withoutPenalty([made, made], photos.length);
      for (const [i, value] of once.entries()) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(twice[i]).toBeCloseTo(2 * value, 9);
        for (const [k, other] of once.entries()) {
          const [a, b] = [photos[i], photos[k]];
          if (a?.embedding === undefined || b?.embedding === undefined) continue;
          if (a.embedding >= b.embedding && a.words >= b.words) expect(value).toBeGreaterThanOrEqual(other);
        }
      }
    }),
  );
});

it('puts a photo that shows what is left out behind one that does not, in every mode', () => {
  const crowd = Array.from({ length: 20 }, (_, i) => ({
    id: 10 + i,
    embedding: 0.01 * (i % 5),
    caption: 0.01 * (i % 5),
  }));
  const texts = [
    madeSignals([
      { id: 1, embedding: 0.31, caption: 0.31, words: 3 },
      { id: 2, embedding: 0.3, caption: 0.3, words: 2 },
      ...crowd,
    ]),
  ];
  const without = [madeSignals([{ id: 1, embedding: 0.4, words: 2 }, { id: 2, embedding: 0 }, ...crowd])];
  const weights = {
    embedding: { weight: 1 },
    caption: { weight: 0.1 },
    own: { weight: 1, offset: 0 },
    words: { weight: 0, offset: 0 },
  };
  for (const mode of ['fused', 'embedding', 'caption', 'words'] as const) {
    for (const used of [weights, null]) {
      const kept = queryScores({ texts, without: [] }, mode, used);
      expect(kept[0]).toBeGreaterThan(kept[1] as number);
      const left = queryScores({ texts, without }, mode, used);
      expect(Number.isNaN(left[0]) || (left[0] as number) < (left[1] as number)).toBe(true);
    }
  }
});
