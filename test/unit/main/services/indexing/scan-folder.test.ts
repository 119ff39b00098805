// What a scan may conclude about files that it did not see.
import { describe, expect, it } from 'vitest';
import type { ScannedFile } from '../../../../../main/library-db/library-rows.ts';
import type { RootLook } from '../../../../../main/platform/folder-root.ts';
import { scanFolder } from '../../../../../main/services/indexing/scan-folder.ts';
import type { FolderWalker, WalkPortion } from '../../../../../main/watching/folder-walker.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';

const file = (relPath: string, mtimeMs = 1): ScannedFile => ({ relPath, sizeBytes: 10, mtimeMs, inode: '' });

/** Walks given portions; `open` are the walks begun and neither finished nor ended. */
function scriptedWalker(
  portions: readonly Partial<WalkPortion>[],
  onNext = (_index: number): void => undefined,
  root?: RootLook,
) {
  const open = new Set<number>();
  let index = 0;
  const walker: FolderWalker = {
    async begin() {
      open.add(1);
      return { walkId: 1, ...(root ? { root } : {}) };
    },
    async next() {
      onNext(index);
      const portion = { files: [], unreadable: [], ...portions[index], done: index === portions.length - 1 };
      index++;
      if (portion.done) open.delete(1);
      return portion;
    },
    async end({ walkId }) {
      open.delete(walkId);
    },
  };
  return { walker, open };
}

async function setUp() {
  const db = fakeLibraryDb();
  const { folder } = await db.registerFolder({ path: '/photos', now: 0 });
  const scan = (walker: FolderWalker, signal = new AbortController().signal, onFiles = (_count: number) => undefined) =>
    scanFolder({ db, walker, now: () => 5 }, folder, { signal, onFiles: (count) => onFiles(count) });
  const missing = (): string[] => db.files.filter((entry) => entry.missing).map((entry) => entry.relPath);
  const before = [file('a.jpg'), file('b.jpg'), file('sub/c.jpg'), file('sub2/d.jpg')];
  await scan(scriptedWalker([{ files: before }]).walker);
  return { db, scan, missing };
}

describe('scanFolder', () => {
  it('counts new, changed, unchanged and missing files over all portions', async () => {
    const { scan, missing } = await setUp();
    const counted: number[] = [];
    const { walker, open } = scriptedWalker([
      { files: [file('a.jpg'), file('b.jpg', 2)] },
      {},
      { files: [file('new.jpg'), file('sub/c.jpg')] },
    ]);
    const outcome = await scan(walker, undefined, (count) => void counted.push(count));
    expect(outcome).toEqual({ added: 1, changed: 1, unchanged: 2, missing: 1, moved: 0, held: 0, root: 'online' });
    expect(missing()).toEqual(['sub2/d.jpg']);
    expect(counted).toEqual([2, 2]);
    expect(open.size).toBe(0);
  });

  it('marks nothing below an unreadable folder, but what is gone beside it', async () => {
    const { scan, missing } = await setUp();
    await scan(scriptedWalker([{ files: [file('a.jpg')], unreadable: ['sub'] }, {}]).walker);
    expect(missing()).toEqual(['b.jpg', 'sub2/d.jpg']);
  });

  it('marks nothing at all where the root cannot be read', async () => {
    const { scan, missing } = await setUp();
    expect(await scan(scriptedWalker([{ unreadable: [''] }]).walker)).toMatchObject({ missing: 0 });
    expect(missing()).toEqual([]);
  });

  it.each(['offline', 'other-volume', 'denied', 'file'] as const)(
    'concludes nothing where the root is away (%s), and forgets the walk',
    async (state) => {
      const { scan, missing } = await setUp();
      const { walker, open } = scriptedWalker([{}], undefined, { state, at: null });
      expect(await scan(walker)).toMatchObject({ missing: 0, held: 0, root: state });
      expect(missing()).toEqual([]);
      expect(open.size).toBe(0);
    },
  );

  it('concludes nothing where the root went away meanwhile, or another volume came in its place', async () => {
    const { scan, missing } = await setUp();
    const before: RootLook = { state: 'online', at: { device: '1', volume: null } };
    const away: RootLook = { state: 'offline', at: null };
    const other: RootLook = { state: 'online', at: { device: '2', volume: null } };
    for (const [root, told] of [
      [away, 'offline'],
      [other, 'other-volume'],
    ] as const) {
      const { walker } = scriptedWalker([{ files: [file('a.jpg')] }, { root }], undefined, before);
      expect(await scan(walker)).toMatchObject({ missing: 0, root: told });
      expect(missing()).toEqual([]);
    }
  });

  it('marks nothing when cancelled half way, keeps what it saw, and forgets the walk', async () => {
    const { db, scan, missing } = await setUp();
    const controller = new AbortController();
    const { walker, open } = scriptedWalker([{ files: [file('new.jpg')] }, {}], () => controller.abort());
    await expect(scan(walker, controller.signal)).rejects.toMatchObject({ name: 'CancelledError' });
    expect(missing()).toEqual([]);
    expect(db.files.map((entry) => entry.relPath)).toContain('new.jpg');
    expect(open.size).toBe(0);
  });

  it('marks nothing when cancelled during the last portion', async () => {
    const { scan, missing } = await setUp();
    const controller = new AbortController();
    const { walker } = scriptedWalker([{}], () => controller.abort());
    await expect(scan(walker, controller.signal)).rejects.toMatchObject({ name: 'CancelledError' });
    expect(missing()).toEqual([]);
  });

  it('forgets the walk where what was seen could not be stored', async () => {
    const { db, scan } = await setUp();
    const { walker, open } = scriptedWalker([{ files: [file('a.jpg')] }, {}]);
    db.applyScan = () => Promise.reject(new Error('the disk is full'));
    await expect(scan(walker)).rejects.toThrow('full');
    expect(open.size).toBe(0);
  });

  it.each(['begin', 'next'] as const)('waits for no drive that hangs once it is cancelled, in %s', async (hung) => {
    const { scan, missing } = await setUp();
    const controller = new AbortController();
    const { walker } = scriptedWalker([{}]);
    const hangs = () => {
      queueMicrotask(() => controller.abort());
      return new Promise<never>(() => undefined);
    };
    const stuck = { ...walker, [hung]: hangs, end: () => new Promise<never>(() => undefined) };
    await expect(scan(stuck, controller.signal)).rejects.toMatchObject({ name: 'CancelledError' });
    expect(missing()).toEqual([]);
  });

  it('finds a missing file again', async () => {
    const { scan, missing } = await setUp();
    await scan(scriptedWalker([{ files: [file('a.jpg')] }]).walker);
    expect(missing()).toHaveLength(3);
    await scan(scriptedWalker([{ files: [file('b.jpg')] }]).walker);
    expect(missing()).toEqual(['a.jpg', 'sub/c.jpg', 'sub2/d.jpg']);
  });
});
