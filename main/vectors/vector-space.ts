// The vectors of one kind and model: an int8 matrix that follows the store, and exact float32 answers over it. Runs in the search process.
import type { VectorKind } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { createInt8Matrix, type Int8Matrix, maxKeep, type ScanResult } from './int8-matrix.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import { maxDim } from './quantise.ts';
import { createRowCache } from './row-cache.ts';
import { firstCursor, type VectorCursor, type VectorSource } from './vector-source.ts';

/** Most hits of one question: the scan keeps twice as many, so that all of them can be scored again. */
export const maxNearest = maxKeep / 2;
/** Rows per answer of the store while following it; bounds the memory of one step to 8 MiB at 512 dimensions. */
const followRows = 4096;

export interface VectorSpace {
  /** Takes in all that was committed before the call. */
  follow(): void;
  rows(): number;
  bytes(): number;
  /** Approximate cosines of all rows, of which the best `keep` are listed; `scanned` tells the others until rows change or the next scan. */
  scan(vector: Float32Array, keep: number): ScanResult;
  /** Approximate cosine of a photo in the last scan; NaN where it has no vector. */
  scanned(photoId: number): number;
  /** Float32 cosines in the order asked; NaN where there is no vector. */
  score(vector: Float32Array, photoIds: readonly number[]): Float32Array;
  /** The stored vector of a photo; null where it has none. Not to be written to. */
  vectorOf(photoId: number): Float32Array | null;
}

/** An empty space; the first `follow` loads it. */
export function createVectorSpace(
  kernel: Kernel,
  source: VectorSource,
  id: { kind: VectorKind; modelId: string },
): VectorSpace {
  const cache = createRowCache((photoIds) => source.vectorsOf(id.kind, id.modelId, photoIds));
  let matrix: Int8Matrix | undefined;
  let cursor: VectorCursor = firstCursor;

  function take(photoIds: Float64Array, data: Float32Array, dim: number): void {
    if (photoIds.length === 0) return;
    if (matrix && matrix.dim !== dim) throw mismatch(`stored vectors of ${dim} and ${matrix.dim} numbers`, id.modelId);
    if (dim > maxDim) throw mismatch(`vectors of ${dim} numbers (at most ${maxDim} are supported)`, id.modelId);
    matrix ??= createInt8Matrix(kernel, dim);
    for (const [i, photoId] of photoIds.entries()) {
      matrix.set(photoId, data.subarray(i * dim, (i + 1) * dim));
      cache.forget(photoId);
    }
  }

  function drop(photoIds: Float64Array): void {
    for (const photoId of photoIds) {
      matrix?.remove(photoId);
      cache.forget(photoId);
    }
  }

  /** The log went back: the library was replaced by an older copy, and nothing held is known to be in it. */
  function forgetAll(): void {
    matrix = undefined;
    cursor = firstCursor;
    cache.clear();
  }

  function checked(vector: Float32Array): Int8Matrix | undefined {
    if (matrix && vector.length !== matrix.dim) {
      throw mismatch(`a query of ${vector.length} numbers against vectors of ${matrix.dim}`, id.modelId);
    }
    if (!vector.every(Number.isFinite)) throw mismatch('a query with numbers that are not finite', id.modelId);
    return matrix;
  }

  return {
    follow() {
      const lastSeq = source.lastSeq();
      if (cursor !== firstCursor && cursor.seq === lastSeq) return;
      if (lastSeq < cursor.seq) forgetAll();
      for (let more = true; more; ) {
        const changes = source.changesSince(id.kind, id.modelId, cursor, followRows);
        drop(changes.removed);
        drop(changes.damaged);
        take(changes.photoIds, changes.data, changes.dim);
        ({ cursor, more } = changes);
      }
    },
    rows: () => matrix?.rows() ?? 0,
    bytes: () => (matrix?.bytes() ?? 0) + cache.bytes(),
    scan: (vector, keep) => checked(vector)?.scan(vector, keep) ?? nothing,
    scanned: (photoId) => matrix?.scanned(photoId) ?? Number.NaN,
    vectorOf: (photoId) => (matrix ? (cache.rows([photoId])[0] ?? null) : null),
    score(vector, photoIds) {
      const known = checked(vector);
      return dots(vector, known ? cache.rows(photoIds) : photoIds.map(() => null));
    },
  };
}

const nothing: ScanResult = { photoIds: [], scores: [], mean: 0, deviation: 0 };

/** Inner products with each row; NaN where there is none. */
function dots(vector: Float32Array, rows: readonly (Float32Array | null)[]): Float32Array {
  return Float32Array.from(rows, (row) => {
    if (!row) return Number.NaN;
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (row[i] as number);
    return sum;
  });
}

function mismatch(what: string, modelId: string): AppError {
  return new AppError('model/shape', `Search met ${what} (${modelId}); index the library again with this model.`);
}
