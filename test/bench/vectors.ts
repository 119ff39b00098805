// Times the int8 scan against plain float32 JavaScript over the same vectors, and its recall: `node test/bench/vectors.ts [SIZE...]`.
// Prints one JSON object. Times are medians of milliseconds in this run; compare ratios, not runs.
import { createInt8Matrix } from '../../main/vectors/int8-matrix.ts';
import { loadKernel } from '../../main/vectors/kernel/load-kernel.ts';
import { dot, recall } from '../unit/main/vectors/float-oracle.ts';
import { vectorModel } from '../unit/main/vectors/synthetic-vectors.ts';

const dim = 512;
const queriesPerKind = 20;
const keep = 10;
/** As the index does: the rerank candidates of a short list. */
const candidates = 50;

interface Hit {
  id: number;
  score: number;
}

/** Ids of the best by inner product: float32, one pass, threshold insertion. The peer must not be slowed by a sort. */
function nearestInJs(rows: Float32Array, count: number, query: Float32Array): number[] {
  const best: Hit[] = [];
  for (let id = 0; id < count; id++) {
    const score = dot(rows.subarray(id * dim, (id + 1) * dim), query);
    const worst = best[best.length - 1];
    if (best.length === keep && worst && score <= worst.score) continue;
    if (best.length === keep) best.pop();
    let at = best.length;
    while (at > 0 && (best[at - 1] as Hit).score < score) at--;
    best.splice(at, 0, { id, score });
  }
  return best.map((hit) => hit.id);
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

function timed<T>(times: number[], run: () => T): T {
  const start = performance.now();
  const result = run();
  times.push(performance.now() - start);
  return result;
}

function measure(rows: Float32Array, count: number, queries: Record<'image' | 'text', Float32Array[]>) {
  const matrix = createInt8Matrix(loadKernel(), dim);
  const fill: number[] = [];
  timed(fill, () => {
    for (let id = 0; id < count; id++) matrix.set(id, rows.subarray(id * dim, (id + 1) * dim));
  });
  const times = { js: [] as number[], int8: [] as number[], reranked: [] as number[] };
  const found = { image: 0, text: 0 };
  const scannedOnly = { image: 0, text: 0 };
  for (const kind of ['image', 'text'] as const) {
    for (const query of queries[kind]) {
      const truth = timed(times.js, () => nearestInJs(rows, count, query));
      const scanned = timed(times.int8, () => matrix.scan(query, keep));
      const best = timed(times.reranked, () =>
        matrix
          .scan(query, candidates)
          .photoIds.map((id) => ({ id, score: dot(rows.subarray(id * dim, (id + 1) * dim), query) }))
          .sort((a, b) => b.score - a.score)
          .slice(0, keep)
          .map((hit) => hit.id),
      );
      scannedOnly[kind] += recall(scanned.photoIds, truth) / queriesPerKind;
      found[kind] += recall(best, truth) / queriesPerKind;
    }
  }
  const [js, int8, reranked] = [median(times.js), median(times.int8), median(times.reranked)];
  return {
    rows: count,
    fillMs: fill[0],
    memoryBytes: matrix.bytes(),
    jsFloat32Ms: js,
    int8Ms: int8,
    int8RerankMs: reranked,
    int8ToJs: int8 / js,
    recallAt10: { scan: scannedOnly, reranked: found },
  };
}

const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0) sizes.push(1_000, 20_000, 100_000);
const model = vectorModel(dim, 1);
const rows = new Float32Array(Math.max(...sizes) * dim);
for (let at = 0; at < rows.length; at += dim) rows.set(model.image(), at);
const queries = {
  image: Array.from({ length: queriesPerKind }, model.image),
  text: Array.from({ length: queriesPerKind }, model.text),
};
console.log(JSON.stringify({ dim, sizes: sizes.map((size) => measure(rows, size, queries)) }, null, 2));
