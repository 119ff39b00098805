// Keeps a decoder's key-value cache in step with the beams. Inference process; pure.
import { gatherRows, reshape, type TensorValue } from '../runtime/tensors.ts';

/** Tensors by the name of the graph's input that they feed. */
export type KeyValues = Readonly<Record<string, TensorValue>>;

/** Rows of every tensor's first dimension, in the order given; the tensors themselves where that is the order they have. */
export function gatherKeyValues(cache: KeyValues, rows: Int32Array): KeyValues {
  return mapValues(cache, (tensor) => (isIdentity(rows, tensor.dims[0] ?? 0) ? tensor : gatherRows(tensor, rows)));
}

/** Joins or splits the first dimensions: [batch, beams, ...] and [batch * beams, ...] are the same memory. */
export function reshapeLeading(cache: KeyValues, drop: number, leading: readonly number[]): KeyValues {
  return mapValues(cache, (tensor) => reshape(tensor, [...leading, ...tensor.dims.slice(drop)]));
}

export function mapValues(cache: KeyValues, change: (tensor: TensorValue, name: string) => TensorValue): KeyValues {
  return Object.fromEntries(Object.entries(cache).map(([name, tensor]) => [name, change(tensor, name)]));
}

function isIdentity(rows: Int32Array, count: number): boolean {
  return rows.length === count && rows.every((row, i) => row === i);
}
