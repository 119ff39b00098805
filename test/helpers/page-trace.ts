// What a page costs its main thread, from the browser's own trace. Test processes.
import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

export interface MainThread {
  /** CPU milliseconds of the longest tasks, longest first: unlike their duration they do not grow with what else the computer does. */
  readonly longest: readonly number[];
  /** Duration of the same, longest first. */
  readonly slowest: readonly number[];
  readonly cpuMs: number;
  /** What the longest task was spent on: name and CPU milliseconds, nested ones too. */
  readonly longestIsOf: readonly string[];
}

/** Runs `work` and tells of the page's main thread meanwhile. */
export async function traceMainThread(browser: Browser, page: Page, work: () => Promise<void>): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['disabled-by-default-devtools.timeline'] });
  let trace: Buffer;
  try {
    await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = traceEvents.filter(
    ({ name, pid, tid }) => name === 'RunTask' && mains.some((main) => main.pid === pid && main.tid === tid),
  );
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000);
  const durations = tasks.map(({ dur = 0 }) => dur / 1000);
  const [worst] = tasks.toSorted((a, b) => (b.tdur ?? 0) - (a.tdur ?? 0));
  const within = traceEvents.filter(
    ({ pid, tid, ts, tdur = 0 }) =>
      worst &&
      pid === worst.pid &&
      tid === worst.tid &&
      tdur > 2000 &&
      ts >= worst.ts &&
      ts < worst.ts + (worst.dur ?? 0),
  );
  const longestIsOf = within.slice(0, 12).map(({ name, tdur = 0 }) => `${name} ${Math.round(tdur / 1000)}`);
  return {
    longestIsOf,
    longest: greatest(cpu),
    slowest: greatest(durations),
    cpuMs: Math.round(cpu.reduce((a, b) => a + b, 0)),
  };
}

function greatest(values: readonly number[]): number[] {
  return values
    .toSorted((a, b) => b - a)
    .slice(0, 5)
    .map(Math.round);
}

/**
 * Whether bars on wall-clock time are judged: only where a person says that the computer is idle (PHOTOSEEK_BARS=1), and it is. Beside other
 * suites these times are mostly other people's work.
 */
export function isCalm(): boolean {
  return process.env['PHOTOSEEK_BARS'] === '1' && (loadavg()[0] ?? 0) < 2.5;
}
