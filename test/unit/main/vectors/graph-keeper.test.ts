// The work on a graph in the background while its store cannot be read for a time.
import { expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../../../main/platform/app-error.ts';
import { createGraphKeeper } from '../../../../main/vectors/side-index/graph-keeper.ts';
import { createPhotoGraph } from '../../../../main/vectors/side-index/photo-graph.ts';
import { createSideStore } from '../../../../main/vectors/side-index/side-store.ts';
import { manualClock } from '../../../helpers/manual-clock.ts';
import { saveSmall, smallDim, smallVector } from '../../../helpers/small-index.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';
import { memorySource } from './memory-source.ts';

const id = { kind: 'image', modelId: 'pack@1/image' } as const;
const photos = 20;
const pace = { work: 1_000, rest: 1, quiet: 5, retry: 100 };

function keeperOver(source = memorySource(), folder = folderOf()) {
  for (let photo = 1; photo <= photos; photo++) source.put(id.kind, id.modelId, photo, smallVector(photo));
  const clock = manualClock();
  const store = createSideStore({ folder, writes: false });
  const keeper = createGraphKeeper({ source, id, dim: smallDim, expected: () => photos, store, clock, pace });
  onTestFinished(() => keeper.close());
  return { clock, keeper };
}

it('checks a graph from a file also where photos are committed in the middle of its loading', async () => {
  const folder = folderOf();
  // A file that says it has all changes, of vectors that are others.
  const other = await createPhotoGraph(smallDim, photos);
  for (let photo = 1; photo <= photos; photo++) other.set(photo, smallVector(photo + 100));
  await saveSmall(createSideStore({ folder, writes: true }), other);
  const source = memorySource();
  const { lastSeq } = source;
  let asked = 0;
  vi.spyOn(source, 'lastSeq').mockImplementation(() => {
    const seq = lastSeq();
    // 1: how far files may be; 2: the graph is up to date with that; then it is not any more.
    if (++asked === 2) source.put(id.kind, id.modelId, photos + 1, smallVector(photos + 1));
    return seq;
  });
  const { keeper } = keeperOver(source, folder);
  await vi.waitFor(() => expect(keeper.status()).toMatchObject({ state: 'ready', nodes: photos + 1 }));
  expect(keeper.nearest(smallVector(7), 1)).toEqual([7]);
  expect(keeper.status().problem).toMatch(/is another one/);
});

it('reads the store again after a rest that grows to a bound, and is off only once it is closed', async () => {
  const source = memorySource();
  const reads = vi.spyOn(source, 'changesSince').mockImplementation(() => {
    throw new AppError('store/failed', 'it could not be read');
  });
  const { clock, keeper } = keeperOver(source);
  for (const share of [1, 2, 4, 8, 16, 32, 64, 64]) {
    await vi.waitFor(() => expect(clock.waiting()).toEqual([share * pace.retry]));
    expect(keeper.status()).toEqual({ state: 'building', nodes: 0, problem: 'it could not be read' });
    clock.advance(share * pace.retry);
  }
  reads.mockRestore();
  await vi.waitFor(() => expect(clock.waiting()).toHaveLength(1));
  clock.advance(64 * pace.retry);
  await vi.waitFor(() => expect(keeper.status()).toEqual({ state: 'ready', nodes: photos, problem: null }));
  expect(keeper.nearest(smallVector(7), 1)).toEqual([7]);
  await vi.waitFor(() => expect(clock.waiting()).toEqual([pace.quiet]));
  await keeper.close();
  expect(keeper.status().state).toBe('off');
});
