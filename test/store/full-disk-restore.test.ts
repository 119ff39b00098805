// A disk that is full while a damaged library is put back says nothing of the library or its backups: all stays as it is until there is room.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, expect, it, vi } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { examineCopy } from '../../main/store/examine-copy.ts';
import { salvageOwnData } from '../../main/store/salvage.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

afterEach(() => vi.restoreAllMocks());

function fullDisk(): Error {
  return Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
}

/** From here on the database's disk is full for every such statement. */
function fillDiskAt(statement: RegExp): void {
  const real = Database.prototype.pragma;
  vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (this: Database.Database, source, options) {
    if (statement.test(source)) throw fullDisk();
    return real.call(this, source, options);
  });
}

it.each([/^integrity_check/, /^foreign_key_check/, /^journal_mode = DELETE/, /^page_size/])(
  'a copy is not called damaged because the disk is full (%s)',
  async (statement) => {
    const folder = temporaryFolder();
    const library = await liveIn(folder, 2);
    await library.close();
    fillDiskAt(statement);
    expect(() => examineCopy(path.join(folder, 'library.db'), null)).toThrow(/full/);
  },
);

it('what cannot be copied to be salvaged is not given up', () => {
  // A folder cannot be copied as a file; the error is of the copying, as on a disk without room.
  const file = path.join(temporaryFolder(), 'library.db');
  mkdirSync(file);
  expect(() => salvageOwnData(file)).toThrow(/library\.db/);
});

it('a damaged library whose backup cannot be proven for want of room is left as it is, and put back when there is room', async () => {
  const folder = temporaryFolder();
  const library = await liveIn(folder, 2);
  await library.db.backUp({ now: 5, force: true });
  await library.close();
  const file = path.join(folder, 'library.db');
  writeFileSync(file, Buffer.alloc(100_000, 0xa5));
  const names = readdirSync(folder);
  fillDiskAt(/^integrity_check/);
  await expect(openLibrary({ folder, mode: 'write', now: 6 })).rejects.toMatchObject({ code: 'store/disk-full' });
  expect(readFileSync(file).equals(Buffer.alloc(100_000, 0xa5))).toBe(true);
  expect(readdirSync(folder).filter((name) => !names.includes(name) && !/restoring|owner/.test(name))).toEqual([]);
  vi.restoreAllMocks();
  const again = await openLibrary({ folder, mode: 'write', now: 7 });
  expect((await again.db.care()).restored).toMatchObject({ backupAt: 5 });
  await again.close();
});
