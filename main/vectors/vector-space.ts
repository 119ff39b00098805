// The vectors of one kind and model: int8 rows that follow the store, exact float32 answers over them, and a graph beside them. Runs in the search process.
import type { VectorKind } from '../library-db/library-rows.ts';
import type { PhotoSet } from '../platform/photo-set.ts';
import { createFollowedRows, mismatch } from './followed-rows.ts';
import type { Int8Matrix } from './int8-matrix.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import { createRowCache } from './row-cache.ts';
import { maxKeep, type ScanResult } from './row-scan.ts';
import { createSpaceKeepers, type SideOptions } from './side-index/space-keepers.ts';
import type { SpaceStatus } from './vector-index.ts';
import type { VectorSource } from './vector-source.ts';

/** Most hits of one question: the scan keeps twice as many, so that all of them can be scored again. */
export const maxNearest = maxKeep / 2;

export interface VectorSpace {
  /** Loads what side files have, where there are any; to be awaited before the first `follow`. */
  open(): Promise<void>;
  /** Takes in all that was committed before the call. */
  follow(): void;
  rows(): number;
  bytes(): number;
  /** Approximate cosines of all rows, of which the best `keep` are listed; `scanned` tells the others until rows change or the next scan. */
  scan(vector: Float32Array, keep: number, within?: PhotoSet): ScanResult;
  /** Approximate cosine of a photo in the last scan, which it was not left out of; NaN where it has no vector. */
  scanned(photoId: number): number;
  /** Approximate cosines of these photos alone, in the order asked, as a scan gives them; NaN where there is no vector. */
  approximate(vector: Float32Array, photoIds: ArrayLike<number>): Float32Array;
  /** Float32 cosines in the order asked; NaN where there is no vector. */
  score(vector: Float32Array, photoIds: readonly number[]): Float32Array;
  /** The stored vector of a photo; null where it has none. Not to be written to. */
  vectorOf(photoId: number): Float32Array | null;
  /** Photos near `vector` by the graph, which is begun with the first such question; best first, null where a scan has to answer. To be called after `follow`. */
  nearestByGraph(vector: Float32Array, limit: number): number[] | null;
  status(): Omit<SpaceStatus, 'kind' | 'modelId'>;
  /** Resolves when no file is being worked on any more. */
  close(): Promise<void>;
}

/** An empty space; the first `follow` loads it. Without `side` it has neither files nor a graph. */
export function createVectorSpace(
  kernel: Kernel,
  source: VectorSource,
  id: { kind: VectorKind; modelId: string },
  side?: SideOptions,
): VectorSpace {
  const cache = createRowCache((photoIds) => source.vectorsOf(id.kind, id.modelId, photoIds));
  const followed = createFollowedRows(kernel, source, id, { onChange: cache.forget, onForget: cache.clear });
  const keepers = side ? createSpaceKeepers(kernel, source, id, side) : null;
  let opening: Promise<void> | undefined;
  /** Most spaces are only ever scanned; a graph of those would cost memory and the time of building it. */
  let wantsGraph = false;
  const { matrix } = followed;

  function checked(vector: Float32Array): Int8Matrix | undefined {
    const known = matrix();
    if (known && vector.length !== known.dim) {
      throw mismatch(`a query of ${vector.length} numbers against vectors of ${known.dim}`, id.modelId);
    }
    if (!vector.every(Number.isFinite)) throw mismatch('a query with numbers that are not finite', id.modelId);
    return known;
  }

  return {
    open() {
      opening ??= keepers ? followed.openFrom(keepers.rows) : Promise.resolve();
      return opening;
    },
    follow() {
      followed.follow();
      const known = matrix();
      if (known && wantsGraph) keepers?.graph(known.dim, known.rows());
    },
    rows: () => matrix()?.rows() ?? 0,
    bytes: () => (matrix()?.bytes() ?? 0) + cache.bytes(),
    scan: (vector, keep, within) => checked(vector)?.scan(vector, keep, within) ?? nothing,
    scanned: (photoId) => matrix()?.scanned(photoId) ?? Number.NaN,
    approximate: (vector, photoIds) =>
      checked(vector)?.approximate(vector, photoIds) ?? new Float32Array(photoIds.length).fill(Number.NaN),
    vectorOf: (photoId) => (matrix() ? (cache.rows([photoId])[0] ?? null) : null),
    score(vector, photoIds) {
      const known = checked(vector);
      return dots(vector, known ? cache.rows(photoIds) : photoIds.map(() => null));
    },
    nearestByGraph(vector, limit) {
      const known = checked(vector);
      wantsGraph = true;
      return known ? (keepers?.graph(known.dim, known.rows())?.nearest(vector, limit) ?? null) : null;
    },
    status: () => ({
      rows: matrix()?.rows() ?? 0,
      isFromFile: followed.isFromFile(),
      graph: keepers?.graphStatus() ?? null,
    }),
    close: async () => keepers?.close(),
  };
}

const nothing: ScanResult = { photoIds: [], scores: [], mean: 0, deviation: 0, among: 0 };

/** Inner products with each row; NaN where there is none. */
function dots(vector: Float32Array, rows: readonly (Float32Array | null)[]): Float32Array {
  return Float32Array.from(rows, (row) => {
    if (!row) return Number.NaN;
    let sum = 0;
    for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) * (row[i] as number);
    return sum;
  });
}
