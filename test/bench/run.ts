// Runs the benchmarks named on the command line, or all of them: `npm run bench`, `npm run bench -- index query`. Benchmark process.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { measureDecodes } from './decode-once.ts';
import { measureIndexing } from './index-throughput.ts';

import { chosenPack } from './packs.ts';
import { measureParts } from './parts.ts';
import { measureQueries } from './query-latency.ts';
import { report } from './results.ts';
import { measureStartUp } from './start-up.ts';
import { syntheticLibrary } from './synthetic-library.ts';
import { measureVectorStorage } from './vector-storage.ts';

/** Photos in the libraries that are asked. */
const librarySizes = [1_000, 20_000, 100_000];

const benchmarks: Readonly<Record<string, () => Promise<unknown> | unknown>> = {
  async index() {
    const pack = chosenPack();
    // One process on each side first: the fairest ratio. Then as many as the product would start: the real speed.
    report('index', await measureIndexing({ pack, kind: 'small', photos: 200, workers: 1, rounds: 2 }));
    const workers = Math.min(4, availableParallelism());
    report('index-parallel', await measureIndexing({ pack, kind: 'small', photos: 300, workers, rounds: 2 }));
    report('index-camera', await measureIndexing({ pack, kind: 'camera', photos: 32, workers: 1, rounds: 2 }));
  },
  /** Fills the libraries that are asked, where they are not there yet. */
  async libraries() {
    for (const photos of librarySizes) await syntheticLibrary(chosenPack(), photos);
  },
  async query() {
    const pack = chosenPack();
    // In a process of its own: the memory that filling takes is not that of searching.
    inOwnProcess('run.ts', 'libraries');
    for (const photos of librarySizes) {
      report(`query-${photos}`, await measureQueries({ pack, photos, queries: 200, repeats: 3 }));
    }
  },
  async start() {
    report('start', await measureStartUp(chosenPack(), [1_000, 100_000]));
  },
  async decode() {
    const sizes = [await measureDecodes(4000, 3000, 5), await measureDecodes(1600, 1200, 5)];
    report('decode', { sizes });
  },
  async storage() {
    report('storage', await measureVectorStorage(20_000, 512));
  },
  async parts() {
    report('parts', await measureParts(chosenPack(), 100_000));
  },
  /** Has a runner of its own, in a process that nothing else has warmed. */
  vectors() {
    inOwnProcess('vectors.ts');
  },
};

function inOwnProcess(file: string, ...args: string[]): void {
  const { status } = spawnSync(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`${file} ended with ${status}`);
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benchmarks));
if (unknown.length > 0)
  throw new Error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}`);
for (const name of asked.length > 0 ? asked : Object.keys(benchmarks)) await benchmarks[name]?.();
