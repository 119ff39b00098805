// Two processes that write the same database wait for each other: no error, no lost update.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openForReading, openForWriting } from '../../main/store/open-database.ts';
import { repository } from '../helpers/cli.ts';
import { memoryFolder, runChild } from '../helpers/faults.ts';
import { figure, reached } from '../helpers/figure.ts';

const each = figure(5_000, 50_000);
const writer = fileURLToPath(new URL('children/write-beside.ts', import.meta.url));

describe('promise 12: two processes write safely', () => {
  it(`two writers with ${each} transactions each`, { timeout: 60_000 + each * 10 }, async () => {
    const file = join(memoryFolder(), 'shared.db');
    const db = openForWriting(file, 0);
    db.exec(`
      CREATE TABLE counter (value INTEGER NOT NULL) STRICT;
      INSERT INTO counter VALUES (0);
      CREATE TABLE entries (writer TEXT NOT NULL, number INTEGER NOT NULL, counted INTEGER NOT NULL UNIQUE) STRICT;
    `);
    db.close();
    const ended = await Promise.all(['one', 'two'].map((name) => runChild(writer, [file, name, String(each)])));
    expect(ended.map(({ code, lines, stderr }) => ({ code, lines, stderr }))).toEqual(
      ended.map(() => ({ code: 0, lines: ['[]'], stderr: '' })),
    );
    const reader = openForReading(file);
    const one = (sql: string): unknown => reader.prepare(sql).pluck().get();
    const turns = one(
      'SELECT count(*) FROM entries a JOIN entries b ON b.counted = a.counted + 1 AND b.writer <> a.writer',
    ) as number;
    const outcome = {
      counter: one('SELECT value FROM counter'),
      entries: one('SELECT count(*) FROM entries'),
      last: one('SELECT max(counted) FROM entries'),
      check: reader.pragma('integrity_check', { simple: true }),
    };
    reader.close();
    expect(outcome).toEqual({ counter: 2 * each, entries: 2 * each, last: 2 * each, check: 'ok' });
    // They were at work at the same time: neither may get further ahead than the child's lead.
    expect(turns).toBeGreaterThan(each / 1_000);
    reached(12, `2 x ${each} transactions, ${turns} changes of turn, 0 errors, count exact`);
  });

  it('no source begins a transaction in another way', () => {
    const offenders = ['main', 'native-models']
      .flatMap((folder) =>
        readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
      )
      .filter((name) => /\.(ts|mjs)$/.test(name))
      .filter((name) => {
        const text = readFileSync(join(repository, name), 'utf8');
        return /\.transaction\s*\(|exec\(\s*['"`]\s*BEGIN\b|prepare\(\s*['"`]\s*(BEGIN|SAVEPOINT)\b/i.test(text);
      });
    // `writing` and `reading`, and the lock that one process holds for life.
    expect(offenders).toEqual(['main/store/open-database.ts']);
  });
});
