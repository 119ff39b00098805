// What a person did to their folders since the last backup holds after the library was put back from it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { suspectDamage } from '../../main/store/open-library-files.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

it('a folder that was taken out stays out, and one that was taken back is there', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 3);
  await library.db.backUp({ now: 5, force: true });
  const [pictures] = await library.db.listFolders();
  await library.db.removeFolder({ folderId: pictures?.id ?? 0, now: 6_500 });
  await library.db.registerFolder({ path: '/old', now: 6_600 });
  await library.close();
  const file = path.join(folder, 'library.db');
  // The last page alone is enough to be no whole database, and holds nothing of the person's.
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, bytes.length - 16_384));
  suspectDamage(folder);
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 7_000 });
  expect((await db.care()).restored).toMatchObject({ backupAt: 5 });
  expect((await db.listFolders()).map((one) => one.path)).toEqual(['/old']);
  while ((await db.settleFolders({ limit: 100, now: 7_001 })).left);
  expect(await db.photoByPath({ path: '/old/gone.jpg' })).not.toBeNull();
  expect((await db.folderViews()).map(({ missing }) => missing)).toEqual([0]);
  await close();
});
