// What the vector index needs of the store: a log to follow and full vectors by id. Filled by entry/search.ts, in the search process.
import type { VectorKind } from '../library-db/library-rows.ts';

/** A place in the store's log of vector changes; plain data. `after` >= 0 while the first reading of the table is under way. */
export interface VectorCursor {
  readonly seq: number;
  readonly after: number;
}

/** Where a matrix that holds nothing starts to follow. */
export const firstCursor: VectorCursor = { seq: 0, after: 0 };

export interface VectorChanges {
  /** Photos whose vector is new or changed, each at most once; what was delivered before may come again. */
  readonly photoIds: Float64Array;
  /** `photoIds.length` x `dim`, row-major, unit length. */
  readonly data: Float32Array;
  /** 0 where no vector of this kind and model was ever stored. */
  readonly dim: number;
  readonly removed: Float64Array;
  /** Stored bytes failed their checksum: as good as removed. */
  readonly damaged: Float64Array;
  readonly cursor: VectorCursor;
  readonly more: boolean;
}

/** Every call sees all that was committed before it. */
export interface VectorSource {
  /** Position of the newest change of any kind or model; an unchanged one means that nothing changed. */
  lastSeq(): number;
  changesSince(kind: VectorKind, modelId: string, cursor: VectorCursor, limit: number): VectorChanges;
  /** Full vectors in the order asked; null where a photo has none or is not present. */
  vectorsOf(kind: VectorKind, modelId: string, photoIds: readonly number[]): (Float32Array | null)[];
  /** Dimension of this kind and model; 0 where no such vector was ever stored. */
  dimOf(kind: VectorKind, modelId: string): number;
  /** Every present photo that has a vector, damaged ones included; reads ids alone. */
  livePhotos(kind: VectorKind, modelId: string): Float64Array;
  close(): void;
}
