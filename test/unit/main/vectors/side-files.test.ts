// The vector index with side files and a graph: the same answers as without, less reading, and exact scans wherever a file cannot be believed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../../../main/platform/app-error.ts';
import { createExactIndex } from '../../../../main/vectors/exact-index.ts';
import { type Kernel, loadKernel } from '../../../../main/vectors/kernel/load-kernel.ts';
import { createSideStore } from '../../../../main/vectors/side-index/side-store.ts';
import type { WatchedIndex } from '../../../../main/vectors/vector-index.ts';
import type { VectorSource } from '../../../../main/vectors/vector-source.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';
import { memorySource } from './memory-source.ts';
import { vectorModel } from './synthetic-vectors.ts';

const id = { kind: 'image', modelId: 'pack@1/image' } as const;
const dim = 32;
const photos = 400;
/** Milliseconds that background work is given on a busy computer. */
const patience = 15_000;
let kernel: Kernel;
beforeAll(() => {
  kernel = loadKernel();
});

function filledSource(seed = 1) {
  const source = memorySource();
  const model = vectorModel(dim, seed);
  for (let photo = 1; photo <= photos; photo++) source.put(id.kind, id.modelId, photo, model.image());
  return { source, model };
}

/** An index over `source` that keeps its files in `folder` and saves without waiting. */
function indexOver(source: VectorSource, folder: string, options: { graphFrom?: number; writes?: boolean } = {}) {
  const { graphFrom = 100, writes = true } = options;
  const doubts: string[] = [];
  const index = createExactIndex(kernel, source, {
    store: createSideStore({ folder, writes, onDoubt: (reason) => doubts.push(reason) }),
    graphFrom,
    rowsFrom: 100,
    pace: { work: 1_000, rest: 0, quiet: 5, retry: 20 },
  });
  onTestFinished(() => index.close());
  return { index, doubts };
}

const similar = (index: WatchedIndex, photoId: number) => index.similar({ ...id, photoId, limit: 12 });

async function until(
  index: WatchedIndex,
  condition: (status: { isFromFile: boolean; graph: string | undefined }) => boolean,
) {
  await index.warm({ models: [id] });
  // A graph is begun with the first question that one could answer.
  await similar(index, 1);
  await vi.waitFor(async () => {
    const [space] = await index.status({});
    expect(condition({ isFromFile: space?.isFromFile === true, graph: space?.graph?.state })).toBe(true);
  }, patience);
}

const endings = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => name.replace(/^(\w+)-.*\.(\w+)$/, '$1 $2'))
    .sort();
const allFiles = ['graph hnsw', 'graph ids', 'graph json', 'rows json', 'rows rows'];

/** Changes one bit in the middle of a file. */
function damage(folder: string, ending: string): void {
  const [structure, suffix] = ending.split(' ') as [string, string];
  const name = readdirSync(folder).find((file) => file.startsWith(structure) && file.endsWith(suffix)) as string;
  const bytes = readFileSync(join(folder, name));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 4;
  writeFileSync(join(folder, name), bytes);
}

/** Runs an index until both of its files are saved. */
async function saved(source: VectorSource, folder: string): Promise<void> {
  const { index } = indexOver(source, folder);
  await until(index, ({ graph }) => graph === 'ready');
  await vi.waitFor(() => expect(endings(folder)).toEqual(allFiles), patience);
  await index.close();
}

