// The calibrated probability that a hit is right, by the parameters of a pack. Pure; shell process.
import { featureNames } from './hit-features.ts';

/** Kept in a pack's pack.json under `judgement`, fitted on labelled photos (`test/bench/honesty.ts`). */
export interface Judgement {
  /** Of each feature: what is taken off, and what the rest is divided by. */
  readonly centres: readonly number[];
  readonly scales: readonly number[];
  /** Log odds: a constant, then each feature, then each product of two (itself included), in the order of `designRow`. */
  readonly weights: readonly number[];
  /** Probability from which the first hit is sure, and the hits behind a sure one, at strictness 0.5. */
  readonly sure: { readonly first: number; readonly next: number };
}

/** Features further out than this many scales are taken as so far: products would run away. */
const furthest = 3;

/** The terms that the log odds are a weighted sum of. */
export function designRow(
  features: readonly number[],
  { centres, scales }: Pick<Judgement, 'centres' | 'scales'>,
): number[] {
  const placed = features.map((value, i) =>
    Math.max(-furthest, Math.min(furthest, (value - (centres[i] as number)) / (scales[i] as number))),
  );
  const row = [1, ...placed];
  for (const [i, a] of placed.entries()) for (const b of placed.slice(i)) row.push(a * b);
  return row;
}

/** 0 to 1. */
export function probability(features: readonly number[], judgement: Judgement): number {
  const row = designRow(features, judgement);
  let odds = 0;
  for (const [i, term] of row.entries()) odds += term * (judgement.weights[i] as number);
  return 1 / (1 + Math.exp(-odds));
}

/** The `judgement` section of a pack, or null where it is absent or not in this form: nothing is said of its hits then. */
export function readJudgement(section: unknown): Judgement | null {
  const { centres, scales, weights, sure } = (section ?? {}) as Record<string, unknown>;
  const size = featureNames.length;
  const terms = 1 + size + (size * (size + 1)) / 2;
  if (!isNumbers(centres, size) || !isNumbers(scales, size) || !isNumbers(weights, terms)) return null;
  if (scales.some((scale) => scale <= 0)) return null;
  const { first, next } = (sure ?? {}) as Record<string, unknown>;
  if (!isShare(first) || !isShare(next)) return null;
  return { centres, scales, weights, sure: { first, next } };
}

function isNumbers(value: unknown, length: number): value is number[] {
  return Array.isArray(value) && value.length === length && value.every((one) => Number.isFinite(one));
}

function isShare(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 1;
}
