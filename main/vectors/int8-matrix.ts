// Rows of int8 vectors in WebAssembly memory, keyed by photo, and the exact scan over them. Runs in the search process.
import type { Kernel, KernelInstance } from './kernel/load-kernel.ts';
import { maxDim, quantiseQuery, quantiseRow } from './quantise.ts';

/** Most rows that one scan can keep. */
export const maxKeep = 32_768;

/** Rows that memory grows by: 2 MiB at 512 dimensions, small beside a library and large beside the cost of growing. */
const blockRows = 4096;
const pageBytes = 65_536;

// The first pages hold what one scan needs; see kernel.ts. Address 0 stays free.
const stateAt = 64;
const queryAt = 1024;
const heapAt = queryAt + 2 * maxDim;
const headerBytes = Math.ceil((heapAt + 8 * maxKeep) / pageBytes) * pageBytes;

/** The best rows of a scan, best first, by approximate cosine; `mean` and `deviation` are of all rows. */
export interface ScanResult {
  readonly photoIds: number[];
  readonly scores: number[];
  readonly mean: number;
  readonly deviation: number;
}

/** `dim` integers; times the scale they are about the vector. */
export interface QuantisedRow {
  readonly scale: number;
  readonly values: Int8Array;
}

/** Order of rows is arbitrary and changes with removals. */
export interface Int8Matrix {
  readonly dim: number;
  rows(): number;
  bytes(): number;
  has(photoId: number): boolean;
  /** Adds or replaces a photo's row. `vector` has `dim` elements; unit length makes scores cosines. */
  set(photoId: number, vector: Float32Array): void;
  /** Removes a photo's row, if there is one, by moving the last row into its place: a scan never meets a gap. */
  remove(photoId: number): void;
  scan(query: Float32Array, keep: number): ScanResult;
  /** The approximate cosine of a photo in the last scan, also where it was not kept; NaN where it has no row. Rows must not have changed since. */
  scanned(photoId: number): number;
  /** Photo of each row, in order of rows. */
  photoIds(): Float64Array;
  /** A photo's row as it is held; null where it has none. The numbers are a view, good until rows change. */
  quantised(photoId: number): QuantisedRow | null;
  /** Adds or replaces a row that `quantised` gave. */
  setQuantised(photoId: number, row: QuantisedRow): void;
}

/** An empty matrix for vectors of `dim` (at most `maxDim`) elements. */
export function createInt8Matrix(kernel: Kernel, dim: number): Int8Matrix {
  const stride = Math.ceil(dim / 16) * 16;
  const blockBytes = blockRows * (4 + 4 + stride);
  const instance = kernel.instantiate(headerBytes / pageBytes);
  const rowOf = new Map<number, number>();
  /** Photo of each row. */
  const photoOf: number[] = [];
  let views = viewsOf(instance);

  const { scalesAt, scaleIndex, scoresAt, rowAt } = layoutOf(stride, blockBytes);

  const numbersAt = (row: number): Int8Array => views.bytes.subarray(rowAt(row), rowAt(row) + dim);

  /** The row of a photo, made where there is none. */
  function rowFor(photoId: number): number {
    const known = rowOf.get(photoId);
    if (known !== undefined) return known;
    const row = photoOf.length;
    if (growTo(instance, headerBytes + Math.ceil((row + 1) / blockRows) * blockBytes)) views = viewsOf(instance);
    photoOf.push(photoId);
    rowOf.set(photoId, row);
    return row;
  }

  return {
    dim,
    rows: () => photoOf.length,
    bytes: () => instance.memory.buffer.byteLength,
    has: (photoId) => rowOf.has(photoId),
    set(photoId, vector) {
      const row = rowFor(photoId);
      views.floats[scaleIndex(row)] = quantiseRow(vector, numbersAt(row));
    },
    photoIds: () => Float64Array.from(photoOf),
    quantised(photoId) {
      const row = rowOf.get(photoId);
      return row === undefined ? null : { scale: views.floats[scaleIndex(row)] as number, values: numbersAt(row) };
    },
    setQuantised(photoId, { scale, values }) {
      const row = rowFor(photoId);
      views.floats[scaleIndex(row)] = scale;
      numbersAt(row).set(values);
    },
    remove(photoId) {
      const row = rowOf.get(photoId);
      if (row === undefined) return;
      const last = photoOf.length - 1;
      const moved = photoOf[last] as number;
      views.bytes.copyWithin(rowAt(row), rowAt(last), rowAt(last) + stride);
      views.floats[scaleIndex(row)] = views.floats[scaleIndex(last)] as number;
      photoOf[row] = moved;
      rowOf.set(moved, row);
      photoOf.pop();
      rowOf.delete(photoId);
    },
    scan(query, keep) {
      const kept = Math.min(keep, maxKeep, photoOf.length);
      const queryScale = quantiseQuery(query, new Int16Array(views.buffer, queryAt, stride));
      new Uint8Array(views.buffer, stateAt, 24).fill(0);
      for (let first = 0; first < photoOf.length; first += blockRows) {
        const count = Math.min(blockRows, photoOf.length - first);
        const rows = rowAt(first);
        const scores = scoresAt(first);
        instance.scan(scalesAt(first), scores, rows, count, stride, first, queryAt, queryScale, heapAt, kept, stateAt);
      }
      return readResult(views.buffer, kept, photoOf);
    },
    scanned(photoId) {
      const row = rowOf.get(photoId);
      return row === undefined ? Number.NaN : (views.floats[scoresAt(row) / 4 + (row % blockRows)] as number);
    },
  };
}

/** Where a row's scale, its score in the last scan and its numbers lie; `scaleIndex` counts floats, the others bytes. */
function layoutOf(stride: number, blockBytes: number) {
  const scalesAt = (row: number): number => headerBytes + Math.floor(row / blockRows) * blockBytes;
  const scaleIndex = (row: number): number => scalesAt(row) / 4 + (row % blockRows);
  const scoresAt = (row: number): number => scalesAt(row) + 4 * blockRows;
  const rowAt = (row: number): number => scalesAt(row) + 8 * blockRows + (row % blockRows) * stride;
  return { scalesAt, scaleIndex, scoresAt, rowAt };
}

/** @returns whether memory had to grow: views of it are void then. */
function growTo({ memory }: KernelInstance, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  return missing > 0;
}

interface Views {
  readonly buffer: ArrayBuffer;
  readonly bytes: Int8Array;
  readonly floats: Float32Array;
}

function viewsOf({ memory: { buffer } }: KernelInstance): Views {
  return { buffer, bytes: new Int8Array(buffer), floats: new Float32Array(buffer) };
}

function readResult(buffer: ArrayBuffer, kept: number, photoOf: readonly number[]): ScanResult {
  const [sum = 0, squares = 0] = new Float64Array(buffer, stateAt, 2);
  const count = Math.max(1, photoOf.length);
  const mean = sum / count;
  const scores = new Float32Array(buffer, heapAt, 2 * kept);
  const rows = new Uint32Array(buffer, heapAt, 2 * kept);
  const order = Array.from({ length: kept }, (_, i) => ({
    score: scores[2 * i] as number,
    photoId: photoOf[rows[2 * i + 1] as number] as number,
  })).sort((a, b) => b.score - a.score || a.photoId - b.photoId);
  return {
    photoIds: order.map((pair) => pair.photoId),
    scores: order.map((pair) => pair.score),
    mean,
    // Rounding can leave a tiny negative variance where all scores are equal.
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
  };
}
