// Tensors as plain values, so that nothing outside this folder needs the runtime's classes. Inference process.
import type { TensorSpec } from '../pack.ts';

export type TensorType = TensorSpec['type'];
export type TensorData = Float32Array | Uint16Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Row-major data; its length is the product of the dims. float16 travels as raw bits in a Uint16Array. */
export interface TensorValue {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export function float32Tensor(data: Float32Array, dims: readonly number[]): TensorValue {
  return { type: 'float32', data, dims };
}

/** @param values whole numbers, as token ids are. */
export function int64Tensor(values: ArrayLike<number>, dims: readonly number[]): TensorValue {
  const data = new BigInt64Array(values.length);
  for (let i = 0; i < values.length; i += 1) data[i] = BigInt(values[i] as number);
  return { type: 'int64', data, dims };
}

export function boolTensor(value: boolean): TensorValue {
  return { type: 'bool', data: Uint8Array.of(value ? 1 : 0), dims: [1] };
}

/** The data of a float output, float16 widened. Throws a plain Error on any other type: the load check should have seen it. */
export function floatData(tensor: TensorValue): Float32Array {
  if (tensor.data instanceof Float32Array) return tensor.data;
  if (tensor.type === 'float16' && tensor.data instanceof Uint16Array)
    return Float32Array.from(tensor.data, halfToFloat);
  throw new Error(`expected a float tensor, got ${tensor.type}`);
}

/** Copies whole rows of the first dimension, in the order given; a row may be taken more than once. */
export function gatherRows(tensor: TensorValue, rows: ArrayLike<number>): TensorValue {
  const count = tensor.dims[0] ?? 0;
  const size = count === 0 ? 0 : tensor.data.length / count;
  const data = emptyLike(tensor.data, rows.length * size);
  for (let i = 0; i < rows.length; i += 1) {
    const from = (rows[i] as number) * size;
    data.set(tensor.data.subarray(from, from + size) as never, i * size);
  }
  return { type: tensor.type, data, dims: [rows.length, ...tensor.dims.slice(1)] };
}

/** The same data under other dims of the same size; nothing is copied. */
export function reshape(tensor: TensorValue, dims: readonly number[]): TensorValue {
  return { type: tensor.type, data: tensor.data, dims };
}

function emptyLike(data: TensorData, length: number): TensorData {
  const Constructor = data.constructor as new (length: number) => TensorData;
  return new Constructor(length);
}

/** IEEE 754 binary16, without hardware help. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
