// What the ways of searching say about the same photos for one query, before any of it is weighed. Pure; shell process.

/** Cosines by one kind of vector. */
export interface Signal {
  /** Aligned with `QuerySignals.photoIds`; NaN where a photo has no such vector. */
  readonly scores: Float32Array;
  /** Photos of the library that have such a vector, and mean and deviation of their scores. */
  readonly rows: number;
  readonly mean: number;
  readonly deviation: number;
  /** Every photo of the library that scores higher is among `photoIds`; -Infinity where all are. */
  readonly floor: number;
}

export interface QuerySignals {
  /** Ascending, each once. */
  readonly photoIds: readonly number[];
  readonly embedding: Signal;
  /** To the generated captions. */
  readonly caption: Signal;
  /** To the person's own captions. */
  readonly own: Signal;
  /** BM25; 0 where no word matches. */
  readonly words: Float32Array;
  /** Words of the query. */
  readonly wordCount: number;
}

/** Rows that the spread of generated captions counts for when the person's own are too few to have one of their own. */
const priorRows = 50;
/** Spread of sentence cosines where there is nothing to measure it on: unrelated sentences in MiniLM's space. */
const sentencePrior = { mean: 0.1, deviation: 0.12 };

/** Mean and deviation by which own captions are placed: theirs, drawn towards those of generated ones while they are few. */
export function ownSpread({ own, caption }: QuerySignals): { mean: number; deviation: number } {
  const prior = caption.rows > priorRows ? caption : sentencePrior;
  const share = own.rows / (own.rows + priorRows);
  return {
    mean: share * own.mean + (1 - share) * prior.mean,
    deviation: share * own.deviation + (1 - share) * prior.deviation,
  };
}

/**
 * The score of mode `caption`: to what the person wrote, where they wrote something, else to the generated caption. Both are cosines of one
 * encoder and are compared as they are: placing each in its own spread moved P@1 by less than half a point.
 */
export function captionScores({ own, caption }: QuerySignals): Float32Array {
  const scores = caption.scores.slice();
  for (let i = 0; i < scores.length; i++) if (!Number.isNaN(own.scores[i])) scores[i] = own.scores[i] as number;
  return scores;
}

/** Words of a text: runs of letters and digits. */
export function countWords(text: string): number {
  return text.match(/[\p{L}\p{M}\p{N}]+/gu)?.length ?? 0;
}
