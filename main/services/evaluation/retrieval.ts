// Turns the ranks of the right photos into hit rates, median rank and MRR with intervals. Pure; runs where evaluation runs.
import type { RetrievalSummary } from '../../../preload/contract/evaluation.ts';
import { AppError } from '../../platform/app-error.ts';
import { seededIntegers } from './seeded-random.ts';

/** One query: the photo it describes, and where that photo came in the ranking (1 = first, null = not in it). */
export interface RankedQuery {
  photo: string;
  rank: number | null;
}

/** How the intervals are drawn; the defaults are those of every published figure of this project. */
export interface BootstrapOptions {
  resamples?: number;
  seed?: number;
}

type Measures = Record<'p1' | 'p5' | 'p10' | 'medianRank' | 'mrr', number>;

/**
 * [Note: resample photos, not queries]
 * The captions of one photo are not independent draws: a photo that looks like ten others is hard for each of its captions. Resampling
 * single queries would treat five such captions as five witnesses and print intervals that are too narrow, so whole photos are drawn
 * with replacement, each with all of its queries (a cluster bootstrap), and the 2.5th and 97.5th percentile of 1,000 draws are reported.
 *
 * @throws AppError `input/invalid` where there is no query.
 */
export function summariseRanks(queries: readonly RankedQuery[], options: BootstrapOptions = {}): RetrievalSummary {
  if (queries.length === 0) throw new AppError('input/invalid', 'There are no queries to measure retrieval with.');
  const { resamples = 1000, seed = 1 } = options;
  const photos = ranksByPhoto(queries);
  const draw = seededIntegers(seed);
  const whole = measure(photos);
  const samples = Array.from({ length: resamples }, () => measure(photos.map(() => photos[draw(photos.length)] ?? [])));
  return {
    p1: percent(whole.p1),
    p5: percent(whole.p5),
    p10: percent(whole.p10),
    medianRank: finite(whole.medianRank),
    mrr: fourDecimals(whole.mrr),
    ci95: {
      p1: interval(samples, 'p1', percent),
      p5: interval(samples, 'p5', percent),
      p10: interval(samples, 'p10', percent),
      medianRank: interval(samples, 'medianRank', finite),
      mrr: interval(samples, 'mrr', fourDecimals),
    },
  };
}

/** Ranks grouped by photo; a photo that is not found ranks at infinity. */
function ranksByPhoto(queries: readonly RankedQuery[]): number[][] {
  const photos = new Map<string, number[]>();
  for (const { photo, rank } of queries) {
    const ranks = photos.get(photo) ?? [];
    ranks.push(rank ?? Number.POSITIVE_INFINITY);
    photos.set(photo, ranks);
  }
  return [...photos.values()];
}

function measure(photos: readonly (readonly number[])[]): Measures {
  const ranks = Float64Array.from(photos.flat()).sort();
  return {
    p1: hitShare(ranks, 1),
    p5: hitShare(ranks, 5),
    p10: hitShare(ranks, 10),
    medianRank: median(ranks),
    mrr: ranks.reduce((sum, rank) => sum + 1 / rank, 0) / ranks.length,
  };
}

function hitShare(sorted: Float64Array, k: number): number {
  const misses = sorted.findIndex((rank) => rank > k);
  return (misses === -1 ? sorted.length : misses) / sorted.length;
}

/** The middle value, or the mean of the two middle ones; infinite as soon as one of them is. */
function median(sorted: Float64Array): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

function interval<T>(samples: readonly Measures[], key: keyof Measures, shown: (value: number) => T): [T, T] {
  const sorted = samples.map((sample) => sample[key]).sort((a, b) => (a < b ? -1 : Number(a > b)));
  const at = (share: number) => shown(sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN);
  return [at(0.025), at(0.975)];
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10;
}

function fourDecimals(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function finite(rank: number): number | null {
  return Number.isFinite(rank) ? rank : null;
}
