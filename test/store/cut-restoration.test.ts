// A restoration that is cut short goes on at the next opening, or has not happened; never is a library left without its log.
import { copyFileSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

it.each(['before anything was moved', 'when the log was moved', 'when the library was moved'])(
  'a complete copy takes the library’s place: cut %s',
  async (cut) => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 2);
    await library.db.backUp({ now: 5, force: true });
    await library.db.restore({ now: 6, from: null });
    await library.close();
    const file = path.join(folder, 'library.db');
    const aside = path.join(folder, 'replaced', 'library-1.db');
    renameSync(file, `${file}.restoring`);
    if (cut !== 'when the library was moved') renameSync(aside, file);
    writeFileSync(cut === 'before anything was moved' ? `${file}-wal` : `${aside}-wal`, '');
    const again = await openLibrary({ folder, mode: 'write', now: 7 });
    expect((await again.db.care()).restored).toMatchObject({ restoredAt: 6 });
    await again.close();
    expect([existsSync(aside), existsSync(`${aside}-wal`)]).toEqual([true, true]);
    expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([]);
  },
);

it('an incomplete copy is thrown away, and the library is as it was', async () => {
  const folder = temporaryFolder();
  await (await liveIn(folder, 2)).close();
  writeFileSync(path.join(folder, 'library.db.restoring.part'), 'half a copy');
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 7 });
  expect((await db.care()).restored).toBeNull();
  await close();
  expect(readdirSync(folder).filter((name) => name.includes('restoring'))).toEqual([]);
});

it('a copy that the person names is taken with its log', async () => {
  const [folder, other] = [temporaryFolder(), temporaryFolder()];
  const library = await liveIn(other, 2);
  await library.db.setOwnCaptions({ photoId: 2, texts: ['still in the log'], now: 9 });
  const copy = path.join(folder, 'copy.db');
  for (const suffix of ['', '-wal']) copyFileSync(path.join(other, `library.db${suffix}`), copy + suffix);
  await library.close();
  const { db, close } = await openLibrary({ folder: path.join(folder, 'library'), mode: 'write', now: 7 });
  await db.restore({ now: 8, from: copy });
  expect(await db.ownData()).toContain('still in the log');
  await close();
});
