// Fusion of signals: what each weight does, what stays unmoved, and the untuned fallback.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FusionWeights, fuse, fuseByRank, readFusionWeights } from '../../../../../main/services/search/fusion.ts';
import { rankOrder } from '../../../../../main/services/search/ranking.ts';
import { captionScores, countWords, ownSpread } from '../../../../../main/services/search/signals.ts';
import { madeSignals, type PhotoScores } from './made-signals.ts';

const weights: FusionWeights = {
  embedding: { weight: 1 },
  caption: { weight: 0.06 },
  own: { weight: 0.586, picture: 0.49, square: 0.068, together: -0.066, offset: 0.183 },
  words: { weight: 0.5, offset: 2, each: 0.04 },
};

const best = (photos: readonly PhotoScores[], wordCount?: number): number[] => {
  const signals = madeSignals(photos, wordCount);
  return rankOrder(signals.photoIds, fuse(signals, weights)).map((i) => signals.photoIds[i] as number);
};

/** Unremarkable photos with own captions unlike the query, so that spreads are sound. */
const crowd = (from: number, count: number): PhotoScores[] =>
  Array.from({ length: count }, (_, i) => ({
    id: from + i,
    embedding: 0.1 + 0.01 * (i % 7),
    caption: 0.1 + 0.02 * (i % 5),
    own: 0.05 + 0.02 * (i % 6),
  }));

describe('fuse', () => {
  it('orders as the embedding does where nothing else is known', () => {
    expect(
      best([
        { id: 1, embedding: 0.2 },
        { id: 2, embedding: 0.4 },
        { id: 3, embedding: 0.3 },
      ]),
    ).toEqual([2, 3, 1]);
  });

  it('keeps the order whatever is added to or multiplied with all scores of a signal', () => {
    // Fractions that float32 keeps through the shift and the factor.
    const score = fc.integer({ min: -64, max: 64 }).map((value) => value / 64);
    const photos = fc.array(fc.record({ embedding: score, caption: score }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(photos, fc.constantFrom(0.25, 2, 8), fc.constantFrom(-1, 0, 4), (rows, factor, shift) => {
        const signals = madeSignals(rows.map((row, id) => ({ id, ...row })));
        const { scores, mean, deviation } = signals.embedding;
        const moved = {
          ...signals,
          embedding: {
            ...signals.embedding,
            scores: scores.map((value) => value * factor + shift),
            mean: mean * factor + shift,
            deviation: deviation * factor,
          },
        };
        const [before, after] = [fuse(signals, weights), fuse(moved, weights)];
        for (const [i, value] of before.entries()) expect(after[i]).toBeCloseTo(value, 3);
      }),
    );
  });

  it('lifts a photo whose own caption says what is asked above a better looking stranger', () => {
    const photos = [...crowd(10, 60), { id: 1, embedding: 0.17, own: 0.8 }, { id: 2, embedding: 0.19 }];
    expect(best(photos)[0]).toBe(1);
  });

  it('gives a photo no advantage for having an own caption that says something else', () => {
    const photos = [...crowd(10, 60), { id: 1, embedding: 0.3, own: 0.1 }, { id: 2, embedding: 0.3, caption: 0.14 }];
    expect(best(photos)[0]).toBe(2);
  });

  it('ignores generated captions where the person wrote one', () => {
    const signals = (caption: number) => madeSignals([...crowd(10, 60), { id: 1, embedding: 0.2, own: 0.4, caption }]);
    const scoreOf = (caption: number): number => {
      const made = signals(caption);
      return fuse({ ...made, caption: { ...made.caption, mean: 0.14, deviation: 0.03 } }, weights)[0] as number;
    };
    expect(scoreOf(0.9)).toBe(scoreOf(0.1));
  });

  it('puts a name that only one photo has first, but not a common word of a long sentence', () => {
    const photos = [...crowd(10, 60), { id: 1, embedding: 0.12, words: 9 }, { id: 2, embedding: 0.2 }];
    expect(best(photos, 1)[0]).toBe(1);
    expect(best(photos, 9)[0]).toBe(2);
  });

  it('never puts a photo that has more of the words below one of which the models think no better', () => {
    const score = fc.integer({ min: -80, max: 80 }).map((value) => value / 16);
    const word = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(score, fc.option(score), word, word, score, score, (picture, own, words, more, less, lower) => {
        const photo = (id: number, drop: number, bm25: number) => ({
          id,
          embedding: picture - Math.max(0, drop),
          ...(own === null ? {} : { own: own - Math.max(0, lower) * (drop > 0 ? 1 : 0) }),
          words: bm25,
        });
        const plain = { rows: 1000, mean: 0, deviation: 1, floor: Number.NEGATIVE_INFINITY };
        const made = madeSignals([photo(1, 0, words + more), photo(2, less, words)]);
        const fused = fuse(
          { ...made, embedding: { ...made.embedding, ...plain }, own: { ...made.own, ...plain } },
          weights,
        );
        expect(fused[0]).toBeGreaterThanOrEqual(fused[1] as number);
      }),
    );
  });

  it('treats a missing signal as an average one and never gives NaN', () => {
    const signals = madeSignals([{ id: 1, words: 3 }, { id: 2, embedding: 0.1 }, { id: 3, own: 0.4 }, { id: 4 }]);
    for (const value of fuse(signals, weights)) expect(value).not.toBeNaN();
    expect(fuse(madeSignals([]), weights)).toHaveLength(0);
  });
});

