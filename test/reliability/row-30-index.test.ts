// The graph never disagrees with the store: any order of changes, saves, deaths and damage ends in answers out of live photos, and in the right ones.
import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../main/platform/clock.ts';
import { hasPhoto, photoSetOf } from '../../main/platform/photo-set.ts';
import { createExactIndex } from '../../main/vectors/exact-index.ts';
import { loadKernel } from '../../main/vectors/kernel/load-kernel.ts';
import { createGraphKeeper, type GraphKeeper } from '../../main/vectors/side-index/graph-keeper.ts';
import { createSideStore } from '../../main/vectors/side-index/side-store.ts';
import type { VectorIndex } from '../../main/vectors/vector-index.ts';
import { memoryFolder } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';
import { nearestExact, recall } from '../unit/main/vectors/float-oracle.ts';
import { type MemorySource, memorySource } from '../unit/main/vectors/memory-source.ts';
import { seededRandom, unit, vectorModel } from '../unit/main/vectors/synthetic-vectors.ts';

const id = { kind: 'image', modelId: 'pack@1/image' } as const;
const kernel = loadKernel();
const sequences = figure(2_000, 20_000);

type Step =
  | { readonly does: 'put' | 'delete'; readonly photo: number; readonly seed: number }
  | { readonly does: 'ask'; readonly seed: number }
  | { readonly does: 'fill'; readonly photos: number; readonly seed: number }
  | { readonly does: 'save' | 'die' | 'older copy' | 'lose a file' | 'cut a file' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('put' as const), photo: fc.nat(30), seed: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('delete' as const), photo: fc.nat(30), seed: fc.nat() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('ask' as const), seed: fc.nat() }) },
  // More than a new graph has room for: it has to be resized.
  { weight: 1, arbitrary: fc.record({ does: fc.constant('fill' as const), photos: fc.nat(24), seed: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('save' as const, 'die' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      does: fc.constantFrom('older copy' as const, 'lose a file' as const, 'cut a file' as const),
    }),
  },
);

function vectorOf(seed: number, dim: number): Float32Array {
  const random = seededRandom(seed);
  return unit(Float32Array.from({ length: dim }, () => random() - 0.5));
}

/** A library, its graph, and what its graph should say. */
class World {
  readonly source: MemorySource = memorySource();
  readonly rows = new Map<number, Float32Array>();
  readonly folder: string;
  keeper: GraphKeeper;
  index: VectorIndex;
  asked = 0;
  found = 0;
  readonly dim = 8;

  constructor(folder: string) {
    this.folder = folder;
    this.keeper = this.start();
    this.index = createExactIndex(kernel, this.source);
  }

  start(): GraphKeeper {
    this.index = createExactIndex(kernel, this.source);
    return createGraphKeeper({
      source: this.source,
      id,
      dim: this.dim,
      expected: () => this.rows.size,
      minCapacity: 8,
      store: createSideStore({ folder: this.folder, writes: true }),
      clock: systemClock,
      pace: { work: 1_000, rest: 0, quiet: 1_000_000, retry: 1_000_000 },
    });
  }

  put(photo: number, seed: number): void {
    const vector = vectorOf(seed, this.dim);
    this.source.put(id.kind, id.modelId, photo, vector);
    this.rows.set(photo, vector);
  }

  empty(): void {
    this.source.reset();
    this.rows.clear();
  }

  damage(file: string | undefined, how: (file: string) => void): void {
    if (file) how(join(this.folder, file));
  }

  /** Answers at any moment hold live photos alone, and after the graph has come up to date the best. */
  async ask(seed: number): Promise<void> {
    const vector = vectorOf(seed, this.dim);
    this.check(vector, this.keeper.nearest(vector, 10));
    await this.keeper.settle({ save: false });
    const answer = this.keeper.nearest(vector, 10);
    if (this.rows.size > 0) expect(answer).not.toBeNull();
    this.check(vector, answer);
    await this.askWithin(seed, vector);
  }

  /** Of a set of photos, some of which never were, the scan lists the best that are there, and no other. */
  async askWithin(seed: number, vector: Float32Array): Promise<void> {
    const random = seededRandom(seed);
    const share = random();
    const within = photoSetOf(Array.from({ length: 130 }, (_, photo) => photo).filter(() => random() < share));
    const live = new Map([...this.rows].filter(([photo]) => hasPhoto(within, photo)));
    const best = nearestExact(live, vector, 10).map(({ photoId }) => photoId);
    const { photoIds } = await this.index.candidates({
      queries: [{ ...id, vector, limit: 10 }],
      include: [],
      exact: 10,
      within,
    });
    expect(Array.from(photoIds)).toEqual(best.sort((a, b) => a - b));
  }

