// Measures how long a typed sentence takes to be answered, cold and warm, and where the time goes. Benchmark process.
import { createInferencePool } from '../../main/inference/inference-pool.ts';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import { openLibraryThread } from '../../main/library-db/thread-library-db.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { forkWorker } from '../../main/platform/worker-port.ts';
import { createSearchUseCase } from '../../main/services/search/search-use-case.ts';
import { createSearchProcess } from '../../main/vectors/search-process.ts';
import type { VectorIndex } from '../../main/vectors/vector-index.ts';
import { openApplication } from './application.ts';
import type { BenchPack } from './packs.ts';
import { sentences } from './photos.ts';
import { cpuMsOfAll, watchMemory } from './processes.ts';
import { type Percentiles, percentiles } from './results.ts';
import { syntheticLibrary } from './synthetic-library.ts';

export interface QueryOptions {
  readonly pack: BenchPack;
  readonly photos: number;
  /** Measured, after `warmUpQueries`; all different. */
  readonly queries: number;
  readonly repeats: number;
  /** Further repeats are spared once one has a p95 of at most this. */
  readonly goodEnoughMs?: number;
}

export interface QueryResult {
  readonly pack: string;
  readonly photos: number;
  readonly seeds: string;
  /** Milliseconds from opening the library to the answer of its first query: processes start, models and vectors are loaded. */
  readonly coldMs: number;
  /** Milliseconds of a warm query as the caller of the contract sees it; the repeat with the least p95. */
  readonly warm: Percentiles;
  readonly repeats: readonly Percentiles[];
  /** Of all processes together, over the measured queries: what the waiting time comes down to on an idle machine with cores to spare. */
  readonly cpuMsPerQuery: number | null;
  /** The answer's own split of the same queries. `scan` holds vectors and words, which run side by side; `fuse` holds the rows shown. */
  readonly reported: { readonly encode: Percentiles; readonly scan: Percentiles; readonly fuse: Percentiles };
  /** Each call behind an answer, timed from the shell, in a run of its own. Calls side by side are not a sum. */
  readonly calls: Readonly<Record<string, Percentiles>>;
  readonly peakRssMb: number | null;
}

const warmUpQueries = 20;

export async function measureQueries(options: QueryOptions): Promise<QueryResult> {
  const { pack, photos, queries, repeats } = options;
  const { folder, seeds } = await syntheticLibrary(pack, photos);
  // Words in quotation marks are a condition, which made-up photos do not fulfil.
  const texts = sentences(warmUpQueries + queries * repeats).map((text) => text.replaceAll('"', ''));
  const memory = watchMemory();
  const start = performance.now();
  const application = await openApplication({ libraryFolder: folder, pack, readOnly: true });
  const ask = (text: string) => application.api.search.find({ text });
  const runs: { wall: number[]; tookMs: { encode: number; scan: number; fuse: number }[] }[] = [];
  let coldMs = 0;
  let cpuMsPerQuery: number | null = null;
  try {
    const warmUp = texts.slice(0, warmUpQueries);
    await ask(warmUp[0] as string);
    coldMs = performance.now() - start;
    for (const text of warmUp.slice(1)) await ask(text);
    const cpuBefore = cpuMsOfAll();
    for (let repeat = 0; repeat < repeats; repeat++) {
      const from = warmUpQueries + repeat * queries;
      const run: (typeof runs)[number] = { wall: [], tookMs: [] };
      for (const text of texts.slice(from, from + queries)) {
        const askedAt = performance.now();
        const { tookMs, hits } = await ask(text);
        run.wall.push(performance.now() - askedAt);
        run.tookMs.push(tookMs);
        if (hits.length === 0) throw new Error('a query found nothing');
      }
      runs.push(run);
      if (percentiles(run.wall).p95 <= (options.goodEnoughMs ?? 0)) break;
    }
    const cpuAfter = cpuMsOfAll();
    if (cpuBefore !== null && cpuAfter !== null) cpuMsPerQuery = (cpuAfter - cpuBefore) / (runs.length * queries);
  } finally {
    await application.close();
  }
  const peakRssMb = memory.stop();
  const summed = runs.map((run) => ({ ...run, wall: percentiles(run.wall) }));
  const best = summed.reduce((least, run) => (run.wall.p95 < least.wall.p95 ? run : least));
  const split = (part: 'encode' | 'scan' | 'fuse') => percentiles(best.tookMs.map((tookMs) => tookMs[part]));
  return {
    pack: pack.id,
    photos,
    seeds,
    coldMs,
    warm: best.wall,
    repeats: summed.map((run) => run.wall),
    cpuMsPerQuery,
    reported: { encode: split('encode'), scan: split('scan'), fuse: split('fuse') },
    calls: await timeCalls(pack, folder, texts.slice(0, warmUpQueries + queries)),
    peakRssMb,
  };
}

/** The parts that `compose` joins for a search, each call timed. */
async function timeCalls(pack: BenchPack, folder: string, texts: readonly string[]) {
  const entries = new URL('../../main/entry/', import.meta.url);
  const times = new Map<string, number[]>();
  const opened = await openLibraryThread({ folder, mode: 'read', now: Date.now() });
  const vectors = createSearchProcess({
    spawn: () => forkWorker(new URL('search.ts', entries)),
    libraryFolder: folder,
  });
  const inference = createInferencePool({
    count: 1,
    spawn: () => forkWorker(new URL('inference.ts', entries)),
    init: { packFolders: [pack.parent], packId: pack.id, threads: 1 },
    clock: systemClock,
  });
  const search = createSearchUseCase({
    db: timedCalls<LibraryDb>(opened.db, times),
    vectors: timedCalls<VectorIndex>(vectors, times),
    inference: {
      ...inference,
      embedText: timedCall('embedText', (input, call) => inference.embedText(input, call), times),
    },
  });
  for (const [i, text] of texts.entries()) {
    if (i === warmUpQueries) times.clear();
    await search.find({ text, mode: 'fused', limit: 20 }, { signal: new AbortController().signal });
  }
  await vectors.shutdown();
  await inference.shutdown();
  await opened.close();
  return Object.fromEntries([...times].map(([name, list]) => [name, percentiles(list)]));
}

function timedCalls<T extends object>(target: T, times: Map<string, number[]>): T {
  return new Proxy(target, {
    get(object, name) {
      const method = Reflect.get(object, name) as unknown;
      return typeof method === 'function' ? timedCall(String(name), method as never, times) : method;
    },
  });
}

function timedCall<Input extends unknown[], Output>(
  name: string,
  call: (...input: Input) => Promise<Output>,
  times: Map<string, number[]>,
): (...input: Input) => Promise<Output> {
  return async (...input) => {
    const start = performance.now();
    try {
      return await call(...input);
    } finally {
      times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
    }
  };
}
