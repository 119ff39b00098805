// Cuts small libraries out of a labelled set and asks what a ranking says of its own hits. Pure; runs where evaluation runs.
import { type FusionWeights, fuse } from '../search/fusion.ts';
import { hitFeatures } from '../search/judging/hit-features.ts';
import { rankOrder } from '../search/ranking.ts';
import type { QuerySignals } from '../search/signals.ts';
import { cutSignals } from './cut-library.ts';
import { hashText } from './seeded-random.ts';

/** One caption asked of the whole set, and which photos are right for it, by place. */
export interface CutQuery {
  readonly signals: QuerySignals;
  readonly owner: number;
  readonly isRight: readonly boolean[];
}

/** One caption asked of one library. */
export interface CutTrial {
  readonly signals: QuerySignals;
  readonly scores: Float64Array;
  readonly order: readonly number[];
  /** Of the hits, best first. */
  readonly isRight: readonly boolean[];
  /** A photo of the library is right. */
  readonly isAnswerable: boolean;
}

/**
 * Libraries of `size` photos out of `photos` (places), cut by hash; each caption of theirs is asked of its own library, and of the next one, where mostly no photo is
 * right. What is left over at the end makes no library. With one library, its captions are asked of it alone.
 */
export function* cutTrials(
  queries: readonly CutQuery[],
  photos: readonly number[],
  size: number,
  weights: FusionWeights,
): Generator<CutTrial> {
  const shuffled = [...photos].sort((a, b) => hashText(`cut ${a}`) - hashText(`cut ${b}`));
  const libraries = Array.from({ length: Math.floor(shuffled.length / size) }, (_, i) =>
    shuffled.slice(i * size, (i + 1) * size).sort((a, b) => a - b),
  );
  const homes = new Map(libraries.flatMap((places, library) => places.map((place) => [place, library] as const)));
  for (const query of queries) {
    const home = homes.get(query.owner);
    if (home === undefined) continue;
    for (const library of new Set([home, (home + 1) % libraries.length])) {
      yield trial(query, libraries[library] as number[], weights);
    }
  }
}

function trial(query: CutQuery, places: readonly number[], weights: FusionWeights): CutTrial {
  const signals = cutSignals(query.signals, places);
  const scores = fuse(signals, weights);
  const order = rankOrder(signals.photoIds, scores);
  const isRight = order.map((i) => query.isRight[places[i] as number] ?? false);
  return { signals, scores, order, isRight, isAnswerable: isRight.includes(true) };
}

/** What a judgement is fitted on: the features of the first hits of a trial, and whether each is right. */
export function labelledHits(trial: CutTrial, count: number): { features: number[]; isRight: boolean }[] {
  return hitFeatures(trial.signals, trial.scores, trial.order, count).map((features, i) => ({
    features,
    isRight: trial.isRight[i] ?? false,
  }));
}