  check(vector: Float32Array, answer: number[] | null): void {
    if (answer === null) return;
    expect(new Set(answer).size).toBe(answer.length);
    expect(answer.filter((photo) => !this.rows.has(photo))).toEqual([]);
    const best = nearestExact(this.rows, vector, 10).map(({ photoId }) => photoId);
    expect(answer).toHaveLength(best.length);
    if (best.length === 0) return;
    this.asked++;
    this.found += recall(answer, best);
  }

  async take(taken: Step): Promise<void> {
    const files = () => readdirSync(this.folder).sort();
    if (taken.does === 'put') this.put(taken.photo, taken.seed);
    else if (taken.does === 'ask') await this.ask(taken.seed);
    else if (taken.does === 'fill') for (let i = 0; i < taken.photos; i++) this.put(100 + i, taken.seed + i);
    else if (taken.does === 'save') await this.keeper.settle({ save: true });
    else if (taken.does === 'delete') {
      if (this.rows.delete(taken.photo)) this.source.delete(id.kind, id.modelId, taken.photo);
    } else {
      // Nothing of the process is left; what it had saved is.
      await this.keeper.close();
      // The log then counts the same numbers again, for other changes.
      if (taken.does === 'older copy') this.empty();
      if (taken.does === 'lose a file') this.damage(files().at(-1), (file) => rmSync(file));
      if (taken.does === 'cut a file') this.damage(files().at(0), (file) => truncateSync(file, 40));
      this.keeper = this.start();
    }
  }
}

describe('promise 30: the index never disagrees with the store', () => {
  it(`holds over ${sequences} sequences of changes, saves, deaths and damage`, { timeout: 1_200_000 }, async () => {
    const totals = { sequences: 0, asked: 0, found: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), async (steps) => {
        const world = new World(memoryFolder());
        try {
          for (const taken of steps) await world.take(taken);
          await world.ask(1);
        } finally {
          await world.keeper.close();
          rmSync(world.folder, { recursive: true, force: true });
        }
        totals.sequences++;
        totals.asked += world.asked;
        totals.found += world.found;
      }),
      { numRuns: sequences, interruptAfterTimeLimit: 1_100_000, markInterruptAsFailure: true },
    );
    expect(totals.sequences).toBeGreaterThanOrEqual(sequences);
    expect(totals.asked).toBeGreaterThan(sequences);
    expect(totals.found / totals.asked).toBeGreaterThanOrEqual(0.98);
    reached(
      30,
      `${totals.sequences} sequences, ${totals.asked} answers, 0 of photos that are not there, recall@10 ${(totals.found / totals.asked).toFixed(4)}`,
    );
  });

  const rows = figure(6_000, 100_000);
  const dim = figure(128, 512);
  it(`finds 98 of 100 of the ten nearest among ${rows} image vectors`, { timeout: 3_600_000 }, async () => {
    const model = vectorModel(dim, 3);
    const source = memorySource();
    const held = new Map<number, Float32Array>();
    for (let photo = 1; photo <= rows; photo++) held.set(photo, model.image());
    for (const [photo, vector] of held) source.put(id.kind, id.modelId, photo, vector);
    const keeper = createGraphKeeper({
      source,
      id,
      dim,
      expected: () => rows,
      store: createSideStore({ folder: memoryFolder(), writes: false }),
      clock: systemClock,
      pace: { work: 1_000, rest: 0, quiet: 1_000_000, retry: 1_000_000 },
    });
    await keeper.settle({ save: false });
    const queries = {
      image: [...held.values()].filter((_, i) => i % (rows / 100) === 0),
      text: Array.from({ length: 100 }, model.text),
    };
    const found = Object.entries(queries).map(([kind, vectors]) => {
      const hits = vectors.map((vector) =>
        recall(
          keeper.nearest(vector, 20) ?? [],
          nearestExact(held, vector, 10).map(({ photoId }) => photoId),
        ),
      );
      return { kind, recall: hits.reduce((sum, hit) => sum + hit, 0) / hits.length };
    });
    await keeper.close();
    for (const { kind, recall: share } of found) expect(share, kind).toBeGreaterThanOrEqual(0.98);
    reached(
      30,
      `recall@10 among ${rows} vectors of ${dim}: ${found.map(({ kind, recall: share }) => `${kind} ${share.toFixed(4)}`).join(', ')}`,
    );
  });
});
