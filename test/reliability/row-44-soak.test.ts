// Used without a pause the application grows in nothing: memory, open files, handles, processes, write-ahead log.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { memoryFolder, runChild } from '../helpers/faults.ts';
import { figure, isLong, reached } from '../helpers/figure.ts';

const soak = fileURLToPath(new URL('children/soak.ts', import.meta.url));
const collecting = new URL('children/collect-garbage.ts', import.meta.url);
/** A usual run is over after so many rounds, the long one when two hours have passed, too. */
const rounds = figure(22, 100);
const seconds = figure(0, 2 * 3_600);
/** Caches fill and code is compiled meanwhile. */
const warmUpRounds = figure(9, 20);
const warmUpSeconds = figure(0, 15 * 60);
const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/**
 * What a round may add after warm-up, in a usual run. Measured over 30 rounds, garbage being collected before each look: what the host's thread refers to
 * grew by 1 to 8 KB a round and less and less, all processes together by 62 KB: pages of the library that SQLite keeps, up to the limit of its cache.
 * A round opens six pictures, puts four photos in and takes four out: one of their thumbnails, answers or decoded pictures kept each time goes beyond.
 */
const mostHeapBytes = 32 * kilobyte;
const mostBytes = 512 * kilobyte;

interface Sample {
  readonly round: number;
  readonly seconds: number;
  readonly rssBytes: number;
  /** Of the host's own thread. */
  readonly heapBytes: number;
  readonly files: number;
  readonly handles: number;
  readonly processes: number;
  readonly logBytes: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** The median of the slopes between the least values of equal stretches: what garbage collection leaves. */
function slope(samples: readonly Sample[], at: (sample: Sample) => number, value: (sample: Sample) => number): number {
  const stretches = 12;
  const [first, last] = [at(samples[0] as Sample), at(samples.at(-1) as Sample)];
  const lows = Array.from({ length: stretches }, (_, n) => {
    const within = samples.filter((one) => Math.floor(((at(one) - first) / (last - first + 1)) * stretches) === n);
    return within.length === 0 ? [] : [{ at: median(within.map(at)), low: Math.min(...within.map(value)) }];
  }).flat();
  return median(lows.flatMap((a, n) => lows.slice(n + 1).map((b) => (b.low - a.low) / (b.at - a.at))));
}

describe.skipIf(process.platform !== 'linux')('promise 44: nothing grows over time', () => {
  it(`${isLong ? `${seconds} seconds` : `${rounds} rounds`} of adding, deleting, searching and editing`, {
    timeout: (seconds + rounds * 20) * 1_000,
  }, async () => {
    const { lines, stderr, code } = await runChild(soak, [memoryFolder(), String(rounds), String(seconds)], {
      env: { NODE_OPTIONS: `--expose-gc --import ${collecting}` },
    });
    expect({ stderr, code, last: lines.at(-1) }).toEqual({ stderr: '', code: 0, last: '"closed"' });
    const samples = lines.slice(0, -1).map((line) => JSON.parse(line) as Sample);
    const warm = samples.filter((one) => one.round >= warmUpRounds && one.seconds >= warmUpSeconds);
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
    const perRound = (value: (sample: Sample) => number): number => slope(warm, (one) => one.round, value);
    const [all, heap] = [perRound((one) => one.rssBytes), perRound((one) => one.heapBytes)];
    const perHour =
      (slope(
        warm,
        (one) => one.seconds,
        (one) => one.rssBytes,
      ) *
        3_600) /
      megabyte;
    expect(heap).toBeLessThan(mostHeapBytes);
    expect(all).toBeLessThan(mostBytes);
    if (isLong) expect(perHour).toBeLessThan(1);
    reached(
      44,
      `${samples.length} rounds in ${samples.at(-1)?.seconds.toFixed(0)} s: after warm-up ${(all / kilobyte).toFixed(0)} KB a round in all processes (${perHour.toFixed(1)} MB/h), ${(heap / kilobyte).toFixed(1)} KB of them referred to by the host; open files ${typical(early, (one) => one.files)} to ${typical(late, (one) => one.files)}, log at most ${(largestLog / megabyte).toFixed(1)} MB`,
    );
  });
});
