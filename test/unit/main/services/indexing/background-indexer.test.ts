// Work in the background over real folders and fake children: begun by what happens, stopped by the person, never twice at once.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../../../../main/platform/app-error.ts';
import { silentLog } from '../../../../../main/platform/log.ts';
import { createBackgroundIndexer } from '../../../../../main/services/indexing/background-indexer.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import type { SettlingFiles } from '../../../../../main/services/indexing/settling-files.ts';
import { createFolderPresence } from '../../../../../main/services/library/folder-presence.ts';
import { createFolderWalker } from '../../../../../main/watching/folder-walker.ts';
import { type Fate, fakeLane, fakePool, openedPack } from '../../../../helpers/fake-inference.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

/** A machine may be busy with other things. */
const soon = { timeout: 10_000 };
const chosen = { speed: 'normal', paused: false } as const;

interface Options {
  readonly fate?: Fate;
  readonly lanes?: number;
  readonly pack?: () => Promise<typeof openedPack>;
  /** Milliseconds that a file is said to need until it is whole. */
  readonly waitFor?: (path: string) => number;
}

async function setUp(options: Options = {}) {
  const root = folderOf(['one/a.jpg', 'one/b.jpg', 'two/c.jpg']);
  const db = fakeLibraryDb();
  for (const name of ['one', 'two']) await db.registerFolder({ path: join(root, name), now: 0 });
  const clock = manualClock();
  const lanes = Array.from({ length: options.lanes ?? 2 }, () => fakeLane(options.fate ?? {}));
  const inference = { ...fakePool(lanes), ...(options.pack && { pack: options.pack }) };
  const changes = vi.fn();
  const progress = createProgressMeter({ now: clock.now, onChange: changes });
  const indexer = createBackgroundIndexer({
    db,
    walker: createFolderWalker(),
    inference,
    presence: createFolderPresence(clock),
    ...(options.waitFor && { settling: settlingFor(options.waitFor) }),
    progress,
    clock,
    log: silentLog(),
    now: clock.now,
    cores: 4,
    onChange: changes,
  });
  onTestFinished(() => indexer.close());
  const identified = (): string[] =>
    lanes.flatMap((lane) => lane.identified.flat()).map((path) => path.slice(root.length + 1));
  const done = () => vi.waitFor(() => expect(indexer.progress().phase).toBe('idle'), soon);
  const has = (count: number) =>
    vi.waitFor(() => {
      expect(db.photos.filter((photo) => photo.jobs.get('caption')?.state === 'done')).toHaveLength(count);
      expect(indexer.progress().phase).toBe('idle');
    }, soon);
  return { root, db, clock, lanes, indexer, changes, identified, done, has };
}

/** What was set aside is looked at again after the longest of its times. */
function settlingFor(waitFor: (path: string) => number): SettlingFiles {
  let nextLookMs: number | null = null;
  return {
    async waitFor({ path }) {
      const waitMs = waitFor(path);
      if (waitMs > 0) nextLookMs = waitMs;
      return waitMs;
    },
    nextLookMs() {
      const told = nextLookMs;
      nextLookMs = null;
      return told;
    },
  };
}