describe('side files of the vector index', { timeout: 60_000 }, () => {
  it('answers by the graph what the exact scan answers', async () => {
    const { source } = filledSource();
    const plain = createExactIndex(kernel, source);
    const { index } = indexOver(source, folderOf());
    await until(index, ({ graph }) => graph === 'ready');
    for (const photo of [1, 77, 400]) expect(await similar(index, photo)).toEqual(await similar(plain, photo));
  });

  it('begins the next time from both files, without reading the vectors again', async () => {
    const { source } = filledSource();
    const folder = folderOf();
    await saved(source, folder);
    const delivered = vi.spyOn(source, 'changesSince');
    const { index, doubts } = indexOver(source, folder);
    await until(index, ({ isFromFile, graph }) => isFromFile && graph === 'ready');
    expect(doubts).toEqual([]);
    const rows = delivered.mock.results.reduce((sum, { value }) => sum + value.photoIds.length, 0);
    expect(rows).toBe(0);
    const plain = createExactIndex(kernel, source);
    expect(await similar(index, 5)).toEqual(await similar(plain, 5));
  });

  it('takes in what changed since the files were saved', async () => {
    const { source, model } = filledSource();
    const folder = folderOf();
    await saved(source, folder);
    source.delete(id.kind, id.modelId, 3);
    source.put(id.kind, id.modelId, 4, model.image());
    source.put(id.kind, id.modelId, 900, model.image());
    const { index, doubts } = indexOver(source, folder);
    await until(index, ({ isFromFile, graph }) => isFromFile && graph === 'ready');
    const plain = createExactIndex(kernel, source);
    for (const photo of [3, 4, 900, 17]) expect(await similar(index, photo)).toEqual(await similar(plain, photo));
    expect(doubts).toEqual([]);
  });

  it('sees every change at once, also while the graph is behind', async () => {
    const { source, model } = filledSource();
    const { index } = indexOver(source, folderOf());
    await until(index, ({ graph }) => graph === 'ready');
    const vector = model.image();
    source.put(id.kind, id.modelId, 1_000, vector);
    source.put(id.kind, id.modelId, 1_001, vector);
    expect((await similar(index, 1_000)).photoIds[0]).toBe(1_001);
    source.delete(id.kind, id.modelId, 1_001);
    expect((await similar(index, 1_000)).photoIds).not.toContain(1_001);
  });

  it.each(allFiles)('answers by exact scan over a damaged %s, and makes it anew', async (ending) => {
    const { source } = filledSource();
    const folder = folderOf();
    await saved(source, folder);
    damage(folder, ending);
    const { index, doubts } = indexOver(source, folder);
    const plain = createExactIndex(kernel, source);
    expect(await similar(index, 8)).toEqual(await similar(plain, 8));
    await until(index, ({ graph }) => graph === 'ready');
    expect(await similar(index, 8)).toEqual(await similar(plain, 8));
    expect(doubts).toHaveLength(1);
    await vi.waitFor(() => expect(endings(folder)).toEqual(allFiles), patience);
    await index.close();
    const again = indexOver(source, folder);
    await until(again.index, ({ isFromFile, graph }) => isFromFile && graph === 'ready');
    expect(again.doubts).toEqual([]);
  });

  it('does not believe the files of another history of the library that counts as far', async () => {
    const folder = folderOf();
    await saved(filledSource(1).source, folder);
    const { source } = filledSource(2);
    const { index } = indexOver(source, folder);
    const plain = createExactIndex(kernel, source);
    expect(await similar(index, 8)).toEqual(await similar(plain, 8));
    expect(await index.status({})).toMatchObject([{ isFromFile: false }]);
    await until(index, ({ graph }) => graph === 'ready');
    expect(await similar(index, 8)).toEqual(await similar(plain, 8));
  });

  it.each(['changesSince', 'livePhotos'] as const)(
    'reads the store in place of a file that %s could not be compared with',
    async (method) => {
      const { source, model } = filledSource();
      const folder = folderOf();
      await saved(source, folder);
      source.put(id.kind, id.modelId, 900, model.image());
      vi.spyOn(source, method).mockImplementationOnce(() => {
        throw new AppError('store/failed', 'it could not be read');
      });
      const { index } = indexOver(source, folder, { graphFrom: Number.POSITIVE_INFINITY });
      const plain = createExactIndex(kernel, source);
      expect(await similar(index, 900)).toEqual(await similar(plain, 900));
      expect(await index.status({})).toMatchObject([{ rows: photos + 1, isFromFile: false }]);
    },
  );

  it('keeps no graph of a library below the threshold, and writes nothing where it may not', async () => {
    const { source } = filledSource();
    const folder = folderOf();
    const small = indexOver(source, folder, { graphFrom: photos + 1, writes: false });
    await small.index.warm({ models: [id] });
    await similar(small.index, 5);
    expect(await small.index.status({})).toMatchObject([{ rows: photos, graph: null }]);
    const reader = indexOver(source, folder, { writes: false });
    await until(reader.index, ({ graph }) => graph === 'ready');
    await reader.index.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('begins no graph where photos are only ranked for a sentence', async () => {
    const { source, model } = filledSource();
    const { index } = indexOver(source, folderOf());
    await index.warm({ models: [id] });
    await index.candidates({ queries: [{ ...id, vector: model.text(), limit: 5 }], include: [], exact: 5 });
    expect(await index.status({})).toMatchObject([{ rows: photos, graph: null }]);
    await similar(index, 5);
    expect(await index.status({})).toMatchObject([{ graph: { state: expect.any(String) } }]);
  });

  it.each(allFiles)(
    'leaves a damaged %s to the program that owns the library, where it may not write',
    async (ending) => {
      const { source } = filledSource();
      const folder = folderOf();
      await saved(source, folder);
      damage(folder, ending);
      const before = readdirSync(folder).sort();
      const { index, doubts } = indexOver(source, folder, { writes: false });
      await until(index, ({ graph }) => graph === 'ready');
      const plain = createExactIndex(kernel, source);
      expect(await similar(index, 8)).toEqual(await similar(plain, 8));
      await index.close();
      expect(doubts).toHaveLength(1);
      expect(readdirSync(folder).sort()).toEqual(before);
    },
  );

  it('says that files could not be saved, and answers on', async () => {
    const { source } = filledSource();
    // A file stands where the folder of side files should be.
    const folder = join(folderOf(['blocked']), 'blocked');
    const { index } = indexOver(source, folder);
    await until(index, ({ graph }) => graph === 'ready');
    await vi.waitFor(async () => {
      const [space] = await index.status({});
      expect(space?.graph?.problem).toMatch(/could not be saved/);
    }, patience);
    expect((await similar(index, 5)).photoIds).toHaveLength(12);
  });
});
