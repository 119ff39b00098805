// What a look into one folder reads of the files below it: what no folder that is still there holds, however much that is.
import path from 'node:path';
import { expect, it } from 'vitest';
import { latestVersion, migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { fileScanStatements } from '../../main/store/statements/file-scan.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

const paths = [
  'a.jpg',
  'a/1.jpg',
  'a/b/2.jpg',
  'a b/3.jpg',
  'a0',
  'a0/4.jpg',
  'é/5.jpg',
  'z/6.jpg',
  '😀.jpg',
  '😀/7.jpg',
  'Ａ/8.jpg',
];

it.each([
  ['', [], paths],
  ['', ['a'], paths.filter((file) => !file.startsWith('a/'))],
  ['', ['z', 'a', 'a b', 'é', '😀', 'Ａ'], ['a.jpg', 'a0', 'a0/4.jpg', '😀.jpg']],
  ['', ['a', 'a0', 'a b'], ['a.jpg', 'a0', 'é/5.jpg', 'z/6.jpg', '😀.jpg', '😀/7.jpg', 'Ａ/8.jpg']],
  ['a', [], ['a/1.jpg', 'a/b/2.jpg']],
  ['a', ['b', 'other'], ['a/1.jpg']],
] as const)('below "%s" with the folders %j', async (relPath, subfolders, gone) => {
  const db = openForWriting(path.join(temporaryFolder(), 'library.db'), latestVersion(librarySteps));
  await migrate(db, librarySteps, async () => undefined);
  db.exec("INSERT INTO folders (path, added_at) VALUES ('/pictures', 5)");
  const { see, unseenBelow } = fileScanStatements(db);
  for (const file of paths) see(1, 1, { relPath: file, sizeBytes: 1, mtimeMs: 1, inode: '' }, 9_000);
  const found = unseenBelow(1, 2, relPath, subfolders).map((file) => file.relPath);
  db.close();
  expect(found.sort()).toEqual([...gone].sort());
});
