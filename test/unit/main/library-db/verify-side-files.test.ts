// A look at the whole library finds damaged search files too, drops them, and knows them to be derived.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryLibrary } from '../../../helpers/library-db.ts';

it('reports and drops a damaged search file, and finds nothing the next time', { timeout: 60_000 }, async () => {
  const { db, folder } = await temporaryLibrary();
  const files = join(folder, 'cache', 'vectors');
  mkdirSync(files, { recursive: true });
  writeFileSync(join(files, 'graph-1.json'), 'not a manifest');
  const report = await db.verify({ now: 5_000 });
  expect(report.problems).toEqual([expect.stringContaining('graph-1')]);
  expect(report.repaired).toHaveLength(1);
  expect({ lost: report.lost, left: report.left }).toEqual({ lost: [], left: [] });
  expect(existsSync(join(files, 'graph-1.json'))).toBe(false);
  expect((await db.verify({ now: 6_000 })).problems).toEqual([]);
});
