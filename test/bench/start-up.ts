// Measures how long a whole command takes, and what of it is starting up. Benchmark process.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { type BenchPack, repository } from './packs.ts';
import { watchMemory } from './processes.ts';
import { type Percentiles, percentiles } from './results.ts';
import { syntheticLibrary } from './synthetic-library.ts';

export interface StartUpResult {
  readonly pack: string;
  /** Wall milliseconds of a whole process, best first in `min`. */
  readonly commands: Readonly<Record<string, Percentiles & { readonly min: number }>>;
  readonly peakRssMb: number | null;
}

const runs = 5;

/** @param sizes photos in the libraries that are searched. */
export async function measureStartUp(pack: BenchPack, sizes: readonly number[]): Promise<StartUpResult> {
  const cli = path.join(repository, 'main', 'entry', 'cli.ts');
  const commands: [string, string[]][] = [
    ['node alone', ['-e', '0']],
    ['photoseek --version', [cli, '--version']],
  ];
  for (const size of sizes) {
    const { folder } = await syntheticLibrary(pack, size);
    commands.push([
      `photoseek search, ${size} photos`,
      [cli, '--library', folder, '--json', 'search', 'two dogs in the snow'],
    ]);
  }
  const memory = watchMemory();
  const measured: [string, Percentiles & { min: number }][] = [];
  for (const [name, args] of commands) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) times.push(await wallMsOf(args, pack));
    measured.push([name, { min: Math.min(...times), ...percentiles(times) }]);
  }
  return { pack: pack.id, commands: Object.fromEntries(measured), peakRssMb: memory.stop() };
}

function wallMsOf(args: readonly string[], pack: BenchPack): Promise<number> {
  const start = performance.now();
  const env = { ...process.env, PHOTOSEEK_MODELS: pack.parent, PHOTOSEEK_PACK: pack.id };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve(performance.now() - start) : reject(new Error(`${args.join(' ')} ended with ${code}`)),
    );
  });
}
