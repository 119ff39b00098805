// Promise 36: links and loops are harmless. Real walks and watches over a tree full of them.
import { linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { memoryFolder } from '../helpers/faults.ts';
import { reached } from '../helpers/figure.ts';
import { hashingLane, watchedLibrary } from '../helpers/watched-library.ts';

const soon = { timeout: 30_000, interval: 50 };

describe.skipIf(process.platform === 'win32')('promise 36: links and loops are harmless (needs symbolic links)', () => {
  it('leads nowhere but into the folders that were added, at the start and when something changes', async () => {
    const folder = memoryFolder();
    const [one, two, outside] = ['one', 'two', 'outside'].map((name) => join(folder, name)) as [string, string, string];
    for (const path of [one, join(one, 'sub'), two, outside, join(outside, 'deep')]) mkdirSync(path);
    const write = (path: string): string => {
      writeFileSync(path, `${path} ${Math.random()}`);
      return path;
    };
    const expected = [join(one, 'a.jpg'), join(one, 'sub', 'b.jpg'), join(two, 'c.jpg')].map(write);
    const foreign = [join(outside, 'x.jpg'), join(outside, 'deep', 'y.jpg')].map(write);
    symlinkSync(one, join(one, 'loop'));
    symlinkSync('..', join(one, 'sub', 'up'));
    symlinkSync(outside, join(one, 'outside'));
    symlinkSync(two, join(one, 'other-root'));
    symlinkSync(join(outside, 'x.jpg'), join(one, 'link.jpg'));
    symlinkSync('nowhere', join(one, 'broken.jpg'));
    // Another name of the same bytes, inside: a copy like any other.
    linkSync(join(outside, 'x.jpg'), join(one, 'hard.jpg'));
    expected.push(join(one, 'hard.jpg'));

    const lane = hashingLane();
    const { db, indexer, troubles, close } = await watchedLibrary(join(folder, 'library'), { lane });
    onTestFinished(close);
    for (const path of [one, two]) await db.registerFolder({ path, now: Date.now() });
    indexer.start({ speed: 'full', paused: false });
    const read = (): string[] => [...lane.read.keys()].sort();
    await vi.waitFor(() => expect(read()).toEqual([...expected].sort()), soon);
    expect(troubles.at(-1)).toBeNull();

    // Changes behind a link are none of ours; what comes after them inside is heard.
    const late = [join(outside, 'late.jpg'), join(outside, 'deep', 'late.jpg')].map(write);
    symlinkSync(outside, join(one, 'sub', 'late-link'));
    expected.push(write(join(one, 'sub', 'last.jpg')), write(join(two, 'last.jpg')));
    await vi.waitFor(() => expect(read()).toEqual([...expected].sort()), soon);
    expect(read().filter((path) => [...foreign, ...late].includes(path))).toEqual([]);
    await vi.waitFor(async () => {
      const views = await db.folderViews();
      expect(views.reduce((sum, { photos }) => sum + photos, 0)).toBe(expected.length);
    }, soon);
    reached(36, '0 files outside the folders read, through 8 links and loops; every walk and watch ended');
  });
});
