// The exact scan over int8 rows in WebAssembly memory, of all of them or of those of a set of photos. Runs in the search process.
import type { PhotoSet } from '../platform/photo-set.ts';
import type { KernelInstance } from './kernel/load-kernel.ts';
import { maxDim, quantiseQuery } from './quantise.ts';

/** Most rows that one scan can keep. */
export const maxKeep = 32_768;

/** Rows that memory grows by: 2 MiB at 512 dimensions, small beside a library and large beside the cost of growing. */
export const blockRows = 4096;
export const pageBytes = 65_536;

// The first pages hold what one scan needs; see kernel.ts. Address 0 stays free.
const stateAt = 64;
const queryAt = 1024;
const listAt = queryAt + 2 * maxDim;
const heapAt = listAt + 4 * blockRows;
export const headerBytes = Math.ceil((heapAt + 8 * maxKeep) / pageBytes) * pageBytes;

/**
 * Libraries up to so many rows are scored whole also where few photos are asked for. In larger ones mean and deviation are then taken of every eighth row: with
 * 16,384 of them or more, the mean is off by a hundredth of a deviation, which moves all scores of a query by the same.
 */
const wholeRows = 131_072;
const sampleEvery = 8;

/**
 * The best rows of a scan, best first, by approximate cosine. `mean` and `deviation` are of all rows of the library, whichever are asked for: they tell what a
 * score by chance is, and among photos of a beach alone every photo of a beach would be an average one.
 */
export interface ScanResult {
  readonly photoIds: number[];
  readonly scores: number[];
  readonly mean: number;
  readonly deviation: number;
  /** Rows that might have been listed. */
  readonly among: number;
}

export type RowLayout = ReturnType<typeof layoutOf>;

export interface ScannedRows {
  readonly instance: KernelInstance;
  readonly layout: RowLayout;
  /** Photo of each row. */
  readonly photoOf: readonly number[];
}

/** Where a row's scale, its score in the last scan and its numbers lie; `scaleIndex` counts floats, the others bytes. */
export function layoutOf(stride: number) {
  const blockBytes = blockRows * (4 + 4 + stride);
  const scalesAt = (row: number): number => headerBytes + Math.floor(row / blockRows) * blockBytes;
  const scaleIndex = (row: number): number => scalesAt(row) / 4 + (row % blockRows);
  const scoresAt = (row: number): number => scalesAt(row) + 4 * blockRows;
  const rowAt = (row: number): number => scalesAt(row) + 8 * blockRows + (row % blockRows) * stride;
  return { stride, blockBytes, scalesAt, scaleIndex, scoresAt, rowAt };
}

/** @param keep 0 takes mean and deviation alone. @param within lists these photos alone. */
export function scanRows(of: ScannedRows, query: Float32Array, keep: number, within: PhotoSet | undefined): ScanResult {
  const { photoOf, instance, layout } = of;
  const queryScale = quantiseQuery(query, new Int16Array(instance.memory.buffer, queryAt, layout.stride));
  if (keep === 0) return scanSpread(of, queryScale, photoOf.length <= wholeRows);
  return within ? scanWithin(of, queryScale, keep, within) : scanAll(of, queryScale, keep);
}

/** Scores every block, and keeps the best in the heap. */
function scanBlocks({ instance, layout, photoOf }: ScannedRows, queryScale: number, kept: number): void {
  const { stride, scalesAt, scoresAt, rowAt } = layout;
  for (let first = 0; first < photoOf.length; first += blockRows) {
    const count = Math.min(blockRows, photoOf.length - first);
    const [scales, scores, rows] = [scalesAt(first), scoresAt(first), rowAt(first)];
    instance.scan(scales, scores, rows, count, stride, first, queryAt, queryScale, heapAt, kept, stateAt);
  }
}

/** Scores the listed rows of each block, and keeps the best in the heap. @returns how many there are. */
function scanListed(
  { instance, layout, photoOf }: ScannedRows,
  queryScale: number,
  kept: number,
  listBlock: ListBlock,
): number {
  const { stride, scalesAt, scoresAt, rowAt } = layout;
  const list = new Uint32Array(instance.memory.buffer, listAt, blockRows);
  let scored = 0;
  for (let first = 0; first < photoOf.length; first += blockRows) {
    const count = listBlock(list, first, Math.min(blockRows, photoOf.length - first));
    scored += count;
    const [at, scores, rows] = [scalesAt(first), scoresAt(first), rowAt(first)];
    if (count > 0)
      instance.scanListed(listAt, at, scores, rows, count, stride, first, queryAt, queryScale, heapAt, kept, stateAt);
  }
  return scored;
}

