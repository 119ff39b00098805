// Whatever cuts a backup or its removal short, nothing of it stays in the folder of backups for ever.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { listBackups, noteOf, wordsOf } from '../../main/store/backups.ts';
import { temporaryFolder } from '../helpers/library-db.ts';
import { liveIn } from '../helpers/lived-in-library.ts';

it('a proof and lines of words without a database are removed with the next backup', async () => {
  const folder = temporaryFolder();
  const { db, close } = await liveIn(folder, 2);
  const cut = path.join(folder, 'backups', 'library-000009-daily-2020-01-01T00-00-00.db');
  await db.backUp({ now: 5, force: true });
  for (const file of [noteOf(cut), wordsOf(cut)]) writeFileSync(file, '');
  await db.backUp({ now: 86_400_006, force: true });
  await close();
  const kept = listBackups(folder).flatMap(({ file }) => [file, noteOf(file), wordsOf(file)]);
  expect(kept).toHaveLength(6);
  expect(readdirSync(path.join(folder, 'backups')).sort()).toEqual(kept.map((file) => path.basename(file)).sort());
});
