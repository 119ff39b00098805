// Memory and processor time of this process and of all its descendants. Linux only: elsewhere it reports null. Benchmark process.
import { readFileSync } from 'node:fs';

export interface MemoryWatch {
  /** The highest sum of resident memory seen, in MB (10^6 bytes); null where the system does not tell. */
  stop(): number | null;
}

/** Shared pages (program code, the runtime's libraries) count once for each process, so the figure is an upper bound. `without`: descendants that are not part of what is measured. */
export function watchMemory(without: readonly number[] = [], everyMs = 100): MemoryWatch {
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, residentBytes(process.pid, without));
  };
  const isKnown = process.platform === 'linux';
  const timer = isKnown ? setInterval(sample, everyMs) : undefined;
  return {
    stop() {
      clearInterval(timer);
      if (!isKnown) return null;
      sample();
      return peak / 1e6;
    },
  };
}

/** Processor milliseconds spent so far by all of them that live, in steps of 10 ms. */
export function cpuMsOfAll(): number | null {
  if (process.platform !== 'linux') return null;
  return family(process.pid, []).reduce((sum, pid) => sum + cpuMsOf(pid), 0);
}

function residentBytes(root: number, without: readonly number[]): number {
  return family(root, without).reduce((sum, pid) => sum + residentOf(pid), 0);
}

/** The process and its descendants. */
function family(root: number, without: readonly number[]): number[] {
  if (without.includes(root)) return [];
  return [root, ...childrenOf(root).flatMap((pid) => family(pid, without))];
}

function cpuMsOf(pid: number): number {
  const text = read(`/proc/${pid}/stat`) ?? '';
  // The name, in brackets, may hold spaces. Of what follows it, user and system time are the 12th and 13th field, in hundredths of a second.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11] ?? 0) + Number(fields[12] ?? 0));
}

/** Of the main thread, which starts all of them. Reading every process there is would show in the figures measured beside it. */
function childrenOf(pid: number): number[] {
  const list = read(`/proc/${pid}/task/${pid}/children`) ?? '';
  return list.split(' ').filter(Boolean).map(Number);
}

function residentOf(pid: number): number {
  const match = read(`/proc/${pid}/status`)?.match(/^VmRSS:\s+(\d+) kB$/mu);
  return match ? Number(match[1]) * 1024 : 0;
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null; // the process has ended meanwhile
  }
}
