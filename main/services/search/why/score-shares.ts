// How much of a photo's score each signal earned: what the score loses without it. Pure; shell process.
import type { SearchMode } from '../../../../preload/contract/search.ts';
import { type FusionWeights, fuse } from '../fusion.ts';
import type { QuerySignals, Signal } from '../signals.ts';

/** Each 0 to 1; their sum is 1, or 0 where nothing speaks for the photo. */
export interface ScoreShares {
  readonly embedding: number;
  /** The generated captions. */
  readonly caption: number;
  /** The person's captions. */
  readonly own: number;
  readonly words: number;
}

export const noShares: ScoreShares = { embedding: 0, caption: 0, own: 0, words: 0 };

const kinds = ['embedding', 'caption', 'own', 'words'] as const;

/**
 * Shares of the photo at place `i`. A signal without which the score would be higher has none: it explains why the score is no higher, not why the photo
 * was found.
 */
export function scoreShares(
  signals: QuerySignals,
  i: number,
  mode: SearchMode,
  weights: FusionWeights | null,
): ScoreShares {
  if (mode === 'embedding' || mode === 'words') return { ...noShares, [mode]: 1 };
  const hasOwn = !Number.isNaN(signals.own.scores[i] ?? Number.NaN);
  if (mode === 'caption') return { ...noShares, [hasOwn ? 'own' : 'caption']: 1 };
  const one = signalsOfOne(signals, i);
  const losses = weights ? fusedLosses(one, weights) : placedAlone(one);
  const sum = losses.reduce((all, loss) => all + loss, 0);
  if (!(sum > 0)) return noShares;
  return Object.fromEntries(kinds.map((kind, k) => [kind, (losses[k] as number) / sum])) as unknown as ScoreShares;
}

function fusedLosses(one: QuerySignals, weights: FusionWeights): number[] {
  const score = (signals: QuerySignals): number => fuse(signals, weights)[0] ?? 0;
  const whole = score(one);
  return kinds.map((kind) => Math.max(0, whole - score(without(one, kind))));
}

/** Where a pack was not tuned, ranks are fused: every signal counts as far as it places the photo above the mean. */
function placedAlone({ embedding, caption, own, words }: QuerySignals): number[] {
  const above = ({ scores: [score = Number.NaN], mean, deviation }: Signal): number =>
    Number.isNaN(score) || deviation <= 0 ? 0 : Math.max(0, (score - mean) / deviation);
  return [above(embedding), above(caption), above(own), words[0] ?? 0];
}

function signalsOfOne(signals: QuerySignals, i: number): QuerySignals {
  const of = (signal: Signal): Signal => ({ ...signal, scores: signal.scores.slice(i, i + 1) });
  return {
    photoIds: signals.photoIds.slice(i, i + 1),
    embedding: of(signals.embedding),
    caption: of(signals.caption),
    own: of(signals.own),
    words: signals.words.slice(i, i + 1),
    wordCount: signals.wordCount,
  };
}

/** An average photo in this signal, as one is that has none. */
function without(one: QuerySignals, kind: (typeof kinds)[number]): QuerySignals {
  if (kind === 'words') return { ...one, words: new Float32Array(1) };
  return { ...one, [kind]: { ...one[kind], scores: Float32Array.of(Number.NaN) } };
}
