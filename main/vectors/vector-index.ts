// What a search over vectors answers, whichever structure answers it. Implemented in the search child process, called from services.
import type { ScoredIds, VectorKind } from '../library-db/library-db.ts';

/** One nearest-neighbour question: which photos' vectors of this kind and model point the same way as `vector` (unit length)? */
export interface NearestQuery {
  readonly kind: VectorKind;
  readonly modelId: string;
  readonly vector: Float32Array;
  readonly limit: number;
}

/** Cosine scores, best first; `mean` and `deviation` are of the scores of all rows, so that a caller can place a score within its query. */
export interface NearestAnswer extends ScoredIds {
  readonly rows: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Scores of given photos for one query; NaN where a photo has no such vector. */
export interface ScoreQuery {
  readonly kind: VectorKind;
  readonly modelId: string;
  readonly vector: Float32Array;
  readonly photoIds: readonly number[];
}

export interface VectorIndex {
  /** Answers every query over one state of the library; rows committed before the call are seen. */
  nearest(input: { queries: readonly NearestQuery[] }): Promise<NearestAnswer[]>;
  /** The exact float32 cosine of each photo, in the order asked. */
  score(input: { queries: readonly ScoreQuery[] }): Promise<{ scores: Float32Array }[]>;
  /** The photos that look most like a given one by these vectors, itself left out; nothing where it has no such vector. */
  similar(input: { kind: VectorKind; modelId: string; photoId: number; limit: number }): Promise<ScoredIds>;
  /** Loads what a first query of these models will need; resolves when it is in memory. */
  warm(input: { models: readonly { kind: VectorKind; modelId: string }[] }): Promise<{ rows: number; bytes: number }>;
}
