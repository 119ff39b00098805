// Limits on speed that hold on any machine: ratios inside one run, and one generous latency. Absolute figures are the benchmarks' business.
import { describe, expect, it } from 'vitest';
import { measureDecodes } from './decode-once.ts';
import { measureIndexing } from './index-throughput.ts';
import { type BenchPack, starterPack } from './packs.ts';
import { measureQueries } from './query-latency.ts';
import { measureVectorStorage } from './vector-storage.ts';

const starter = starterPack();

describe.skipIf(starter === null)('speed with the starter pack', () => {
  const pack = starter as BenchPack;

  it('spends at most a quarter more on the whole of indexing than on its stages alone', {
    timeout: 120_000,
  }, async () => {
    const limit = 1.25;
    const { best } = await measureIndexing({
      pack,
      kind: 'small',
      photos: 30,
      workers: 1,
      rounds: 3,
      goodEnough: limit,
    });
    expect(best.ratio).toBeLessThanOrEqual(limit);
  });

  it('answers 95 of 100 sentences within 40 ms among 1,000 photos', { timeout: 120_000 }, async () => {
    const limit = 40;
    const { warm } = await measureQueries({ pack, photos: 1_000, queries: 100, repeats: 5, goodEnoughMs: limit });
    expect(warm.p95).toBeLessThanOrEqual(limit);
  });
});

describe('speed of parts', () => {
  it.each([
    { width: 4000, height: 3000, limit: 0.7 },
    { width: 1600, height: 1200, limit: 0.85 },
  ])(
    'decodes a photo of $width x $height once for $limit of what two decodes cost',
    async ({ width, height, limit }) => {
      const { ratio } = await measureDecodes(width, height, 5);
      expect(ratio).toBeLessThanOrEqual(limit);
    },
  );

  it('keeps vectors in at most a quarter more than their bytes', async () => {
    const { ratio } = await measureVectorStorage(4_000, 512);
    expect(ratio).toBeLessThanOrEqual(1.25);
  });
});
