// A damaged row is taken from a backup only where its number means the same there, and one that cannot be put back keeps no library from being mended.
import path from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { listBackups } from '../../main/store/backups.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

function change(folder: string, sql: string): void {
  const db = openForWriting(path.join(folder, 'library.db'), 1_000_000);
  db.pragma('foreign_keys = OFF');
  db.exec(sql);
  db.close();
}

it('nothing is taken from a backup of before another restoration', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 4);
  await library.db.backUp({ now: 5, force: true });
  const [first] = listBackups(folder);
  await library.db.setOwnCaptions({ photoId: 1, texts: ['words of another time'], now: 6 });
  await library.db.backUp({ now: 86_400_006, force: true });
  await library.db.restore({ now: 7, from: first?.file ?? '' });
  await library.close();
  change(folder, "UPDATE own_captions SET text = 'my own w0rds of 1' WHERE photo_id = 1");
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 8 });
  const report = await db.verify({ now: 9 });
  expect({ lost: report.lost, left: report.left }).toEqual({ lost: [], left: [] });
  expect((await db.photoView({ photoId: 1 }))?.caption?.text).toBe('my own words of 1');
  await close();
});

it('a row whose place was given to another one is told of, and the library is mended', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 4);
  await library.db.backUp({ now: 5, force: true });
  await library.close();
  // The row that the backup has under this number is there under another one.
  change(folder, 'UPDATE folders SET id = 77 WHERE id = 2');
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 8 });
  await db.verify({ now: 9 });
  expect((await db.verify({ now: 10 })).left).toEqual([]);
  await close();
});
