// Pools graph outputs and brings vectors to unit length. Inference process; pure.
import { ModelError } from '../errors.ts';
import type { TextTowerSpec } from '../pack.ts';

/**
 * Rows of [rows, dim] as unit vectors of their own memory. A graph that normalises already loses nothing by it.
 * @throws ModelError `model/shape` where the output has another size or a row has no direction (not finite, or all zero).
 */
export function unitRows(data: Float32Array, rows: number, dim: number): Float32Array[] {
  if (data.length !== rows * dim) {
    throw new ModelError('model/shape', `A model gave ${data.length} numbers instead of ${rows} vectors of ${dim}.`);
  }
  const vectors: Float32Array[] = [];
  for (let row = 0; row < rows; row += 1) vectors.push(toUnit(data.slice(row * dim, (row + 1) * dim)));
  return vectors;
}

/** Scales in place. */
export function toUnit(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const x of vector) sum += x * x;
  const norm = Math.sqrt(sum);
  if (!(norm > 0 && Number.isFinite(norm))) {
    throw new ModelError(
      'model/shape',
      'A model gave a vector without a direction. Fetch the pack again, or use another provider.',
    );
  }
  for (let i = 0; i < vector.length; i += 1) vector[i] = (vector[i] as number) / norm;
  return vector;
}

/** Inner product of two vectors of one size: the cosine where both are of unit length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

/** Unit mean: the one vector nearest to all of them. */
export function unitMean(vectors: readonly Float32Array[]): Float32Array {
  const first = vectors[0];
  if (!first) throw new RangeError('the mean of no vectors');
  const sum = new Float32Array(first.length);
  for (const vector of vectors)
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (vector[i] as number);
  return toUnit(sum);
}

export interface TokenOutput {
  data: Float32Array;
  dims: readonly number[];
  /** 1 where a token stands, [rows, tokens]. */
  mask: Uint8Array;
}

/** [rows, dim] from a text graph's output, as the pack's pooling says. */
export function pool({ data, dims, mask }: TokenOutput, pooling: TextTowerSpec['pooling'], dim: number): Float32Array {
  if (pooling === 'none') return data;
  const [rows = 0, tokens = 0, width = 0] = dims;
  if (width !== dim || data.length !== rows * tokens * dim || mask.length !== rows * tokens) {
    throw new ModelError(
      'model/shape',
      `A text model gave [${dims.join(', ')}], which cannot be pooled to ${dim} numbers.`,
    );
  }
  const out = new Float32Array(rows * dim);
  for (let row = 0; row < rows; row += 1) {
    const start = row * tokens * dim;
    if (pooling === 'cls') out.set(data.subarray(start, start + dim), row * dim);
    else
      addTokens(
        data.subarray(start, start + tokens * dim),
        mask.subarray(row * tokens, (row + 1) * tokens),
        out.subarray(row * dim, (row + 1) * dim),
      );
  }
  return out;
}

/** Sum over the tokens that stand; the caller brings it to unit length, so the count does not matter. */
function addTokens(tokens: Float32Array, mask: Uint8Array, sum: Float32Array): void {
  for (let token = 0; token < mask.length; token += 1) {
    if (mask[token] === 0) continue;
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] as number) + (tokens[token * sum.length + i] as number);
  }
}
