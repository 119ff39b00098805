// Thumbnails lie by the numbers of photos: after a restoration none is shown of a photo that has its number now and is another one.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { listBackups } from '../../main/store/backups.ts';
import { fileNamed, identifyAll, resultOf, scan, temporaryFolder, wanted } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

/** Adds a folder with one photo, and a thumbnail of it. */
async function addPhoto(db: LibraryDb, name: string): Promise<number> {
  const { folder } = await db.registerFolder({ path: `/of ${name}`, now: 1 });
  await scan(db, folder.id, [fileNamed(`${name}.jpg`, { inode: `7:${name}` })]);
  const [identified] = await identifyAll(db);
  const photoId = identified?.photoId ?? 0;
  await db.claimPhotos({ wanted, together: true, limit: 9, now: 4_000 });
  await db.completePhotos({ results: [resultOf(photoId, name)], now: 5_000 });
  expect(await db.thumbnail({ photoId })).not.toBeNull();
  return photoId;
}

function spoil(folder: string): void {
  const file = path.join(folder, 'library.db');
  // The last page alone is enough to be no whole database, and holds none of the person's words.
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, bytes.length - 16_384));
  writeFileSync(path.join(folder, 'damage-suspected'), '');
}

it('a photo whose words were saved gets a number of its own, and no other photo’s picture', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 3);
  await library.db.backUp({ now: 5, force: true });
  const first = await addPhoto(library.db, 'first');
  const second = await addPhoto(library.db, 'second');
  await library.db.setOwnCaptions({ photoId: second, texts: ['of the second'], now: 6 });
  await library.close();
  spoil(folder);
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 7 });
  expect((await db.care()).restored).toMatchObject({ backupAt: 5, wordsKept: 1 });
  expect(await db.ownData()).toContain('of the second');
  for (const photoId of [first, second]) expect(await db.thumbnail({ photoId })).toBeNull();
  // What the copy knew is what it was.
  expect(await db.thumbnail({ photoId: 1 })).not.toBeNull();
  await close();
});

it('a copy from before another restoration finds no picture of what came after that', async () => {
  const folder = temporaryFolder();
  const { db, close } = await liveIn(folder, 3);
  await db.backUp({ now: 5, force: true });
  const first = await addPhoto(db, 'first');
  const { taken } = await db.backUp({ now: 86_400_006, force: true });
  await db.restore({ now: 7, from: listBackups(folder)[1]?.file ?? '' });
  expect(await addPhoto(db, 'other')).toBe(first);
  await db.restore({ now: 8, from: taken?.file ?? '' });
  expect(await db.thumbnail({ photoId: first })).toBeNull();
  await close();
});
