// A row is found by its key's index, also where the key has several parts, and its checksum tells whether it is as it was written.
import path from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting, writing } from '../../main/store/open-database.ts';
import { isSoundRow, keepRowSums, rowAt } from '../../main/store/row-sums.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

it('finds rows of one and of several key parts', async () => {
  const file = path.join(temporaryFolder(), 'library.db');
  const db = openForWriting(file, Number.MAX_SAFE_INTEGER);
  await migrate(db, librarySteps, async () => undefined);
  keepRowSums(db);
  writing(db, () => {
    db.exec(
      'INSERT INTO photos (sha256, size_bytes, newest, added_at, present_files) VALUES (randomblob(32), 1, 1, 1, 1)',
    );
    db.exec(
      "INSERT INTO own_captions (photo_id, rank, text, written_at) VALUES (1, 0, 'a dog', 1), (1, 1, 'a cat', 1)",
    );
  });
  const rows = [
    ['photos', 1],
    ['own_captions', '1/0'],
    ['own_captions', '1/1'],
    ['jobs', '1/look'],
  ] as const;
  expect(rows.map(([table, key]) => isSoundRow(db, table, key))).toEqual([true, true, true, true]);
  expect([isSoundRow(db, 'photos', 2), isSoundRow(db, 'own_captions', '1/2')]).toEqual([false, false]);
  for (const [table, key] of rows) {
    const { condition, values } = rowAt(db, { table, key, what: 'changed' });
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${condition}`)
      .all(...values);
    expect(plan.map(({ detail }) => detail).join()).toContain('SEARCH');
  }
  db.close();
  // A connection without the triggers writes past the checksums, as a rotten disk does.
  const other = openForWriting(file, Number.MAX_SAFE_INTEGER);
  writing(other, () => other.exec("UPDATE own_captions SET text = 'a dot' WHERE rank = 0"));
  keepRowSums(other);
  expect(rows.map(([table, key]) => isSoundRow(other, table, key))).toEqual([true, false, true, true]);
  other.close();
});
