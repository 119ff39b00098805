// A library of an older version with a damaged row is brought up to date as it is: only one that cannot be read at all is replaced.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForReading, openForWriting, type WriteDb } from '../../main/store/open-database.ts';
import { suspectDamage } from '../../main/store/open-library-files.ts';
import { keepRowSums } from '../../main/store/row-sums.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

const latest = librarySteps.at(-1)?.version ?? 0;

/** A library of the version before, closed in order, then damaged by a program that is not ours. */
async function damagedLibrary(folder: string, damage: string): Promise<string> {
  const file = path.join(folder, 'library.db');
  const db = openForWriting(file, latest);
  await migrate(db, librarySteps.slice(0, -1), async () => undefined);
  keepRowSums(db);
  db.exec(`
    INSERT INTO library (id, uid, created_at) VALUES (1, 'old', 5);
    INSERT INTO folders (path, added_at) VALUES ('/pictures', 5);
    INSERT INTO photos (sha256, size_bytes, newest, added_at) VALUES (zeroblob(32), 5, 1, 5);
    INSERT INTO files (folder_id, rel_path, photo_id, size_bytes, mtime_ms, inode, scan_id, state, added_at)
      VALUES (1, 'a.jpg', 1, 5, 1, '', 1, 'known', 5);
    INSERT INTO own_captions (photo_id, rank, text, written_at) VALUES (1, 0, 'my words', 5);
    INSERT INTO documents (photo_id, own, tags, generated, names) VALUES (1, 'my words', '', '', 'a');
    INSERT INTO vector_spaces (id, kind, model_id, dim) VALUES (1, 'image', 'some', 1);
    INSERT INTO vectors (photo_id, space_id, crc, data) VALUES (1, 1, 0x2144df1c, zeroblob(4));`);
  db.close();
  const raw: WriteDb = openForWriting(file, latest);
  raw.pragma('foreign_keys = OFF');
  raw.exec(damage);
  raw.close();
  return file;
}

describe('a library of the version before', () => {
  it.each([
    ['a vector whose checksum fails', "UPDATE vectors SET data = x'00000001'"],
    ['a row that is not what was written', "UPDATE own_captions SET text = 'my w0rds'"],
    ['a reference into nothing', 'INSERT INTO favourites (photo_id, marked_at) VALUES (77, 5)'],
    ['an index of words that is not of its texts', "INSERT INTO document_words (rowid, own) VALUES (9, 'nobody')"],
  ])('with %s stays the library it is, and a copy of it is kept with what was found', async (_what, damage) => {
    const folder = temporaryFolder();
    await damagedLibrary(folder, damage);
    const { db, close } = await openLibrary({ folder, mode: 'write', now: 77 });
    expect((await db.care()).restored).toBeNull();
    expect((await db.listFolders()).map((one) => one.path)).toEqual(['/pictures']);
    await close();
    const upgraded = openForReading(path.join(folder, 'library.db'));
    expect(upgraded.prepare('SELECT uid FROM library').pluck().get()).toBe('old');
    expect(upgraded.prepare('SELECT text FROM own_captions').pluck().get()).toMatch(/^my w.rds$/);
    upgraded.close();
    const kept = openForReading(path.join(folder, 'damaged', 'library-1.db'));
    expect(kept.pragma('user_version', { simple: true })).toBe(librarySteps.at(-2)?.version);
    kept.close();
    expect(readFileSync(path.join(folder, 'damaged', 'library-1.txt'), 'utf8')).not.toBe('\n');
  });

  it('whose pages are damaged is replaced', async () => {
    const folder = temporaryFolder();
    const file = await damagedLibrary(folder, 'SELECT 1');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xa5, bytes.length - 16_384));
    const { db, close } = await openLibrary({ folder, mode: 'write', now: 77 });
    expect((await db.care()).restored).toMatchObject({ backup: null });
    await close();
    expect(existsSync(path.join(folder, 'damaged', 'library-1.db'))).toBe(true);
  });
});

it('a library of which a statement met damage is looked at whole, and stays where only a row is damaged', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 3);
  await library.close();
  const file = path.join(folder, 'library.db');
  writeFileSync(file, readFileSync(file, 'latin1').replace('my own words of 1', 'my own w0rds of 1'), 'latin1');
  suspectDamage(folder);
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 77 });
  expect((await db.care()).restored).toBeNull();
  expect((await db.photoView({ photoId: 1 }))?.caption?.text).toBe('my own w0rds of 1');
  await close();
});
