// Counts are repeated only while they hold, or while a large library is too dear to count again.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { remembered } from '../../../../main/library-db/remembered-counts.ts';
import { openForReading, openForWriting } from '../../../../main/store/open-database.ts';
import { temporaryFolder } from '../../../helpers/library-db.ts';

/** A counter whose answer is how often it was asked, each count taking `costMs` of a clock that the test moves. */
function counter(costMs: number) {
  const file = path.join(temporaryFolder(), 'some.db');
  const db = openForWriting(file, 0);
  db.exec('CREATE TABLE t (a INTEGER) STRICT');
  const clock = { now: 0 };
  let times = 0;
  const ask = remembered(
    db,
    (_version: string) => {
      clock.now += costMs;
      return ++times;
    },
    () => clock.now,
  );
  const write = (): void => void db.exec('INSERT INTO t VALUES (1)');
  return { db, file, clock, write, ask: (version = '1') => ask(version) };
}

describe('remembered', () => {
  it('counts again once anything was written, here or by another connection, or other versions are asked for', () => {
    const { db, file, write, ask } = counter(1);
    const answers = [ask(), ask()];
    write();
    answers.push(ask(), ask());
    const other = openForWriting(file, 0);
    other.exec('INSERT INTO t VALUES (2)');
    other.close();
    answers.push(ask(), ask('2'));
    db.close();
    expect(answers).toEqual([1, 1, 2, 2, 3, 4]);
  });

  it('sees the writes of an owner from a reader', () => {
    const { db, file, write } = counter(1);
    const reader = openForReading(file);
    let times = 0;
    const ask = remembered(reader, (_version: string) => ++times);
    const before = [ask('1'), ask('1')];
    write();
    expect([...before, ask('1')]).toEqual([1, 1, 2]);
    reader.close();
    db.close();
  });

  it('repeats dear counts for twenty times their cost although things change', () => {
    const { db, clock, write, ask } = counter(100);
    const answers = [ask()];
    write();
    clock.now += 1_999;
    answers.push(ask());
    clock.now += 1;
    answers.push(ask());
    db.close();
    expect(answers).toEqual([1, 1, 2]);
  });
});
