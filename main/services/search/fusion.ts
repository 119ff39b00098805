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
   * The person's captions. Where there is one, picture and caption share what the picture says elsewhere: `picture` and `weight` are their parts, `square` what a
   * picture that stands out adds, `together` what is added where both stand out (below 0: a caption that repeats the picture adds little). `offset` is taken off.
   */
  readonly own: {
    readonly weight: number;
    readonly offset: number;
    /** 1 where absent; the two below 0. */
    readonly picture?: number;
    readonly square?: number;
    readonly together?: number;
  };
  /**
   * BM25 per word of the query: `each` of all of it, and `weight` of what is above `offset`: near nothing for a long sentence that shares common words, much for a
   * name that is there. It is only ever added, so that of two photos of which the models think alike, the one that has the words comes first.
   */
  readonly words: { readonly weight: number; readonly offset: number; readonly each?: number };
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
    own: {
      weight: number('own', 'weight', 0),
      picture: number('own', 'picture', 1),
      square: number('own', 'square', 0),
      together: number('own', 'together', 0),
      offset: number('own', 'offset', 0),
    },
    words: {
      weight: number('words', 'weight', 0),
      offset: number('words', 'offset', 0),
      each: number('words', 'each', 0),
    },
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
    const picture = placed(embedding.scores[i] as number, embedding);
    const mine = own.scores[i] as number;
    const seen = Number.isNaN(mine)
      ? weights.embedding.weight * picture + weights.caption.weight * placed(caption.scores[i] as number, caption)
      : joined(weights.own, picture, placed(mine, spread));
    const word = (words[i] as number) * perWord;
    fused[i] =
      seen + (weights.words.each ?? 0) * word + weights.words.weight * Math.max(0, word - weights.words.offset);
  }
  return fused;
}

/** Deviations beyond which nothing bends any more: further out a line is what val has too few photos to contradict. */
const mostBent = 5;

/** What a picture and its own caption, both in deviations, say together. */
function joined(own: FusionWeights['own'], picture: number, caption: number): number {
  const seen = Math.min(mostBent, Math.max(0, picture));
  const told = Math.min(mostBent, Math.max(0, caption));
  const bent = (own.square ?? 0) * seen * seen + (own.together ?? 0) * seen * told;
  return (own.picture ?? 1) * picture + own.weight * caption + bent - own.offset;
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
