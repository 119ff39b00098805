// Watches the memory of a process and of all its descendants. Linux only: elsewhere it reports null. Benchmark process.
import { readdirSync, readFileSync } from 'node:fs';

export interface MemoryWatch {
  /** The highest sum of resident memory seen, in MB (10^6 bytes); null where the system does not tell. */
  stop(): number | null;
}

/** Shared pages (program code, the runtime's libraries) count once for each process, so the figure is an upper bound. `without`: descendants that are not part of what is measured. */
export function watchMemory(without: readonly number[] = [], everyMs = 50): MemoryWatch {
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

function residentBytes(root: number, without: readonly number[]): number {
  const byParent = new Map<number, number[]>();
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    const parent = Number.isInteger(pid) ? parentOf(pid) : null;
    if (parent !== null) byParent.set(parent, [...(byParent.get(parent) ?? []), pid]);
  }
  let bytes = 0;
  for (const open = [root]; open.length > 0; ) {
    const pid = open.pop() as number;
    if (without.includes(pid)) continue;
    bytes += residentOf(pid);
    open.push(...(byParent.get(pid) ?? []));
  }
  return bytes;
}

function parentOf(pid: number): number | null {
  const text = read(`/proc/${pid}/stat`);
  // The name, in brackets, may hold spaces and brackets itself.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields ? Number(fields[1]) : null;
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
