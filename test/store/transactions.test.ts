// What a transaction that writes holds from its beginning on: another connection must not get between its reading and its writing.
import path from 'node:path';
import { expect, it } from 'vitest';
import { openForWriting, writing } from '../../main/store/open-database.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

it('a transaction that writes has the database to itself before its first write', () => {
  const file = path.join(temporaryFolder(), 'some.db');
  const [first, second] = [openForWriting(file, 0), openForWriting(file, 0)];
  first.exec('CREATE TABLE counter (value INTEGER NOT NULL) STRICT; INSERT INTO counter VALUES (0)');
  second.pragma('busy_timeout = 0');
  const add = (db: typeof first): number => db.prepare('UPDATE counter SET value = value + 1').run().changes;
  writing(first, () => {
    first.prepare('SELECT value FROM counter').get();
    // Let in here, it would make the write below fail, however long that waited.
    expect(() => writing(second, () => add(second))).toThrow(/locked/);
    add(first);
  });
  writing(second, () => add(second));
  expect(first.prepare('SELECT value FROM counter').pluck().get()).toBe(2);
  first.close();
  second.close();
});
