// Keeps and prints what a benchmark measured. Benchmark process.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { repository } from './packs.ts';

/** Results and synthetic libraries; derived, so not kept in git. */
export const benchFolder = path.join(repository, '.cache', 'bench');

/** Writes `.cache/bench/<name>.json`, with the machine it was measured on, and prints it. */
export function report(name: string, result: object): void {
  mkdirSync(benchFolder, { recursive: true });
  const whole = { name, measuredAt: new Date().toISOString(), machine: machine(), ...result };
  const text = `${JSON.stringify(whole, rounded, 2)}\n`;
  writeFileSync(path.join(benchFolder, `${name}.json`), text);
  console.log(text);
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: process.platform,
    /** Over 1, 5 and 15 minutes at the end of the benchmark. */
    load: loadavg(),
  };
}

/** Three decimals are more than any of these measurements is worth. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly mean: number;
}

/** By nearest rank. @param values at least one. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return {
    p50: at(0.5),
    p95: at(0.95),
    max: at(1),
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
  };
}

/** CPU milliseconds that this process, its threads included, spends on some work. */
export async function cpuMsOf(work: () => Promise<unknown> | unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1000;
}
