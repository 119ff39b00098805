// Float vectors as small integers with one scale each: what the kernel multiplies. Pure; runs in the search process.

/** Largest magnitude of a row element. -128 stays unused, so that negation is exact. */
const rowRange = 127;
/**
 * Largest magnitude of a query element. The query is one vector, so it keeps 14 bits and all error comes from the rows; more bits would
 * overflow the kernel's 32-bit sums at `maxDim`.
 */
const queryRange = 8191;

/** 127 * 8191 * 2048 < 2^31: no sum of products of this many dimensions can overflow, whatever the vectors. */
export const maxDim = 2048;

/**
 * Writes round(vector / scale) and returns the scale (0 for a vector of zeros), with the largest element at full range. One scale per
 * row, not one for all: a single outlying element in the library would otherwise cost every row its precision.
 */
export function quantiseRow(vector: Float32Array, into: Int8Array): number {
  return quantise(vector, into, rowRange);
}

/** As `quantiseRow`, with 14 bits. */
export function quantiseQuery(vector: Float32Array, into: Int16Array): number {
  return quantise(vector, into, queryRange);
}

function quantise(vector: Float32Array, into: Int8Array | Int16Array, range: number): number {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i] as number));
  const toInteger = largest === 0 ? 0 : range / largest;
  for (let i = 0; i < vector.length; i++) into[i] = Math.round((vector[i] as number) * toInteger);
  return largest / range;
}