describe('background indexer', () => {
  it('does nothing before it is started, then everything that is registered', async () => {
    const { indexer, has, db } = await setUp();
    indexer.rescan([]);
    indexer.wake();
    await settled();
    expect(db.files).toEqual([]);
    indexer.start(chosen);
    await has(3);
    expect(indexer.progress()).toMatchObject({ done: 3, total: 3, failed: 0, paused: false, current: null });
    expect(indexer.scanning()).toEqual([]);
  });

  it('finds by a rescan what is new, and what is gone', async () => {
    const { root, indexer, has, db } = await setUp();
    indexer.start(chosen);
    await has(3);
    writeFileSync(join(root, 'one', 'd.jpg'), 'new');
    rmSync(join(root, 'two', 'c.jpg'));
    indexer.rescan([1, 2]);
    await has(4);
    await vi.waitFor(() => expect(db.files.filter((file) => file.missing)).toHaveLength(1));
  });

  it('looks through a folder that comes while the work on others goes on', async () => {
    const gate = Promise.withResolvers<void>();
    let held = 0;
    const fate: Fate = { before: (call) => (call === 'analyse' && held++ === 0 ? gate.promise : undefined) };
    const { db, indexer, identified, has } = await setUp({ fate });
    indexer.start(chosen);
    await vi.waitFor(() => expect(indexer.progress().phase).toBe('indexing'));
    const late = folderOf(['late.jpg']);
    const { folder } = await db.registerFolder({ path: late, now: 0 });
    indexer.rescan([folder.id]);
    await vi.waitFor(() => expect(identified()).toContainEqual(expect.stringContaining('late.jpg')));
    expect(indexer.progress().phase).toBe('indexing');
    gate.resolve();
    await has(4);
  });

  it('stops between two batches where the person says so, and goes on later with nothing lost or done twice', async () => {
    const gate = Promise.withResolvers<void>();
    const fate: Fate = { before: (call) => (call === 'identify' ? gate.promise : undefined) };
    const { indexer, has, done, db, lanes } = await setUp({ lanes: 1, fate });
    indexer.start({ ...chosen, paused: true });
    await settled();
    expect([db.files.length, indexer.progress().paused]).toEqual([0, true]);
    indexer.apply(chosen);
    await vi.waitFor(() => expect(indexer.progress().phase).not.toBe('idle'));
    indexer.apply({ ...chosen, paused: true });
    gate.resolve();
    await done();
    indexer.rescan([]);
    await settled();
    expect(indexer.progress().phase).toBe('idle');
    indexer.apply(chosen);
    await has(3);
    const looked = lanes.flatMap((lane) =>
      lane.analysed.flat().map((request) => `${request.path} ${request.embedding} ${request.caption}`),
    );
    expect(new Set(looked).size).toBe(looked.length);
  });

  it('ends its work beside a file that somebody writes for long, and begins anew for it until it is whole', async () => {
    let isWhole = false;
    const { indexer, has, clock, identified, done } = await setUp({
      waitFor: (path) => (path.endsWith('a.jpg') && !isWhole ? 20_000 : 0),
    });
    indexer.start(chosen);
    await has(2);
    expect(identified().toSorted()).toEqual(['one/b.jpg', 'two/c.jpg']);
    await vi.waitFor(() => expect(clock.waiting()).toContain(20_000));
    clock.advance(20_000);
    await done();
    await vi.waitFor(() => expect(clock.waiting()).toContain(20_000));
    isWhole = true;
    clock.advance(20_000);
    await has(3);
    await indexer.close();
    expect(clock.waiting().filter((ms) => ms >= 20_000)).toEqual([]);
  });

  it('works with as many children as the speed allows', async () => {
    const { indexer, has, lanes } = await setUp({ lanes: 3 });
    indexer.start({ speed: 'quiet', paused: false });
    await has(3);
    expect(lanes.map((lane) => lane.identified.length > 0)).toEqual([true, false, false]);
  });

  it('is never at work while somebody holds it, and goes on after that', async () => {
    const { indexer, has, db } = await setUp();
    indexer.start(chosen);
    const release = await indexer.hold();
    const before = db.calls.length;
    indexer.rescan([]);
    await settled();
    expect(db.calls.slice(before).filter((name) => name !== 'listFolders')).toEqual([]);
    release();
    release();
    await has(3);
  });

  it('says why it stopped, does not try again by itself what needs the person, and does when asked', async () => {
    let broken = true;
    const pack = async () => {
      if (broken) throw new AppError('model/checksum', 'image.onnx is damaged');
      return openedPack;
    };
    const { indexer, clock, has, changes } = await setUp({ pack });
    indexer.start(chosen);
    await vi.waitFor(() => expect(indexer.problem()?.code).toBe('model/checksum'));
    expect(changes).toHaveBeenCalled();
    broken = false;
    indexer.wake();
    clock.advance(60_000);
    await settled();
    expect(indexer.problem()?.code).toBe('model/checksum');
    indexer.retry();
    await has(3);
    expect(indexer.problem()).toBeNull();
  });

  it('tries again by itself after what may pass', async () => {
    let broken = true;
    const pack = async () => {
      if (broken) throw new AppError('store/disk-full', 'the disk is full');
      return openedPack;
    };
    const { indexer, clock, has } = await setUp({ pack });
    indexer.start(chosen);
    await vi.waitFor(() => expect(indexer.problem()?.code).toBe('store/disk-full'));
    broken = false;
    await settled();
    clock.advance(5_000);
    await has(3);
  });

  it('leaves a folder alone whose drive is away, and looks through it when it is back', async () => {
    const { root, indexer, clock, db, has } = await setUp();
    indexer.start(chosen);
    await has(3);
    rmSync(join(root, 'two'), { recursive: true });
    const setOffline = vi.spyOn(db, 'setOffline');
    await settled();
    clock.advance(15_000);
    await vi.waitFor(() => expect(db.calls).toContain('setOffline'));
    expect(db.files.some((file) => file.missing)).toBe(false);
    indexer.rescan([]);
    await vi.waitFor(() => expect(indexer.scanning()).toEqual([]));
    expect(db.files.some((file) => file.missing)).toBe(false);
    setOffline.mockRestore();
  });

  it('finds out the colours of old thumbnails when there is nothing else to do', async () => {
    const { indexer, db, has } = await setUp();
    indexer.start(chosen);
    await has(3);
    await vi.waitFor(() => expect(db.calls).toContain('thumbnailsWithoutColour'));
  });
});
