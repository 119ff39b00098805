// The two walkers behind one interface: portions of a tree, and a fixed list of files.
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFolderWalker, type FolderWalker, type WalkPortion } from '../../../../main/watching/folder-walker.ts';
import { createListedFilesWalker } from '../../../../main/watching/listed-files-walker.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

async function portions(walker: FolderWalker, root: string): Promise<WalkPortion[]> {
  const { walkId } = await walker.begin({ root });
  const all: WalkPortion[] = [];
  do all.push(await walker.next({ walkId }));
  while (!all.at(-1)?.done);
  await expect(walker.next({ walkId })).rejects.toMatchObject({ code: 'internal' });
  return all;
}
const names = (all: readonly WalkPortion[]): string[] =>
  all.flatMap((portion) => portion.files.map((file) => file.relPath)).toSorted();

describe('folder walker', () => {
  it('never sends more files at once than its limit, also of one folder', async () => {
    const made = ['1.jpg', '2.jpg', '3.jpg', '4.jpg', '5.jpg', 'sub/x.jpg'];
    const all = await portions(createFolderWalker(2), folderOf(made));
    expect(all.map((portion) => portion.files.length)).toEqual([2, 2, 2, 0]);
    expect(names(all)).toEqual(made);
  });

  it('ends with a portion that says so, even where there is nothing', async () => {
    expect(await portions(createFolderWalker(), folderOf())).toMatchObject([
      { files: [], unreadable: [], done: true, root: { state: 'online' } },
    ]);
  });

  it('passes on what could not be read', async () => {
    const all = await portions(createFolderWalker(), join(folderOf(), 'gone'));
    expect(all).toMatchObject([{ files: [], unreadable: [''], done: true, root: { state: 'offline' } }]);
  });

  it('keeps walks apart and forgets one that is not wanted', async () => {
    const walker = createFolderWalker();
    const one = await walker.begin({ root: folderOf(['1.jpg']) });
    const two = await walker.begin({ root: folderOf(['2.jpg']) });
    await walker.end(one);
    await expect(walker.next(one)).rejects.toMatchObject({ code: 'internal' });
    expect(names([await walker.next(two)])).toEqual(['2.jpg']);
    await walker.end(two);
  });

  it('knows no tree any more of which the last portion was not taken over', async () => {
    const walker = createFolderWalker();
    const root = folderOf(['a/1.jpg']);
    const { walkId } = await walker.begin({ root });
    expect(await walker.next({ walkId })).toMatchObject({ done: true });
    await walker.end({ walkId });
    const again = await walker.begin({ root, within: [''] });
    expect(names([await walker.next(again)])).toEqual(['a/1.jpg']);
  });

  it('enters a folder that was moved out and came back as it was', async () => {
    const walker = createFolderWalker();
    const root = folderOf(['a/trip/deep/1.jpg', 'a/2.jpg']);
    await portions(walker, root);
    const look = async () => {
      const begun = await walker.begin({ root, within: ['a'] });
      return names([await walker.next(begun)]);
    };
    expect(await look()).toEqual(['a/2.jpg']);
    const outside = join(folderOf(), 'trip');
    renameSync(join(root, 'a/trip'), outside);
    expect(await look()).toEqual(['a/2.jpg']);
    renameSync(outside, join(root, 'a/trip'));
    expect(await look()).toEqual(['a/2.jpg', 'a/trip/deep/1.jpg']);
  });

  it('keeps no tree that nobody has asked about for hours: its folder was taken out of the library', async () => {
    let time = 0;
    const walker = createFolderWalker(1_000, () => time);
    const [one = '', other = ''] = [['a/1.jpg'], ['2.jpg']].map(folderOf);
    await portions(walker, one);
    time = 3 * 3_600_000;
    await portions(walker, other);
    const begun = await walker.begin({ root: one, within: [''] });
    expect(names([await walker.next(begun)])).toEqual(['a/1.jpg']);
  });
});

describe('listed files walker', () => {
  it('lists the named files that are there, and nothing else', async () => {
    const root = folderOf(['a.jpg', 'b.jpg', 'c.jpg', 'folder/d.jpg']);
    symlinkSync(join(root, 'c.jpg'), join(root, 'link.jpg'));
    const all = await portions(createListedFilesWalker(['b.jpg', 'gone.jpg', 'a.jpg', 'folder', 'link.jpg']), root);
    expect(all).toHaveLength(1);
    expect(names(all)).toEqual(['a.jpg', 'b.jpg']);
  });

  it('never gives two open walks one number', async () => {
    const walker = createListedFilesWalker(['a.jpg']);
    const first = await walker.begin({ root: folderOf() });
    const second = await walker.begin({ root: folderOf(['a.jpg']) });
    await walker.end(first);
    const third = await walker.begin({ root: folderOf() });
    expect(third.walkId).not.toBe(second.walkId);
    expect(names([await walker.next(second)])).toEqual(['a.jpg']);
  });
});
