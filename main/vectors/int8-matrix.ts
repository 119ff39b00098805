// Rows of int8 vectors in WebAssembly memory, keyed by photo, and the exact scan over them. Runs in the search process.
import type { PhotoSet } from '../platform/photo-set.ts';
import type { Kernel, KernelInstance } from './kernel/load-kernel.ts';
import { quantiseQuery, quantiseRow } from './quantise.ts';
import { blockRows, headerBytes, layoutOf, pageBytes, type ScanResult, scanRows } from './row-scan.ts';

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
  /** @param keep 0 takes mean and deviation alone: no photo's score is known by `scanned` then. @param within lists these photos alone. */
  scan(query: Float32Array, keep: number, within?: PhotoSet): ScanResult;
  /**
   * The approximate cosine of a photo in the last scan, also where it was not kept; NaN where it has no row. Rows must not have changed since, and where the scan
   * was within a set, the photo has to be in it.
   */
  scanned(photoId: number): number;
  /** The approximate cosines of these photos, in the order given, NaN where one has no row; the last scan's stay as they are. */
  approximate(query: Float32Array, photoIds: ArrayLike<number>): Float32Array;
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
  const instance = kernel.instantiate(headerBytes / pageBytes);
  const rowOf = new Map<number, number>();
  /** Photo of each row. */
  const photoOf: number[] = [];
  let views = viewsOf(instance);

  const layout = layoutOf(stride);
  const { blockBytes, scaleIndex, scoresAt, rowAt } = layout;
  const scanned = { instance, layout, photoOf };

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
    scan: (query, keep, within) => scanRows(scanned, query, keep, within),
    approximate(query, photoIds) {
      const integers = new Int16Array(stride);
      const queryScale = Math.fround(quantiseQuery(query, integers));
      return Float32Array.from(photoIds, (photoId) => {
        const row = rowOf.get(photoId);
        if (row === undefined) return Number.NaN;
        const at = rowAt(row);
        let sum = 0;
        for (let i = 0; i < dim; i++) sum += (views.bytes[at + i] as number) * (integers[i] as number);
        // Rounded where the kernel rounds, so that both ways give the same number.
        return Math.fround(Math.fround(sum) * (views.floats[scaleIndex(row)] as number)) * queryScale;
      });
    },
    scanned(photoId) {
      const row = rowOf.get(photoId);
      return row === undefined ? Number.NaN : (views.floats[scoresAt(row) / 4 + (row % blockRows)] as number);
    },
  };
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