describe('ownSpread', () => {
  it('leans on generated captions while own ones are few, and on itself once they are many', () => {
    const few = { ...madeSignals([{ id: 1, own: 0.9 }, ...crowd(10, 100).map(({ own: _, ...photo }) => photo)]) };
    expect(ownSpread(few).mean).toBeLessThan(0.2);
    expect(ownSpread(few).deviation).toBeGreaterThan(0);
    const many = madeSignals(Array.from({ length: 5_000 }, (_, id) => ({ id, own: id % 2 })));
    expect(ownSpread(many).mean).toBeCloseTo(0.5, 1);
  });
});

describe('captionScores', () => {
  it('are of the own caption where there is one, else of the generated one', () => {
    const signals = madeSignals([{ id: 1, caption: 0.25, own: 0.5 }, { id: 2, caption: 0.75 }, { id: 3 }]);
    expect([...captionScores(signals)]).toEqual([0.5, 0.75, Number.NaN]);
  });
});

describe('fuseByRank', () => {
  it('sums 1 / (60 + rank) over the modes that rank the photo', () => {
    const signals = madeSignals([
      { id: 1, embedding: 0.9, caption: 0.1, words: 2 },
      { id: 2, embedding: 0.5, caption: 0.2 },
      { id: 3 },
    ]);
    const fused = fuseByRank(signals);
    expect(fused[0]).toBeCloseTo(1 / 61 + 1 / 62 + 1 / 61, 12);
    expect(fused[1]).toBeCloseTo(1 / 62 + 1 / 61, 12);
    expect(fused[2]).toBe(0);
  });
});

describe('readFusionWeights', () => {
  it('takes a section, with 0 for signals it does not name', () => {
    expect(readFusionWeights({ embedding: { weight: 1 }, own: { weight: 0.5, offset: 0.7 }, note: 'x' })).toEqual({
      embedding: { weight: 1 },
      caption: { weight: 0 },
      own: { weight: 0.5, picture: 1, square: 0, together: 0, offset: 0.7 },
      words: { weight: 0, offset: 0, each: 0 },
    });
  });

  it('gives null where there is none, or one of another form', () => {
    for (const section of [undefined, null, {}, 'x', 3, { embedding: 1 }, { embedding: { weight: 0 } }]) {
      expect(readFusionWeights(section)).toBeNull();
    }
  });
});

describe('countWords', () => {
  it('counts runs of letters and digits in any script', () => {
    expect(countWords('two dogs, playing!')).toBe(3);
    expect(countWords('犬 と 猫 2019')).toBe(4);
    expect(countWords('... --')).toBe(0);
  });
});
