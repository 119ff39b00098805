// Registering folders: all of them or none, and each refusal in one line that names the folder.
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addFolders } from '../../../../../main/services/library/add-folders.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

const isRoot = process.getuid?.() === 0;

function setUp() {
  const root = folderOf(['photos/a.jpg', 'photos/2019/b.jpg', 'photos2/c.jpg', 'scans/d.jpg', 'library/library.db']);
  mkdirSync(join(root, 'empty'));
  const db = fakeLibraryDb();
  const at = (name: string): string => join(root, name);
  const add = (...names: string[]) => addFolders({ db, libraryFolder: at('library'), now: () => 5 }, names.map(at));
  const registered = async (): Promise<string[]> =>
    (await db.listFolders()).map((folder) => relative(root, folder.path));
  return { root, db, at, add, registered };
}

describe('addFolders', () => {
  it('registers folders by their real path and tells which were known', async () => {
    const { at, add } = setUp();
    symlinkSync(at('photos'), at('link'));
    expect(await add('scans', 'link')).toEqual([
      { id: 1, path: at('scans'), known: false },
      { id: 2, path: at('photos'), known: false },
    ]);
    expect(await add('photos', 'photos2')).toEqual([
      { id: 2, path: at('photos'), known: true },
      { id: 3, path: at('photos2'), known: false },
    ]);
  });

  it('takes a folder that is named twice once', async () => {
    const { at, add, registered } = setUp();
    symlinkSync(at('photos'), at('link'));
    expect(await add('photos', 'photos', 'link', 'photos/2019/..')).toHaveLength(1);
    expect(await registered()).toEqual(['photos']);
  });

  it('takes relative paths from the working folder', async () => {
    const { db, at } = setUp();
    const path = relative(process.cwd(), at('photos'));
    expect(await addFolders({ db, libraryFolder: at('library'), now: () => 0 }, [path])).toMatchObject([
      { path: at('photos') },
    ]);
  });

  it.each([
    ['nowhere', 'fs/missing', 'does not exist'],
    ['photos/a.jpg', 'fs/not-a-folder', 'is a file; name the folder'],
    ['photos/a.jpg/x', 'fs/missing', 'does not exist'],
    [`${'x'.repeat(300)}`, 'fs/missing', 'does not exist'],
    ['empty', 'library/empty-folder', 'is empty; put photos into it'],
    ['library', 'library/folder-overlaps', 'part of the library itself'],
  ])('refuses %s, and with it the good ones', async (name, code, text) => {
    const { add, registered } = setUp();
    const error = await add('photos', name, 'scans').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(text) });
    expect((error as Error).message).toContain(name);
    expect((error as Error).message).not.toContain('\n');
    expect(await registered()).toEqual([]);
  });

  it('refuses a link that leads in a circle', async () => {
    const { at, add } = setUp();
    symlinkSync(at('circle'), at('circle'));
    await expect(add('circle')).rejects.toMatchObject({ code: 'fs/missing' });
  });

  it.skipIf(isRoot)('refuses a folder it may not read', async () => {
    const { at, add, registered } = setUp();
    chmodSync(at('scans'), 0o000);
    await expect(add('photos', 'scans')).rejects.toMatchObject({ code: 'fs/denied' });
    chmodSync(at('scans'), 0o700);
    expect(await registered()).toEqual([]);
  });

  it('refuses a folder inside a registered one, and one around it', async () => {
    const inside = setUp();
    await inside.add('photos');
    await expect(inside.add('scans', 'photos/2019')).rejects.toMatchObject({
      code: 'library/folder-overlaps',
      message: expect.stringMatching(/2019 is inside .*photos, which is in the library already/),
    });
    expect(await inside.registered()).toEqual(['photos']);
    const around = setUp();
    await around.add('photos/2019');
    await expect(around.add('photos')).rejects.toMatchObject({
      code: 'library/folder-overlaps',
      message: expect.stringMatching(/photos holds .*2019/),
    });
    expect(await around.registered()).toEqual(['photos/2019']);
  });

  it.each([
    ['photos', 'photos/2019'],
    ['photos/2019', 'photos'],
  ])('refuses %s together with %s, without calling either registered', async (first, second) => {
    const { add, registered } = setUp();
    await expect(add(first, second)).rejects.toMatchObject({
      code: 'library/folder-overlaps',
      message: expect.not.stringContaining('in the library already'),
    });
    expect(await registered()).toEqual([]);
  });

  it('takes a sibling whose name begins alike', async () => {
    const { add, registered } = setUp();
    await add('photos');
    await add('photos2');
    expect(await registered()).toEqual(['photos', 'photos2']);
  });
});
