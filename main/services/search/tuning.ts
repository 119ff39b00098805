// Finds fusion weights on labelled queries: tries settings one coordinate at a time and keeps what ranks the right photos best. Pure.
import { type FusionWeights, fuse } from './fusion.ts';
import { captionScores, type QuerySignals } from './signals.ts';

/** One query, the signals of every photo, and the photo that is right. */
export interface LabelledQuery {
  readonly signals: QuerySignals;
  readonly photoId: number;
}

/** Percent of queries whose photo is among the first k; equal scores count against it. */
export interface HitRates {
  readonly p1: number;
  readonly p5: number;
  readonly p10: number;
}

export interface TuningResult {
  readonly weights: FusionWeights;
  readonly plain: Record<'embedding' | 'caption' | 'words' | 'fused', HitRates>;
  readonly mixed: Record<'embedding' | 'caption' | 'words' | 'fused', HitRates>;
}

type Scores = (signals: QuerySignals) => ArrayLike<number>;

/** Points that fused may lose against the embedding alone in the plain pool before a setting is refused. */
const allowedLoss = 0.3;
/** Points per point of loss beyond that: a setting that breaks the bound never wins. */
const lossPenalty = 100;
/** Settings this close to the best are equal: the one that trusts literal words more is taken, as val asks for no names. */
const tolerance = 0.1;

const grids = {
  caption: [0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3],
  ownWeight: [0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85],
  ownPicture: [0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1],
  ownOffset: [-0.4, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4, 0.6],
  ownSquare: [0, 0.04, 0.07, 0.1],
  ownTogether: [-0.1, -0.07, -0.04, 0],
  words: [0, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5],
  wordsOffset: [0.5, 1, 1.5, 2],
  each: [0, 0.04, 0.07, 0.1, 0.15],
};

const start: FusionWeights = {
  embedding: { weight: 1 },
  caption: { weight: 0.06 },
  own: { weight: 0.6, picture: 0.5, square: 0.07, together: -0.07, offset: 0.2 },
  words: { weight: 0.5, offset: 2, each: 0.04 },
};

/**
 * Coordinate ascent from a fixed start over fixed grids, so that the same data give the same weights. Maximised is the mean of P@1, P@5 and
 * P@10 over both pools: `plain` without captions of the person, `mixed` with some. The embedding's weight is 1: only ratios matter.
 */
export function tuneFusion(
  plain: readonly LabelledQuery[],
  mixed: readonly LabelledQuery[],
  onTrial?: (weights: FusionWeights, objective: number) => void,
): TuningResult {
  const bound = hitRates(plain, (signals) => signals.embedding.scores);
  const objective = (weights: FusionWeights): number => {
    const scores: Scores = (signals) => fuse(signals, weights);
    const rates = hitRates(plain, scores);
    const loss = Math.max(0, ...(['p1', 'p5', 'p10'] as const).map((k) => bound[k] - rates[k] - allowedLoss));
    const value = (meanRate(rates) + meanRate(hitRates(mixed, scores))) / 2 - lossPenalty * loss;
    onTrial?.(weights, value);
    return value;
  };
  const weights = ascend(start, objective);
  const rates = (queries: readonly LabelledQuery[]): TuningResult['plain'] => ({
    embedding: hitRates(queries, (signals) => signals.embedding.scores),
    caption: hitRates(queries, captionScores),
    words: hitRates(queries, (signals) => signals.words),
    fused: hitRates(queries, (signals) => fuse(signals, weights)),
  });
  return { weights, plain: rates(plain), mixed: rates(mixed) };
}

function ascend(from: FusionWeights, objective: (weights: FusionWeights) => number): FusionWeights {
  let best = from;
  for (let round = 0; round < 4; round++) {
    const before = best;
    best = bestOf(
      grids.ownWeight.flatMap((weight) => grids.ownPicture.map((picture) => withOwn(best, { weight, picture }))),
      objective,
    );
    best = bestOf(
      grids.ownOffset.map((offset) => withOwn(best, { offset })),
      objective,
    );
    best = bestOf(
      grids.ownSquare.flatMap((square) => grids.ownTogether.map((together) => withOwn(best, { square, together }))),
      objective,
    );
    best = bestOf(
      grids.caption.map((weight) => ({ ...best, caption: { weight } })),
      objective,
    );
    best = bestOf(
      grids.each.map((each) => ({ ...best, words: { ...best.words, each } })),
      objective,
    );
    const { each = 0 } = best.words;
    const settings = grids.wordsOffset.flatMap((offset) => grids.words.map((weight) => ({ weight, offset, each })));
    best = mostLiteral(
      settings.map((words) => ({ ...best, words })),
      objective,
    );
    if (JSON.stringify(best) === JSON.stringify(before)) break;
  }
  return best;
}

function withOwn(weights: FusionWeights, own: Partial<FusionWeights['own']>): FusionWeights {
  return { ...weights, own: { ...weights.own, ...own } };
}

function bestOf(trials: readonly FusionWeights[], objective: (weights: FusionWeights) => number): FusionWeights {
  return mostBy(trials, objective);
}

/** Of the settings within `tolerance` of the best, the one that makes most of a word found in a two-word query (BM25 6). */
function mostLiteral(trials: readonly FusionWeights[], objective: (weights: FusionWeights) => number): FusionWeights {
  const values = trials.map(objective);
  const good = trials.filter((_, i) => (values[i] as number) >= Math.max(...values) - tolerance);
  return mostBy(good, ({ words }) => words.weight * Math.max(0, 3 - words.offset));
}

function mostBy<T>(items: readonly T[], value: (item: T) => number): T {
  let best: { item: T; value: number } | undefined;
  for (const item of items) {
    const candidate = { item, value: value(item) };
    if (!best || candidate.value > best.value) best = candidate;
  }
  if (!best) throw new RangeError('nothing to choose from');
  return best.item;
}

function meanRate({ p1, p5, p10 }: HitRates): number {
  return (p1 + p5 + p10) / 3;
}

/** Hit rates of a scoring; a photo without a score is not found. */
export function hitRates(queries: readonly LabelledQuery[], scoring: Scores): HitRates {
  const found = { p1: 0, p5: 0, p10: 0 };
  for (const { signals, photoId } of queries) {
    const scores = scoring(signals);
    const right = scores[indexOfSorted(signals.photoIds, photoId)] ?? Number.NaN;
    if (Number.isNaN(right)) continue;
    let ahead = -1;
    for (let i = 0; i < scores.length; i++) if ((scores[i] as number) >= right) ahead++;
    if (ahead < 1) found.p1++;
    if (ahead < 5) found.p5++;
    if (ahead < 10) found.p10++;
  }
  const percent = (count: number): number => (100 * count) / Math.max(1, queries.length);
  return { p1: percent(found.p1), p5: percent(found.p5), p10: percent(found.p10) };
}

function indexOfSorted(ids: readonly number[], id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = ids[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
