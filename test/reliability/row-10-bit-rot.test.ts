// A byte that changed on the disk is noticed: every row has a checksum, pages and indexes are compared, and derived things are mended.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { checkLibrary, expectedSchema, findings } from '../../main/store/check-library.ts';
import { openForWriting, type ReadDb, type WriteDb } from '../../main/store/open-database.ts';
import { knowRowSum } from '../../main/store/row-sums.ts';
import { figure, reached } from '../helpers/figure.ts';
import { memoryFolder, temporaryFolder } from '../helpers/library-db.ts';
import { liveIn, ownDataIn } from '../helpers/lived-in-library.ts';
import { seededRandom } from '../helpers/photo-fixtures.ts';

/**
 * What counts is a flip after which a program reads another row, another schema, or cannot read them. The full-text index is not part of the promise: every
 * entry of it is made from rows that are, it is made anew from them by `photoseek verify`, and no answer shows text from it, so that damage to it can cost a
 * hit but can change no word. How much of it is noticed all the same is told beside the figure.
 */
const flips = figure(500, 5_000);

/** Held in memory: the loop is about what is read, not about files. */
function opened(bytes: Buffer): WriteDb {
  const db = new Database(bytes) as unknown as WriteDb;
  db.pragma('foreign_keys = ON');
  db.pragma('cell_size_check = ON');
  return db;
}

/** All that a program can read of the database, or that it cannot: equal before and after where a flip touched nothing that is in use. */
function everything(bytes: Buffer, kind: 'table' | 'shadow'): string {
  let db: ReadDb | undefined;
  try {
    db = opened(bytes);
    const schema = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema').raw().all();
    const tables = db
      .prepare<[string], string>(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ? AND name <> 'sqlite_sequence'",
      )
      .pluck()
      .all(kind);
    const hash = createHash('sha256').update(JSON.stringify([schema, db.pragma('user_version'), tables]));
    for (const name of tables) {
      for (const row of db.prepare<[], unknown[]>(`SELECT * FROM ${name} NOT INDEXED`).raw().iterate())
        for (const value of row) hash.update(value instanceof Uint8Array ? value : `${typeof value} ${String(value)};`);
    }
    return hash.digest('hex');
  } catch (error) {
    return `unreadable: ${String(error)}`;
  } finally {
    db?.close();
  }
}

/** Making the schema of a format takes longer than everything else that is checked of so small a library. */
const expected = remembered(expectedSchema);

function remembered<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

function reportOf(bytes: Buffer): string[] {
  let db: WriteDb | undefined;
  try {
    db = opened(bytes);
    knowRowSum(db);
    return findings(checkLibrary(db, expected));
  } catch (error) {
    return [String(error)];
  } finally {
    db?.close();
  }
}

describe('promise 10: silent bit-rot is noticed', () => {
  it(`${flips} flipped bytes that touch live rows`, { timeout: 600_000 }, async () => {
    const folder = memoryFolder();
    const library = await liveIn(folder, 20);
    await library.close();
    const file = path.join(folder, 'library.db');
    const db = openForWriting(file, 1_000_000);
    db.pragma('journal_mode = DELETE');
    db.close();
    const whole = readFileSync(file);
    const before = everything(whole, 'table');
    const wordsBefore = everything(whole, 'shadow');
    expect(reportOf(whole)).toEqual([]);
    // Most of a small database is empty space, in which nothing can be noticed: zeros among zeros are passed over.
    const used = [...whole.keys()].filter((at) =>
      whole.subarray(Math.max(0, at - 4), at + 5).some((byte) => byte !== 0),
    );
    const random = seededRandom(20_261);
    const unnoticed: string[] = [];
    let touched = 0;
    const words = { touched: 0, noticed: 0 };
    for (let tries = 0; touched < flips; tries++) {
      expect(tries).toBeLessThan(flips * 40);
      const bytes = Buffer.from(whole);
      const at = used[Math.floor(random() * used.length)] ?? 0;
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
      const isRow = everything(bytes, 'table') !== before;
      const isWord = !isRow && everything(bytes, 'shadow') !== wordsBefore;
      if (isRow) {
        touched++;
        if (reportOf(bytes).length === 0) unnoticed.push(`byte ${at} of page ${Math.floor(at / 16_384) + 1}`);
      } else if (isWord) {
        words.touched++;
        if (reportOf(bytes).length > 0) words.noticed++;
      }
    }
    const share = 1 - unnoticed.length / touched;
    reached(
      10,
      `${touched} flips of a bit that change what is read of the rows, ${touched - unnoticed.length} noticed; of ${words.touched} in the full-text index, which is made from them, ${words.noticed}`,
    );
    // The index checks itself but for positions in its indexes of beginnings of words; no answer depends on those.
    expect(words.noticed / words.touched).toBeGreaterThan(0.5);
    expect(share, unnoticed.join('\n')).toBeGreaterThanOrEqual(0.99);
  });

  it('verify drops and redoes what is derived, and takes the person’s own rows from a backup', async () => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 20);
    await library.db.backUp({ now: 9_000, force: true });
    await library.close();
    const own = ownDataIn(folder);
    damage(folder, (text) => text.replace('my own words of 3', 'my owm words of 3'));
    damage(folder, (text) => text.replaceAll('a generated caption of photo 5', 'a genera7ed caption of photo 5'));
    const again = await openLibrary({ folder, mode: 'write', now: 10_000 });
    const report = await again.db.verify({ now: 10_000 });
    expect(report.problems.length).toBeGreaterThanOrEqual(2);
    expect(report.repaired.join('\n')).toMatch(/a caption of yours was taken from a backup/);
    expect(report.repaired.join('\n')).toMatch(/captions made by the models: 1 dropped/);
    expect({ lost: report.lost, left: report.left }).toEqual({ lost: [], left: [] });
    const found = await again.db.searchWords({ text: 'genera7ed owm', limit: 5 });
    expect(found.photoIds).toEqual([]);
    expect((await again.db.verify({ now: 10_001 })).problems).toEqual([]);
    await again.close();
    expect(ownDataIn(folder)).toEqual(own);
  });

  it('verify restores the newest backup where the structure is damaged, and keeps words written since', async () => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 20);
    await library.db.backUp({ now: 9_000, force: true });
    await library.db.setOwnCaptions({ photoId: 7, texts: ['written after the backup'], now: 9_500 });
    await library.close();
    const own = ownDataIn(folder);
    const file = path.join(folder, 'library.db');
    const db = openForWriting(file, 1_000_000);
    const page = db.prepare<[], number>("SELECT rootpage FROM sqlite_schema WHERE name = 'vec_log'").pluck().get() ?? 0;
    db.close();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, (page - 1) * 16_384, page * 16_384);
    writeFileSync(file, bytes);
    const again = await openLibrary({ folder, mode: 'write', now: 10_000 });
    const report = await again.db.verify({ now: 10_000 });
    expect(report.left).toEqual([]);
    const { restored } = await again.db.care();
    await again.close();
    expect(restored).toMatchObject({
      backupAt: 9_000,
      aside: path.join('damaged', 'library-1.db'),
      isWhole: true,
      wasAsked: false,
    });
    expect(existsSync(path.join(folder, 'damaged', 'library-1.db'))).toBe(true);
    expect(ownDataIn(folder)).toEqual(own);
  });
});

/** Changes text in the closed database file without changing its length. */
function damage(folder: string, change: (text: string) => string): void {
  const file = path.join(folder, 'library.db');
  const before = readFileSync(file, 'latin1');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(file, after, 'latin1');
}
