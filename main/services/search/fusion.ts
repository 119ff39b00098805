// One score from several signals: each placed in its spread over the library for this query, weighed, summed. Pure; shell process.
import { rankPositions } from './ranking.ts';
import { captionScores, ownSpread, type QuerySignals, type Signal } from './signals.ts';

/**
 * Tuned per pack on labelled photos and kept in its pack.json under `fusion`. A signal's unit is its deviation over the library for the
 * query (z-score), so that weights hold for any query and library.
 */
export interface FusionWeights {
  readonly embedding: { readonly weight: number };
  /** Generated captions; they count where the person wrote none. */
  readonly caption: { readonly weight: number };
  /**
   * The person's captions. They join the embedding as the hypotenuse joins two sides: a photo is right by its picture or by its caption,
   * and a caption that repeats the picture adds little. `offset` is taken off, because a photo with two chances to look right is more
   * often right by accident than one with a single chance.
   */
  readonly own: { readonly weight: number; readonly offset: number };
  /** BM25 per word of the query, above `offset`: near nothing for a long sentence that shares common words, much for a name that is there. */
  readonly words: { readonly weight: number; readonly offset: number };
}

/** The `fusion` section of a pack as weights, or null where it is absent or not in this form (rank fusion is used then). */
export function readFusionWeights(section: unknown): FusionWeights | null {
  const number = (signal: string, key: string, otherwise?: number): number => {
    const value = (section as Record<string, Record<string, unknown> | undefined> | null | undefined)?.[signal]?.[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : (otherwise ?? Number.NaN);
  };
  const weights = {
    embedding: { weight: number('embedding', 'weight') },
    caption: { weight: number('caption', 'weight', 0) },
    own: { weight: number('own', 'weight', 0), offset: number('own', 'offset', 0) },
    words: { weight: number('words', 'weight', 0), offset: number('words', 'offset', 0) },
  };
  return weights.embedding.weight > 0 ? weights : null;
}

/** Fused scores aligned with `signals.photoIds`; a photo without a signal is treated as an average one in it. */
export function fuse(signals: QuerySignals, weights: FusionWeights): Float64Array {
  const { embedding, caption, own, words, wordCount } = signals;
  const spread = ownSpread(signals);
  const perWord = 1 / Math.max(1, wordCount);
  const fused = new Float64Array(signals.photoIds.length);
  for (let i = 0; i < fused.length; i++) {
    const picture = weights.embedding.weight * placed(embedding.scores[i] as number, embedding);
    const mine = own.scores[i] as number;
    const seen = Number.isNaN(mine)
      ? picture + weights.caption.weight * placed(caption.scores[i] as number, caption)
      : joined(picture, weights.own.weight * placed(mine, spread)) - weights.own.offset;
    fused[i] = seen + weights.words.weight * Math.max(0, (words[i] as number) * perWord - weights.words.offset);
  }
  return fused;
}

/** Length of the two as sides where both speak for the photo; what speaks against it by its picture is subtracted as it is. */
function joined(picture: number, caption: number): number {
  const seen = Math.max(0, picture);
  const told = Math.max(0, caption);
  return Math.sqrt(seen * seen + told * told) + Math.min(0, picture);
}

/** Below it, scores differ only by rounding (equal photos, or a single one), and their order says nothing. */
const leastDeviation = 1e-6;

function placed(score: number, { mean, deviation }: Pick<Signal, 'mean' | 'deviation'>): number {
  return Number.isNaN(score) || deviation < leastDeviation ? 0 : (score - mean) / deviation;
}

/** Cormack's constant: large enough that the first places of one list do not decide alone. */
const rankConstant = 60;

/** Reciprocal rank fusion of the three single modes: what is used while no weights were tuned for a pack. */
export function fuseByRank(signals: QuerySignals): Float64Array {
  const matched = signals.words.map((score) => (score > 0 ? score : Number.NaN));
  const fused = new Float64Array(signals.photoIds.length);
  for (const scores of [signals.embedding.scores, captionScores(signals), matched]) {
    for (const [i, position] of rankPositions(signals.photoIds, scores).entries()) {
      if (position !== null) fused[i] = (fused[i] as number) + 1 / (rankConstant + position);
    }
  }
  return fused;
}
