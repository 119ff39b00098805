// What honesty is measured with: negated questions, human relevance, libraries cut small, the fit of a judgement, calibration and its diagram.
import { describe, expect, it } from 'vitest';
import { calibrationError, reliabilityBins } from '../../../../../main/services/evaluation/calibration.ts';
import { cutSignals } from '../../../../../main/services/evaluation/cut-library.ts';
import { cutTrials, labelledHits } from '../../../../../main/services/evaluation/cut-trials.ts';
import { fitJudgement } from '../../../../../main/services/evaluation/fit-judgement.ts';
import { humanSimilarity, rightFrom } from '../../../../../main/services/evaluation/human-relevance.ts';
import { fitLogistic } from '../../../../../main/services/evaluation/logistic-fit.ts';
import { makeNegationQueries } from '../../../../../main/services/evaluation/negation-queries.ts';
import { reliabilitySvg } from '../../../../../main/services/evaluation/reliability-svg.ts';
import { probability } from '../../../../../main/services/search/judging/judgement.ts';
import { seededRandom } from '../../vectors/synthetic-vectors.ts';
import { madeSignals } from '../search/made-signals.ts';

describe('makeNegationQueries', () => {
  const captions = new Map(
    Array.from({ length: 60 }, (_, i) => [
      `${i}.jpg`,
      i % 3 === 0 ? ['Two boats on the lake.', 'A boat with a flag.'] : ['A boat on the lake.', 'A red boat.'],
    ]),
  );

  it('asks for a subject without what is common among its photos, and takes those for right that no caption names it in', () => {
    const asked = makeNegationQueries(captions, 100);
    const flags = asked.find(({ text, without }) => text === 'boat' && without === 'flag');
    expect(flags?.right.size).toBe(40);
    expect(flags?.others.size).toBe(20);
    expect([...(flags?.right ?? [])].every((name) => Number.parseInt(name, 10) % 3 !== 0)).toBe(true);
    for (const { text, without } of asked) expect(text.split(' ')).not.toContain(without);
    expect(makeNegationQueries(captions, 1)).toEqual(asked.slice(0, 1));
  });

  it('takes everyone together for people', () => {
    const crowded = new Map(
      [...captions].map(([name, texts], i) => [name, [...texts, i % 2 ? 'A man rows.' : 'Water.']]),
    );
    const asked = makeNegationQueries(crowded, 100);
    expect(asked.find(({ text, without }) => text === 'boat' && without === 'people')?.right.size).toBe(30);
    expect(asked.some(({ text, without }) => text === 'man' && without === 'people')).toBe(false);
  });
});

it('takes a photo for right by the mean over its captions, the one that asks left out', () => {
  const [x, y] = [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const captions = { vectors: [x, y, x, x], owners: [0, 0, 1, 1], photos: 2 };
  expect([...humanSimilarity(captions, 0)]).toEqual([0, 1]);
  expect([...humanSimilarity(captions, 2)]).toEqual([0.5, 1]);
  expect(rightFrom([5, 1, 4, 2, 3])).toBe(2);
  expect(rightFrom([1, 2])).toBe(1.25);
});

it('takes means and deviations of a cut library over its own photos', () => {
  const whole = madeSignals([
    { id: 1, embedding: 0.5, words: 2 },
    { id: 2, embedding: 0.25, own: 0.5 },
    { id: 3, embedding: 1 },
  ]);
  const cut = cutSignals(whole, [0, 2]);
  const made = madeSignals([
    { id: 1, embedding: 0.5, words: 2 },
    { id: 3, embedding: 1 },
  ]);
  expect({ ...cut, own: null }).toEqual({ ...made, own: null });
  expect(cut.own.rows).toBe(0);
});

describe('libraries that are cut small', () => {
  const weights = {
    embedding: { weight: 1 },
    caption: { weight: 0 },
    own: { weight: 0, offset: 0 },
    words: { weight: 0, offset: 0 },
  };
  const random = seededRandom(3);
  const queries = Array.from({ length: 200 }, (_, k) => ({
    signals: madeSignals(
      Array.from({ length: 40 }, (_, id) => ({
        id,
        embedding: random() * 0.5 + (id === k % 40 ? 0.1 + 0.6 * random() : 0),
      })),
    ),
    owner: k % 40,
    isRight: Array.from({ length: 40 }, (_, id) => id === k % 40),
  }));
  const places = Array.from({ length: 40 }, (_, i) => i);

  it('ask each caption of its own library and of another, and know which of them can be answered', () => {
    const trials = [...cutTrials(queries, places, 10, weights)];
    expect(trials).toHaveLength(400);
    expect(trials.filter(({ isAnswerable }) => isAnswerable)).toHaveLength(200);
    for (const { order, isRight } of trials) expect([order.length, isRight.length]).toEqual([10, 10]);
    expect([...cutTrials(queries, places, 40, weights)]).toHaveLength(200);
  });

  it('teach a judgement that is right about them', () => {
    const trials = [...cutTrials(queries, places, 10, weights)];
    const hits = trials.flatMap((trial) => labelledHits(trial, 10));
    const judgement = fitJudgement(hits, { first: 0.5, next: 0.5 });
    const stated = hits.map(({ features, isRight }) => ({ probability: probability(features, judgement), isRight }));
    expect(calibrationError(reliabilityBins(stated))).toBeLessThan(0.05);
    const mean = (of: typeof stated): number => of.reduce((sum, one) => sum + one.probability, 0) / of.length;
    expect(mean(stated.filter(({ isRight }) => isRight))).toBeGreaterThan(mean(stated) + 0.3);
  });
});

it('finds the weights that labels were drawn by', () => {
  const random = seededRandom(5);
  const rows = Array.from({ length: 20_000 }, () => [1, 4 * random() - 2, 4 * random() - 2]);
  const labels = rows.map(([, a = 0, b = 0]) => random() < 1 / (1 + Math.exp(-(0.5 + 2 * a - b))));
  const [constant, first, second] = fitLogistic(rows, labels, 0);
  expect(constant).toBeCloseTo(0.5, 0);
  expect(first).toBeCloseTo(2, 0);
  expect(second).toBeCloseTo(-1, 0);
});

it('measures how far what was stated is from what came true', () => {
  const stated = (probability: number, right: number, of: number) =>
    Array.from({ length: of }, (_, i) => ({ probability, isRight: i < right }));
  expect(calibrationError(reliabilityBins([...stated(0.8, 8, 10), ...stated(0.2, 2, 10)]))).toBeCloseTo(0, 9);
  expect(calibrationError(reliabilityBins([...stated(0.9, 5, 10), ...stated(0.1, 1, 10)]))).toBeCloseTo(0.2, 9);
  expect(reliabilityBins(stated(1, 1, 1))).toEqual([{ count: 1, stated: 1, right: 1 }]);
});

it('draws a dot for each bin, its title as text', () => {
  const svg = reliabilitySvg(
    'a < b',
    reliabilityBins([
      { probability: 0.3, isRight: true },
      { probability: 0.7, isRight: true },
    ]),
  );
  expect(svg.match(/<circle/g)).toHaveLength(2);
  expect(svg).toContain('a &lt; b');
});
