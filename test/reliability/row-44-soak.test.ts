// Used without a pause the application grows in nothing: memory, open files, handles, processes, write-ahead log.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryFolder, runChild } from '../helpers/faults.ts';
import { figure, isLong, reached } from '../helpers/figure.ts';

const soak = fileURLToPath(new URL('children/soak.ts', import.meta.url));
const seconds = figure(75, 2 * 3_600);
/** Caches fill and code is compiled meanwhile. */
const warmUpSeconds = figure(30, 15 * 60);
const megabyte = 1024 * 1024;

interface Sample {
  readonly seconds: number;
  readonly rssBytes: number;
  readonly files: number;
  readonly handles: number;
  readonly processes: number;
  readonly logBytes: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The median of the slopes between the least values of equal stretches of time: what garbage collection leaves. Per hour. */
function slopePerHour(samples: readonly Sample[], value: (sample: Sample) => number): number {
  const stretches = 12;
  const [first, last] = [samples[0]?.seconds ?? 0, samples.at(-1)?.seconds ?? 0];
  const lows = Array.from({ length: stretches }, (_, n) => {
    const within = samples.filter((one) => Math.floor(((one.seconds - first) / (last - first + 1)) * stretches) === n);
    return within.length === 0
      ? []
      : [{ at: median(within.map((one) => one.seconds)), low: Math.min(...within.map(value)) }];
  }).flat();
  const slopes = lows.flatMap((a, n) => lows.slice(n + 1).map((b) => (b.low - a.low) / (b.at - a.at)));
  return median(slopes) * 3_600;
}

describe.skipIf(process.platform !== 'linux')('promise 44: nothing grows over time', () => {
  it(`${seconds} seconds of adding, deleting, searching and editing`, {
    timeout: (seconds + 120) * 1_000,
  }, async () => {
    const { lines, stderr, code } = await runChild(soak, [memoryFolder(), String(seconds)]);
    expect({ stderr, code, last: lines.at(-1) }).toEqual({ stderr: '', code: 0, last: '"closed"' });
    const samples = lines.slice(0, -1).map((line) => JSON.parse(line) as Sample);
    const warm = samples.filter((one) => one.seconds >= warmUpSeconds);
    expect(warm.length).toBeGreaterThan(6);
    const third = Math.floor(warm.length / 3);
    const [early, late] = [warm.slice(0, third), warm.slice(-third)];
    const typical = (part: readonly Sample[], value: (sample: Sample) => number): number => median(part.map(value));
    for (const name of ['files', 'handles', 'processes'] as const) {
      // How many timers and requests are under way just then differs by one or two.
      const more = name === 'handles' ? 2 : 0;
      expect(
        typical(late, (one) => one[name]),
        name,
      ).toBeLessThanOrEqual(typical(early, (one) => one[name]) + more);
    }
    const largestLog = Math.max(...samples.map((one) => one.logBytes));
    expect(largestLog).toBeLessThan(64 * megabyte);
    const growth = (typical(late, (one) => one.rssBytes) - typical(early, (one) => one.rssBytes)) / megabyte;
    const slope = slopePerHour(warm, (one) => one.rssBytes) / megabyte;
    // A usual run is over before heaps have found their size: it sees a leak of megabytes a round, the long one any.
    if (isLong) expect(slope).toBeLessThan(1);
    else expect(growth).toBeLessThan(96);
    reached(
      44,
      `${samples.length} rounds in ${seconds} s: memory ${growth.toFixed(1)} MB (slope ${slope.toFixed(1)} MB/h), open files ${typical(early, (one) => one.files)} to ${typical(late, (one) => one.files)}, log at most ${(largestLog / megabyte).toFixed(1)} MB`,
    );
  });
});
