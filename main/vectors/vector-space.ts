// The vectors of one kind and model: an int8 matrix that follows the store, and exact float32 answers over it. Runs in the search process.
import type { VectorKind } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { createInt8Matrix, type Int8Matrix, maxKeep } from './int8-matrix.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import { maxDim } from './quantise.ts';
import { createRowCache } from './row-cache.ts';
import type { NearestAnswer } from './vector-index.ts';
import { firstCursor, type VectorCursor, type VectorSource } from './vector-source.ts';

/** Most hits of one question: the scan keeps twice as many for the rerank. */
export const maxNearest = maxKeep / 2;
/** Candidates that are scored again in float32, at least: with 50, recall@10 of an int8 scan is 1.000. */
const minRerank = 50;
/** Rows per answer of the store while following it; bounds the memory of one step to 8 MiB at 512 dimensions. */
const followRows = 4096;

export interface VectorSpace {
  /** Takes in all that was committed before the call. */
  follow(): void;
  rows(): number;
  bytes(): number;
  /** Best first, equal scores by photo id. */
  nearest(vector: Float32Array, limit: number): NearestAnswer;
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
    nearest(vector, limit) {
      const scanned = checked(vector)?.scan(vector, Math.max(minRerank, 2 * limit));
      if (!scanned) return { photoIds: [], scores: [], rows: 0, mean: 0, deviation: 0 };
      const exact = dots(vector, cache.rows(scanned.photoIds));
      const best = scanned.photoIds
        .map((photoId, i) => ({ photoId, score: exact[i] as number }))
        .filter(({ score }) => !Number.isNaN(score))
        .sort((a, b) => b.score - a.score || a.photoId - b.photoId)
        .slice(0, limit);
      return {
        photoIds: best.map((hit) => hit.photoId),
        scores: best.map((hit) => hit.score),
        rows: matrix?.rows() ?? 0,
        mean: scanned.mean,
        deviation: scanned.deviation,
      };
    },
    vectorOf: (photoId) => (matrix ? (cache.rows([photoId])[0] ?? null) : null),
    score(vector, photoIds) {
      const known = checked(vector);
      return dots(vector, known ? cache.rows(photoIds) : photoIds.map(() => null));
    },
  };
}

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
