// The use-case behind "add", over real folders: counts that add up, one run at a time, nothing touched before the pack is known to be sound.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InferencePool } from '../../../../../main/inference/inference-pool.ts';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../../main/platform/log.ts';
import { createIndexingService } from '../../../../../main/services/indexing/indexing-service.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import { createFolderPresence } from '../../../../../main/services/library/folder-presence.ts';
import { createFolderWalker } from '../../../../../main/watching/folder-walker.ts';
import { type Fate, fakeLane, fakePool } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { manualClock } from '../../../../helpers/manual-clock.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

async function setUp(fate: Fate = {}, over: Partial<InferencePool> = {}) {
  const root = folderOf(['one/a.jpg', 'one/b.jpg', 'two/c.jpg']);
  const db = fakeLibraryDb();
  for (const name of ['one', 'two']) await db.registerFolder({ path: join(root, name), now: 0 });
  const clock = manualClock();
  const inference = { ...fakePool([fakeLane(fate), fakeLane(fate)]), ...over };
  const progress = createProgressMeter({ now: clock.now });
  const presence = createFolderPresence(clock);
  const parts = {
    db,
    walker: createFolderWalker(),
    inference,
    presence,
    progress,
    clock,
    log: silentLog(),
    now: clock.now,
  };
  const service = createIndexingService(parts);
  const run = (folderIds: number[] = [], signal = new AbortController().signal) =>
    service.run({ folderIds }, { signal });
  return { root, db, clock, progress, run };
}

describe('indexing service', () => {
  it('indexes all folders where none is named, and finds nothing to do the next time', async () => {
    const { run, progress } = await setUp();
    expect(await run()).toEqual({
      photos: { found: 3, indexed: 3, unchanged: 0, failed: 0 },
      failures: [],
      seconds: 0,
    });
    expect(await run()).toMatchObject({ photos: { found: 3, indexed: 0, unchanged: 3, failed: 0 } });
    expect(progress.read()).toMatchObject({ phase: 'idle', done: 0, failed: 0 });
  });

  it('does the named folders only in its counts', async () => {
    const { run } = await setUp();
    expect(await run([2])).toMatchObject({ photos: { found: 1, indexed: 1 } });
    expect(await run()).toMatchObject({ photos: { found: 3, indexed: 2, unchanged: 1 } });
    await expect(run([9])).rejects.toMatchObject({ code: 'input/invalid' });
  });

  it('reads a changed file again and counts one that is gone no more', async () => {
    const { root, run } = await setUp();
    await run();
    writeFileSync(join(root, 'one', 'a.jpg'), 'longer than before');
    rmSync(join(root, 'one', 'b.jpg'));
    expect(await run()).toMatchObject({ photos: { found: 2, indexed: 1, unchanged: 1, failed: 0 } });
  });

  it('says which files failed, and does not fail itself', async () => {
    const { root, run } = await setUp({
      analyseFailure: (path) => (path.endsWith('b.jpg') ? { code: 'decode/corrupt', message: 'damaged' } : undefined),
    });
    const { photos, failures } = await run();
    expect(photos).toEqual({ found: 3, indexed: 2, unchanged: 0, failed: 1 });
    expect(failures).toEqual([{ path: join(root, 'one', 'b.jpg'), code: 'decode/corrupt', message: 'damaged' }]);
  });

  it('says at once that a pack is damaged, and has looked at no folder', async () => {
    const pack = () => Promise.reject(new AppError('model/checksum', 'image.onnx is damaged'));
    const { db, run } = await setUp({}, { pack });
    await expect(run()).rejects.toMatchObject({ code: 'model/checksum' });
    expect(db.files).toEqual([]);
  });

  it('refuses a second run while one is going, and takes one after it, failed or not', async () => {
    const { run } = await setUp();
    const first = run();
    await expect(run()).rejects.toMatchObject({ code: 'store/busy' });
    await first;
    await expect(run([9])).rejects.toMatchObject({ code: 'input/invalid' });
    await run();
  });

  it('takes up what a run that died had claimed', async () => {
    const { db, run } = await setUp();
    await run();
    for (const photo of db.photos) for (const job of photo.jobs.values()) job.state = 'running';
    expect(await run()).toMatchObject({ photos: { found: 3, indexed: 3 } });
  });

  it('loses no photo of a folder whose drive is away', async () => {
    const { root, db, run } = await setUp();
    await run();
    rmSync(join(root, 'one'), { recursive: true });
    expect(await run()).toMatchObject({ photos: { found: 3, unchanged: 3 } });
    expect(db.files.some((file) => file.missing)).toBe(false);
  });

  it('stops when cancelled, and is idle after that', async () => {
    const { run, progress } = await setUp();
    await expect(run([], AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
    expect(progress.read().phase).toBe('idle');
  });
});