/** Keeps the best of the listed rows in the heap, by their scores in the scan before. @returns how many there are. */
function pickListed({ instance, layout, photoOf }: ScannedRows, kept: number, listBlock: ListBlock): number {
  const list = new Uint32Array(instance.memory.buffer, listAt, blockRows);
  let picked = 0;
  for (let first = 0; first < photoOf.length; first += blockRows) {
    const count = listBlock(list, first, Math.min(blockRows, photoOf.length - first));
    picked += count;
    if (count > 0) instance.pickListed(listAt, layout.scoresAt(first), count, first, heapAt, kept, stateAt);
  }
  return picked;
}

function scanAll(of: ScannedRows, queryScale: number, keep: number): ScanResult {
  const { buffer } = of.instance.memory;
  const among = of.photoOf.length;
  const kept = Math.min(keep, maxKeep, among);
  resetState(buffer);
  scanBlocks(of, queryScale, kept);
  return { ...spreadOf(buffer, among), ...listOf(buffer, kept, of.photoOf), among };
}

/** Mean and deviation alone, of all rows or of a sample. */
function scanSpread(of: ScannedRows, queryScale: number, isWhole: boolean): ScanResult {
  const { buffer } = of.instance.memory;
  resetState(buffer);
  if (isWhole) scanBlocks(of, queryScale, 0);
  const scored = isWhole ? of.photoOf.length : scanListed(of, queryScale, 0, listSample);
  return { ...spreadOf(buffer, scored), photoIds: [], scores: [], among: 0 };
}

/** Two ways, the second where it saves much of the work: all rows are scored and the best of the set's picked, or the set's are scored, and a sample. */
function scanWithin(of: ScannedRows, queryScale: number, keep: number, within: PhotoSet): ScanResult {
  const { photoOf } = of;
  const { buffer } = of.instance.memory;
  const kept = Math.min(keep, maxKeep, within.count);
  const isWhole = photoOf.length <= wholeRows || within.count > photoOf.length / 2;
  const spread = scanSpread(of, queryScale, isWhole);
  resetState(buffer);
  const listed = listWithin(photoOf, within);
  const among = isWhole ? pickListed(of, kept, listed) : scanListed(of, queryScale, kept, listed);
  return { ...spread, ...listOf(buffer, Math.min(kept, among), photoOf), among };
}

function resetState(buffer: ArrayBuffer): void {
  new Uint8Array(buffer, stateAt, 24).fill(0);
}

/** Writes down some rows of a block, by their numbers within it. @returns how many. */
type ListBlock = (list: Uint32Array, first: number, count: number) => number;

const listSample: ListBlock = (list, _first, count) => {
  let listed = 0;
  for (let row = 0; row < count; row += sampleEvery) list[listed++] = row;
  return listed;
};

function listWithin(photoOf: readonly number[], { bits }: PhotoSet): ListBlock {
  return (list, first, count) => {
    let listed = 0;
    // Every row is written, and the next one over it where its photo is not in the set: a branch would be guessed wrong for every other row.
    for (let row = 0; row < count; row++) {
      const photoId = photoOf[first + row] as number;
      list[listed] = row;
      listed += ((bits[photoId >>> 5] ?? 0) >>> (photoId & 31)) & 1;
    }
    return listed;
  };
}

function spreadOf(buffer: ArrayBuffer, scored: number): Pick<ScanResult, 'mean' | 'deviation'> {
  const [sum = 0, squares = 0] = new Float64Array(buffer, stateAt, 2);
  const count = Math.max(1, scored);
  const mean = sum / count;
  // Rounding can leave a tiny negative variance where all scores are equal.
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

function listOf(
  buffer: ArrayBuffer,
  kept: number,
  photoOf: readonly number[],
): Pick<ScanResult, 'photoIds' | 'scores'> {
  const scores = new Float32Array(buffer, heapAt, 2 * kept);
  const rows = new Uint32Array(buffer, heapAt, 2 * kept);
  const order = Array.from({ length: kept }, (_, i) => ({
    score: scores[2 * i] as number,
    photoId: photoOf[rows[2 * i + 1] as number] as number,
  })).sort((a, b) => b.score - a.score || a.photoId - b.photoId);
  return { photoIds: order.map((pair) => pair.photoId), scores: order.map((pair) => pair.score) };
}
