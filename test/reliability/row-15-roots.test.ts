// Promises about folders that are away, that vanish and that move: real folders, the real walk and the real store.
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scanFolder } from '../../main/services/indexing/scan-folder.ts';
import { createFolderWalker } from '../../main/watching/folder-walker.ts';
import { reached } from '../helpers/figure.ts';
import { identifyAll, temporaryLibrary } from '../helpers/library-db.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const count = 1_000;
const names = Array.from({ length: count }, (_, i) => `trip/${i}.jpg`);

/** A library of one folder of 1,000 files, all identified by what they hold. */
async function thousand() {
  const root = join(folderOf(), 'photos');
  mkdirSync(join(root, 'trip'), { recursive: true });
  for (const name of names) writeFileSync(join(root, name), name);
  const { db } = await temporaryLibrary();
  const walker = createFolderWalker();
  const { folder } = await db.registerFolder({ path: root, now: 1 });
  async function look(within?: readonly string[]) {
    const [row = folder] = await db.listFolders();
    const options = { signal: new AbortController().signal, onFiles: () => undefined, ...(within ? { within } : {}) };
    return scanFolder({ db, walker, now: () => Date.now() }, row, options);
  }
  const settle = async () => {
    while ((await db.settleFolders({ limit: 500, now: Date.now() })).left);
  };
  const view = async () => (await db.folderViews())[0];
  await look();
  const content = new Map(names.map((name) => [join(root, name), name]));
  await identifyAll(db, (path) => content.get(path) ?? path, Date.now() + 10_000);
  return { root, db, look, settle, view, folderId: folder.id };
}

describe('promise 15: an unplugged drive is offline, not deleted', () => {
  it('nothing is concluded while the root is away', async () => {
    const { root, db, look, view } = await thousand();
    const aside = `${root} away`;
    renameSync(root, aside);
    expect(await look()).toMatchObject({ root: 'offline', missing: 0, held: 0 });
    expect(await look(['trip'])).toMatchObject({ root: 'offline', missing: 0 });
    expect(await view()).toMatchObject({ photos: count, missing: 0 });
    expect((await db.searchWords({ text: 'trip', limit: 2_000 })).photoIds).toHaveLength(count);
    renameSync(aside, root);
    expect(await look()).toMatchObject({ added: 0, changed: 0, unchanged: count, missing: 0, root: 'online' });
    reached(15, `root away and back with ${count} photos: 0 rows deleted, 0 to be read again`);
  });

  it('an emptied folder is held, and all of it is back when its files are', async () => {
    const { root, look, view } = await thousand();
    renameSync(join(root, 'trip'), join(root, '..', 'elsewhere'));
    expect(await look()).toMatchObject({ held: count, missing: 0 });
    expect(await view()).toMatchObject({ photos: count, vanished: count, unanswered: count });
    renameSync(join(root, '..', 'elsewhere'), join(root, 'trip'));
    expect(await look()).toMatchObject({ unchanged: count, added: 0 });
    expect(await view()).toMatchObject({ photos: count, vanished: 0, missing: 0 });
  });
});

describe('promise 16: mass deletion needs consent', () => {
  it.each([0.11, 1])('of a share of %d is held until answered, and "no" keeps all', async (share) => {
    const { root, db, look, settle, view, folderId } = await thousand();
    const gone = count * share;
    for (const name of names.slice(0, gone)) rmSync(join(root, name));
    expect(await look()).toMatchObject({ held: gone, missing: 0 });
    expect(await view()).toMatchObject({ photos: count, vanished: gone, unanswered: gone });
    expect(await db.settleVanished({ folderId, gone: false })).toEqual({ files: gone });
    await look();
    expect(await view()).toMatchObject({ photos: count, vanished: gone, unanswered: 0 });
    expect(await db.settleVanished({ folderId, gone: true })).toEqual({ files: gone });
    await settle();
    expect(await view()).toMatchObject({ photos: count - gone, vanished: 0, missing: gone });
    reached(16, `${gone} of ${count} files deleted: held, kept on "no", missing on "yes"`);
  });
});

describe('promise 17: a move costs no work', () => {
  it.each([false, true])('of a folder of 1,000 photos (told by a hint: %s)', async (isHinted) => {
    const { root, db, look, view } = await thousand();
    renameSync(join(root, 'trip'), join(root, 'journey'));
    const before = performance.now();
    await look(isHinted ? ['', 'trip'] : undefined);
    const again = await identifyAll(db, (path) => `trip/${path.split('/').at(-1)}`);
    expect(performance.now() - before).toBeLessThan(30_000);
    expect(again).toEqual([]);
    expect(await view()).toMatchObject({ photos: count, missing: 0, vanished: 0 });
    expect(readdirSync(root)).toEqual(['journey']);
  });
});
