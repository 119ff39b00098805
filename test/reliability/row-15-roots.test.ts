// Promises about folders that are away, that vanish and that move: real folders, the real walk and the real store.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { scanFolder } from '../../main/services/indexing/scan-folder.ts';
import { createFolderWalker } from '../../main/watching/folder-walker.ts';
import { reached } from '../helpers/figure.ts';
import { identifyAll, temporaryLibrary } from '../helpers/library-db.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';
import { folderOf } from '../helpers/temporary-folder.ts';
import { hashingLane, watchedLibrary } from '../helpers/watched-library.ts';

const folderFor = fileScopedFolders();

const count = 1_000;
const names = Array.from({ length: count }, (_, i) => `trip/${i}.jpg`);

/** Root of a namespace may read everything; the powers of a mount are left it. */
const withoutPowers = ['setpriv', '--bounding-set=-all,+sys_admin', '--inh-caps=-all'];

/** A library of one folder of 1,000 files, all identified by what they hold. */
async function thousand(nameOf = (i: number): string => `trip/${i}.jpg`) {
  const names = Array.from({ length: count }, (_, i) => nameOf(i));
  const root = join(folderOf(), 'photos');
  for (const parent of new Set(names.map((name) => dirname(name)))) mkdirSync(join(root, parent), { recursive: true });
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

/** Without these there are no volumes to plug in and out, and nobody whom a closed folder keeps out. */
const canPlug =
  process.platform === 'linux' &&
  spawnSync('unshare', ['-Urm', 'sh', '-c', `${withoutPowers.join(' ')} true && mount -t tmpfs none /mnt`]).status ===
    0;

describe.skipIf(!canPlug)('promise 15, with volumes of its own (needs unshare, mount and setpriv)', () => {
  const photos = 200;
  const seen = new Map<string, Record<string, unknown>>();

  beforeAll(() => {
    const child = new URL('children/roots.ts', import.meta.url).pathname;
    const { stdout, stderr, status } = spawnSync(
      'unshare',
      ['-Urm', ...withoutPowers, process.execPath, child, folderFor(), String(photos)],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    for (const line of stdout.trim().split('\n')) {
      const { name, ...told } = JSON.parse(line) as { name: string };
      seen.set(name, told);
    }
  }, 120_000);

  const all = { photos, missing: 0, vanished: 0, found: photos, thumbnails: photos, caption: 'a picture of the sea' };
  const here = { ...all, root: 'online', presence: 'ready', shownAsAway: false, worked: 0 };
  const away = { ...all, shownAsAway: true, worked: 0 };
  it.each([
    ['first', { ...here, worked: photos }],
    ['again', here],
    ['empty mount point', { ...away, presence: 'offline', root: 'other-volume' }],
    ['another volume', { ...away, presence: 'offline', root: 'other-volume' }],
    ['back', here],
    ['pulled out half way', { ...away, presence: 'ready', root: 'other-volume' }],
    ['pulled out and back', here],
    ['another plugged in half way', { ...away, presence: 'ready', root: 'other-volume' }],
    ['and back', here],
    ['the same files under another number', here],
    ['closed', { ...away, presence: 'error', root: 'denied' }],
    ['a part closed', here],
    ['open', here],
  ])('%s', (name, expected) => {
    expect(seen.get(name)).toEqual(expected);
  });

  it('is proven', () => {
    reached(
      15,
      `${seen.size} states of a volume of ${photos} photos: 0 rows deleted, search and thumbnails as before, 0 re-captions on return`,
    );
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

  it('also where hints tell of it piece by piece, and is asked again when more is gone', async () => {
    const { root, db, look, view, folderId } = await thousand((i) => `trip/${i % 10}/${i}.jpg`);
    const lose = async (part: number) => {
      for (let i = part; i < 600; i += 10) rmSync(join(root, `trip/${part}/${i}.jpg`));
      return look([`trip/${part}`]);
    };
    // Below a tenth of all it is believed.
    expect(await lose(0)).toMatchObject({ missing: 60, held: 0 });
    expect(await view()).toMatchObject({ photos: 940, missing: 60, unanswered: 0 });
    // With what went shortly before, it is not.
    expect(await lose(1)).toMatchObject({ missing: 0, held: 120 });
    expect(await view()).toMatchObject({ photos: count, missing: 0, vanished: 120, unanswered: 120 });
    expect(await db.settleVanished({ folderId, gone: false })).toEqual({ files: 120 });
    await look();
    expect(await view()).toMatchObject({ photos: count, vanished: 120, unanswered: 0 });
    expect(await lose(2)).toMatchObject({ missing: 0 });
    expect(await view()).toMatchObject({ photos: count, vanished: 180, unanswered: 60 });
    reached(16, 'told piece by piece: held from the piece on that makes it many; asked again when the number grows');
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

  it.each([true, false])('and is seen soon (while Photoseek runs: %s)', { timeout: 120_000 }, async (isRunning) => {
    const root = folderOf();
    mkdirSync(join(root, 'photos', 'trip'), { recursive: true });
    for (const name of names) writeFileSync(join(root, 'photos', name), name);
    const lane = hashingLane();
    const wait = { timeout: 60_000, interval: 20 };
    const whole = { photos: count, pending: 0, missing: 0, vanished: 0 };
    const begin = async () => {
      const opened = await watchedLibrary(join(root, 'library'), { lane });
      onTestFinished(opened.close);
      return opened;
    };
    const work = ({ db, indexer }: Awaited<ReturnType<typeof begin>>) => {
      indexer.start({ speed: 'full', paused: false });
      return vi.waitFor(async () => expect((await db.folderViews())[0]).toMatchObject(whole), wait);
    };
    let library = await begin();
    await library.db.registerFolder({ path: join(root, 'photos'), now: Date.now() });
    await work(library);
    const { photoId = 0 } = (await library.db.photoByPath({ path: join(root, 'photos', 'trip', '7.jpg') })) ?? {};
    await library.db.setOwnCaptions({ photoId, texts: ['words of mine'], now: 1 });
    await library.db.setFavourite({ photoIds: [photoId], favourite: true, now: 1 });
    const analysed = lane.analysed.flat().length;
    if (!isRunning) await library.close();
    renameSync(join(root, 'photos', 'trip'), join(root, 'photos', 'journey'));
    const before = performance.now();
    if (!isRunning) library = await begin();
    const settled = isRunning ? undefined : work(library);
    const path = join(root, 'photos', 'journey', '7.jpg');
    await vi.waitFor(async () => expect(await library.db.photoByPath({ path })).toMatchObject({ photoId }), wait);
    const seconds = (performance.now() - before) / 1_000;
    await settled;
    await vi.waitFor(async () => expect((await library.db.folderViews())[0]).toMatchObject(whole), wait);
    expect(lane.analysed.flat()).toHaveLength(analysed);
    const kept = { favourite: true, caption: { text: 'words of mine', source: 'person' } };
    expect(await library.db.photoView({ photoId })).toMatchObject(kept);
    expect(seconds).toBeLessThan(30);
    const when = isRunning ? 'while Photoseek runs' : 'while it does not, its start counted';
    reached(17, `a folder of ${count} photos, moved ${when}: seen after ${seconds.toFixed(1)} s, 0 re-inferences`);
  });
});
