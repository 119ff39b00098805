// What a search over vectors answers, whichever structure answers it. Implemented in the search child process, called from services.
import type { ScoredIds, VectorKind } from '../library-db/library-rows.ts';
import type { PhotoSet } from '../platform/photo-set.ts';

/** One nearest-neighbour question: which photos' vectors of this kind and model point the same way as `vector` (unit length)? */
export interface NearestQuery {
  readonly kind: VectorKind;
  readonly modelId: string;
  readonly vector: Float32Array;
  /** 0 lists none: what it says of the photos that others list is all that is wanted. */
  readonly limit: number;
}

/** What one question says about the photos of an answer. */
export interface ScoreColumn {
  /** Cosines aligned with the photos; NaN where one has no such vector. */
  readonly scores: Float32Array;
  /** Vectors of the library, and mean and deviation of all their scores, so that a score can be placed within its query: see `ScanResult`. */
  readonly rows: number;
  readonly mean: number;
  readonly deviation: number;
  /** Every photo asked about that scores higher is in the answer; -Infinity where all are. */
  readonly floor: number;
}

export interface Candidates {
  /** Ascending, each once. */
  readonly photoIds: Float64Array;
  /** One for each question, in the order asked. */
  readonly columns: readonly ScoreColumn[];
}

export interface CandidatesQuestion {
  readonly queries: readonly NearestQuery[];
  /** No other photos are in the answer; the whole library is asked where left out. */
  readonly within?: PhotoSet;
  /** Photos to be scored whether they are near or not, the most promising first. */
  readonly include: readonly number[];
  /**
   * So many of the best of each list, and of `include`, are certain: scored in float32 by every question, out of twice as many. The others' cosines
   * are those of int8 rows, within about 0.003.
   */
  readonly exact: number;
}

/** How the vectors of one kind and model are held. */
export interface SpaceStatus {
  readonly kind: VectorKind;
  readonly modelId: string;
  readonly rows: number;
  /** True where the rows were read from their side file, not from the store. */
  readonly isFromFile: boolean;
  /** Null where the library is too small for one, or the process keeps none. */
  readonly graph: GraphStatus | null;
}

export interface GraphStatus {
  readonly state: 'off' | 'loading' | 'building' | 'ready';
  readonly nodes: number;
  /** Why files were thrown away or could not be saved, last. */
  readonly problem: string | null;
}

export interface VectorIndex {
  /** The best `limit` photos of each question and those of `include`, scored by all questions over one state of the library; rows committed before the call are seen. */
  candidates(input: CandidatesQuestion): Promise<Candidates>;
  /** The photos that look most like a given one by these vectors, itself left out; nothing where it has no such vector. */
  similar(input: { kind: VectorKind; modelId: string; photoId: number; limit: number }): Promise<ScoredIds>;
  /** Loads what a first query of these models will need; resolves when it is in memory. */
  warm(input: { models: readonly { kind: VectorKind; modelId: string }[] }): Promise<{ rows: number; bytes: number }>;
}

/** What the search process answers beside questions. */
export interface WatchedIndex extends VectorIndex {
  /** Of every kind and model asked about since the start. */
  status(input: object): Promise<SpaceStatus[]>;
}
