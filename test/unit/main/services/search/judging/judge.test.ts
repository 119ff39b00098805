// The honest cut: probabilities of hits, and where a ranking stops being sure and stops altogether.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse } from '../../../../../../main/services/search/fusion.ts';
import { featureNames, hitFeatures } from '../../../../../../main/services/search/judging/hit-features.ts';
import { judge } from '../../../../../../main/services/search/judging/judge.ts';
import { designRow, type Judgement, readJudgement } from '../../../../../../main/services/search/judging/judgement.ts';
import { rankOrder } from '../../../../../../main/services/search/ranking.ts';
import { madeSignals, type PhotoScores } from '../made-signals.ts';

const size = featureNames.length;
const terms = 1 + size + (size * (size + 1)) / 2;
const pack = new URL('../../../../../../native-models/packs/starter/pack.json', import.meta.url);
const shipped = readJudgement((JSON.parse(readFileSync(pack, 'utf8')) as { judgement: unknown }).judgement);

/** Believes in cosines of pictures alone: even odds at 0.5. */
const byPicture: Judgement = {
  centres: featureNames.map(() => 0),
  scales: featureNames.map(() => 1),
  weights: Array.from({ length: terms }, (_, i) => (i === 0 ? -5 : i === 1 ? 10 : 0)),
  sure: { first: 0.6, next: 0.8 },
};

const weights = {
  embedding: { weight: 1 },
  caption: { weight: 0 },
  own: { weight: 0, offset: 0 },
  words: { weight: 0, offset: 0 },
};

function verdict(photos: readonly PhotoScores[], strictness = 0.5, judgement = byPicture) {
  const signals = madeSignals(photos, 2);
  const scores = fuse(signals, weights);
  return judge([signals], scores, rankOrder(signals.photoIds, scores), judgement, strictness);
}

const pictures = (...cosines: number[]): PhotoScores[] => cosines.map((embedding, id) => ({ id, embedding }));

describe('judge', () => {
  it('asks less of the first hit than of those behind it', () => {
    expect(verdict(pictures(0.9, 0.8, 0.6, 0.1)).sure).toBe(2);
    expect(verdict(pictures(0.55, 0.1)).sure).toBe(1);
    expect(verdict(pictures(0.5, 0.1)).sure).toBe(0);
  });

  it('shows what may be right and stops where nothing of the next eight may', () => {
    const { shown } = verdict(pictures(0.9, 0.4, 0.3, ...Array.from({ length: 30 }, () => 0)));
    expect(shown).toBe(3);
    expect(verdict(pictures(...Array.from({ length: 30 }, () => 0))).shown).toBe(0);
  });

  it('shows a photo that has the words whatever the models say', () => {
    const photos = [...pictures(0.3, 0, 0), { id: 9, embedding: -0.1, words: 8 }];
    expect(verdict(photos).shown).toBe(4);
  });

  it('takes a hit for as likely right as the better side of an OR does', () => {
    const sides = [madeSignals(pictures(0.9, 0.2, 0.1), 2), madeSignals(pictures(0.1, 0.85, 0.1), 2)];
    const { probabilities, sure } = judge(sides, [3, 2, 1], [0, 1, 2], byPicture, 0.5);
    expect(probabilities[1]).toBeGreaterThan(0.9);
    expect(sure).toBe(2);
    expect(judge([], [], [], byPicture, 0.5)).toEqual({ probabilities: [], sure: 0, shown: 0 });
  });

  it('is sure of and shows less the stricter it is, and never shows less than it is sure of', () => {
    const cosines = fc.array(fc.integer({ min: -50, max: 100 }), { minLength: 0, maxLength: 30 });
    const strictness = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(cosines, strictness, strictness, (all, a, b) => {
        const photos = pictures(...all.map((value) => value / 100));
        const loose = verdict(photos, Math.min(a, b));
        const strict = verdict(photos, Math.max(a, b));
        expect(strict.sure).toBeLessThanOrEqual(loose.sure);
        expect(strict.shown).toBeLessThanOrEqual(loose.shown);
        expect(loose.shown).toBeGreaterThanOrEqual(loose.sure);
        expect(loose.shown).toBeLessThanOrEqual(photos.length);
      }),
    );
  });
});

describe('the judgement of the starter pack', () => {
  it('is of the form that is read', () => {
    expect(shipped).not.toBeNull();
  });

  it('gives probabilities for whatever is found, photos without any vector included', () => {
    const photo = fc.record({
      embedding: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
      caption: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
      own: fc.option(fc.double({ min: -1, max: 1, noNaN: true }), { nil: undefined }),
      words: fc.double({ min: 0, max: 50, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(photo, { maxLength: 20 }), (photos) => {
        const made = photos.map((row, id) => ({ id, ...(JSON.parse(JSON.stringify(row)) as Omit<PhotoScores, 'id'>) }));
        const { probabilities, sure, shown } = verdict(made, 0.5, shipped as Judgement);
        expect(probabilities).toHaveLength(photos.length);
        for (const one of probabilities) expect(one >= 0 && one <= 1).toBe(true);
        expect(sure <= shown && shown <= photos.length).toBe(true);
      }),
    );
  });

  it('thinks more of a hit that stands out in picture and caption than of one that does not', () => {
    const crowd = Array.from({ length: 99 }, (_, i) => ({
      id: 10 + i,
      embedding: 0.1 + 0.01 * (i % 30),
      caption: 0.01 * (i % 30),
    }));
    const first = (embedding: number, caption: number): number =>
      verdict([{ id: 1, embedding, caption }, ...crowd], 0.5, shipped as Judgement).probabilities[0] as number;
    expect(first(0.75, 0.7)).toBeGreaterThan(0.7);
    expect(first(0.41, 0.1)).toBeLessThan(0.3);
  });
});

describe('readJudgement', () => {
  it('gives null where there is none, or one of another form', () => {
    const { sure, ...rest } = byPicture;
    for (const section of [
      null,
      undefined,
      3,
      {},
      rest,
      { ...rest, sure: { first: 0 } },
      { ...byPicture, weights: [1] },
    ])
      expect(readJudgement(section)).toBeNull();
    expect(readJudgement({ ...byPicture, scales: byPicture.scales.map(() => 0) })).toBeNull();
    expect(readJudgement({ ...byPicture, note: 'x' })).toEqual({ ...rest, sure });
  });
});

it('has a term for each feature and each pair of them', () => {
  const signals = madeSignals(pictures(0.2, 0.4), 2);
  const [row] = hitFeatures(signals, fuse(signals, weights), [1, 0], 1);
  expect(row).toHaveLength(size);
  expect(designRow(row as number[], byPicture)).toHaveLength(terms);
});
