// Measures the whole indexing pipeline against the sum of its stages alone, on the same photos in the same run. Benchmark process.
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CpuReading, indexFolder, openApplication } from './application.ts';
import type { BenchPack } from './packs.ts';
import { fillWithCameraPhotos, fillWithPhotos } from './photos.ts';
import { watchMemory } from './processes.ts';
import type { StageCosts } from './stages-alone.ts';

export interface IndexOptions {
  readonly pack: BenchPack;
  /** `small`: about half a megapixel, so that models weigh most. `camera`: 12 megapixels, so that reading and decoding do. */
  readonly kind: 'small' | 'camera';
  readonly photos: number;
  /** Inference processes of the pipeline, and processes that the stages alone run in: both load the machine alike. */
  readonly workers: number;
  readonly rounds: number;
  /** Further rounds are spared once one has a ratio of at most this. */
  readonly goodEnough?: number;
}

interface WholeRun {
  readonly seconds: number;
  readonly photosPerSecond: number;
  readonly cpuMsPerPhoto: number;
  /** This process: shell, library thread, walk. */
  readonly shellMsPerPhoto: number;
  readonly childrenMsPerPhoto: number;
  /** As the children themselves attribute it. */
  readonly ofChildren: { readonly read: number; readonly decode: number; readonly model: number };
  readonly peakRssMb: number | null;
}

export interface IndexRound {
  readonly whole: WholeRun;
  readonly alone: StageCosts;
  readonly aloneSum: number;
  /** CPU of the whole over the sum of its stages. */
  readonly ratio: number;
}

export interface IndexResult {
  readonly pack: string;
  readonly source: string;
  readonly photos: number;
  readonly photoBytes: number;
  readonly workers: number;
  /** The round with the least ratio. */
  readonly best: IndexRound;
  readonly rounds: readonly IndexRound[];
}

/** Photos indexed before the clock starts: children are up, models loaded, code compiled. */
const warmUpPhotos = 48;

export async function measureIndexing(options: IndexOptions): Promise<IndexResult> {
  const root = mkdtempSync(path.join(tmpdir(), 'photoseek-bench-index-'));
  try {
    const warmUp = path.join(root, 'warm-up');
    const folder = path.join(root, 'photos');
    const fill = options.kind === 'camera' ? fillWithCameraPhotos : fillWithPhotos;
    const { source, bytes } = await fill(folder, options.photos);
    await fillWithPhotos(warmUp, warmUpPhotos, options.photos);
    const stages = await openStageProcesses(options, warmUp);
    const rounds: IndexRound[] = [];
    for (let round = 0; round < options.rounds; round++) {
      const alone = perPhoto(await stages.measure(folder), options.photos);
      const whole = await measureWhole(options, { root, warmUp, folder, without: stages.pids });
      const aloneSum = Object.values(alone).reduce((sum, value) => sum + value, 0);
      const ratio = whole.cpuMsPerPhoto / aloneSum;
      rounds.push({ whole, alone, aloneSum, ratio });
      if (ratio <= (options.goodEnough ?? 0)) break;
    }
    stages.close();
    const best = rounds.reduce((least, round) => (round.ratio < least.ratio ? round : least));
    const { photos, workers } = options;
    return { pack: options.pack.id, source, photos, photoBytes: Math.round(bytes / photos), workers, best, rounds };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function measureWhole(
  { pack, photos, workers }: IndexOptions,
  { root, warmUp, folder, without }: { root: string; warmUp: string; folder: string; without: readonly number[] },
): Promise<WholeRun> {
  const libraryFolder = mkdtempSync(path.join(root, 'library-'));
  mkdirSync(libraryFolder, { recursive: true });
  const application = await openApplication({ libraryFolder, pack, workers });
  try {
    await indexFolder(application.api, warmUp);
    const before = await application.cpu();
    const memory = watchMemory(without);
    const start = performance.now();
    const indexed = await indexFolder(application.api, folder);
    const seconds = (performance.now() - start) / 1000;
    const peakRssMb = memory.stop();
    if (indexed !== photos) throw new Error(`${indexed} of ${photos} photos were indexed`);
    const used = difference(before, await application.cpu());
    return {
      seconds,
      photosPerSecond: photos / seconds,
      cpuMsPerPhoto: (used.shellMs + used.childrenMs) / photos,
      shellMsPerPhoto: used.shellMs / photos,
      childrenMsPerPhoto: used.childrenMs / photos,
      ofChildren: { read: used.read / photos, decode: used.decode / photos, model: used.model / photos },
      peakRssMb,
    };
  } finally {
    await application.close();
  }
}

function difference(before: CpuReading, after: CpuReading): CpuReading {
  const keys = Object.keys(before) as (keyof CpuReading)[];
  return Object.fromEntries(keys.map((key) => [key, after[key] - before[key]])) as unknown as CpuReading;
}

function perPhoto(costs: StageCosts, photos: number): StageCosts {
  return Object.fromEntries(Object.entries(costs).map(([stage, ms]) => [stage, ms / photos])) as unknown as StageCosts;
}

async function openStageProcesses({ pack, workers }: IndexOptions, warmUp: string) {
  const [first = ''] = readdirSync(warmUp);
  const children = Array.from({ length: workers }, () => fork(new URL('stage-process.ts', import.meta.url)));
  const ask = (child: (typeof children)[number], order: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      child.once('message', (reply: { value?: unknown; error?: string }) =>
        reply.error === undefined ? resolve(reply.value) : reject(new Error(reply.error)),
      );
      child.send(order);
    });
  const open = { kind: 'open', packFolder: pack.folder, warmWith: path.join(warmUp, first) };
  await Promise.all(children.map((child) => ask(child, open)));
  return {
    pids: children.flatMap((child) => child.pid ?? []),
    async measure(folder: string): Promise<StageCosts> {
      const paths = readdirSync(folder).map((name) => path.join(folder, name));
      const shares = children.map((_, i) => paths.filter((_, at) => at % workers === i));
      const costs = (await Promise.all(
        children.map((child, i) => ask(child, { kind: 'measure', paths: shares[i] })),
      )) as StageCosts[];
      const stages = Object.keys(costs[0] ?? {}) as (keyof StageCosts)[];
      const sums = stages.map((stage) => [stage, costs.reduce((sum, cost) => sum + cost[stage], 0)]);
      return Object.fromEntries(sums) as StageCosts;
    },
    close() {
      for (const child of children) child.disconnect();
    },
  };
}
