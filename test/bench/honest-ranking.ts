// The figures of fusion, each signal and each pair of them alone, and of what a query leaves out. Benchmark process.
import { makeNegationQueries } from '../../main/services/evaluation/negation-queries.ts';
import { summariseRanks } from '../../main/services/evaluation/retrieval.ts';
import { seededIntegers } from '../../main/services/evaluation/seeded-random.ts';
import { type FusionWeights, fuse } from '../../main/services/search/fusion.ts';
import { withoutPenalty } from '../../main/services/search/judging/without.ts';
import { rankOrder } from '../../main/services/search/ranking.ts';
import type { SearchService } from '../../main/services/search/search-service.ts';
import type { QuerySignals, Signal } from '../../main/services/search/signals.ts';
import type { LabelledQuery } from '../../main/services/search/tuning.ts';
import type { Labelled } from './labelled-library.ts';

type Part = 'embedding' | 'caption' | 'words';
/** Captions are those of the person where there are some, else generated ones. */
const sets: readonly (readonly Part[])[] = [
  ['embedding'],
  ['caption'],
  ['words'],
  ['embedding', 'caption'],
  ['embedding', 'words'],
  ['caption', 'words'],
  ['embedding', 'caption', 'words'],
];

/** Places of the right photos where only some signals are weighed, as they are in the whole. */
export function ablation(queries: readonly LabelledQuery[], weights: FusionWeights) {
  return sets.map((parts) => {
    const ranked = queries.map(({ signals, photoId }) => {
      const scores = fuse(only(signals, parts), parts.includes('embedding') ? weights : withoutPictures(weights));
      const right = scores[signals.photoIds.indexOf(photoId)] as number;
      return { photo: String(photoId), rank: scores.reduce((place, score) => place + Number(score >= right), 0) };
    });
    const { p1, p5, p10, ci95 } = summariseRanks(ranked);
    return { signals: parts.join(' + '), p1, p5, p10, ci95: { p1: ci95.p1, p5: ci95.p5, p10: ci95.p10 } };
  });
}

function only(signals: QuerySignals, parts: readonly Part[]): QuerySignals {
  const silent = ({ scores }: Signal): Signal => ({
    scores: scores.map(() => Number.NaN),
    rows: 0,
    mean: 0,
    deviation: 0,
    floor: Number.NEGATIVE_INFINITY,
  });
  return {
    ...signals,
    embedding: parts.includes('embedding') ? signals.embedding : silent(signals.embedding),
    caption: parts.includes('caption') ? signals.caption : silent(signals.caption),
    own: parts.includes('caption') ? signals.own : silent(signals.own),
    words: parts.includes('words') ? signals.words : signals.words.map(() => 0),
  };
}

/** Without a picture to hold against them, generated and own captions count the same. */
function withoutPictures(weights: FusionWeights): FusionWeights {
  const { words } = weights;
  return { embedding: { weight: 1 }, caption: { weight: 1 }, own: { weight: 1, offset: 0 }, words };
}

const wantedQuestions = 200;

/** Precision at 10 of "A without B", and of A alone, in percent, with intervals over the questions. */
export async function measureNegation(search: SearchService, labelled: Labelled, weights: FusionWeights) {
  const questions = makeNegationQueries(labelled.captions, wantedQuestions);
  const plain: number[] = [];
  const negated: number[] = [];
  const perfect: number[] = [];
  for (const { text, without, right, others } of questions) {
    const ids = (names: ReadonlySet<string>) => new Set([...names].map((name) => labelled.photoIds.get(name)));
    const signals = await search.signals({ text });
    const scores = fuse(signals, weights);
    const penalty = withoutPenalty([await search.signals({ text: without })], scores.length);
    const shows = ids(others);
    const known = signals.photoIds.map((id) => (shows.has(id) ? Number.MAX_SAFE_INTEGER : 0));
    const precision = (against: ArrayLike<number>): number =>
      precisionAt10(
        signals,
        scores.map((score, i) => score - (against[i] as number)),
        ids(right),
      );
    plain.push(precision(scores.map(() => 0)));
    negated.push(precision(penalty));
    perfect.push(precision(known));
  }
  const gains = negated.map((value, i) => value - (plain[i] as number));
  return {
    questions: questions.length,
    wordsLeftOut: meanOf(plain),
    without: meanOf(negated),
    gain: { mean: meanOf(gains), ci95: interval(gains) },
    wherePeopleAreAsked: meanOf(perfect),
  };
}

function precisionAt10(signals: QuerySignals, scores: ArrayLike<number>, right: ReadonlySet<unknown>): number {
  const first = rankOrder(signals.photoIds, scores).slice(0, 10);
  return (100 * first.filter((i) => right.has(signals.photoIds[i])).length) / 10;
}

function meanOf(values: readonly number[]): number {
  return Math.round((10 * values.reduce((sum, value) => sum + value, 0)) / Math.max(1, values.length)) / 10;
}

function interval(values: readonly number[]): [number, number] {
  const draw = seededIntegers(1);
  const means = Array.from({ length: 1000 }, () =>
    meanOf(values.map(() => values[draw(values.length)] as number)),
  ).sort((a, b) => a - b);
  return [means[25] as number, means[974] as number];
}
