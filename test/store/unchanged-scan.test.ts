// What a scan writes of files that are as they were: their row, and nothing that is derived of it.
import path from 'node:path';
import { expect, it } from 'vitest';
import { latestVersion, migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { keepRowSums } from '../../main/store/row-sums.ts';
import { fileScanStatements, type SeenFile } from '../../main/store/statements/file-scan.ts';
import { folderStatements } from '../../main/store/statements/folders.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

const seenFiles: readonly SeenFile[] = Array.from({ length: 50 }, (_, n) => ({
  relPath: `${n}.jpg`,
  sizeBytes: 10,
  mtimeMs: 1_000,
  inode: `1:${n}`,
  ctimeMs: 1_000.5,
}));

async function scannedLibrary() {
  const db = openForWriting(path.join(temporaryFolder(), 'library.db'), latestVersion(librarySteps));
  await migrate(db, librarySteps, async () => undefined);
  keepRowSums(db);
  db.exec("INSERT INTO folders (path, added_at) VALUES ('/pictures', 5)");
  const changes = (): number => db.prepare<[], number>('SELECT total_changes()').pluck().get() ?? 0;
  return { db, changes, ...fileScanStatements(db), ...folderStatements(db) };
}

it('a file that is as it was costs one change, without its checksum and its place in an index', async () => {
  const { db, changes, see } = await scannedLibrary();
  const scan = (scanId: number, files = seenFiles): number => {
    const before = changes();
    for (const file of files) see(1, scanId, file, 9_000);
    return changes() - before;
  };
  scan(1);
  expect(scan(2)).toBe(seenFiles.length);
  // A system that tells no time of change.
  expect(
    scan(
      3,
      seenFiles.map(({ ctimeMs: _, ...file }) => file),
    ),
  ).toBe(seenFiles.length);
  expect(db.prepare('SELECT DISTINCT scan_id FROM files').pluck().all()).toEqual([3]);
  // Numbered anew by its file system: known by its time of change, and found by its new number from then on.
  expect(
    scan(
      4,
      seenFiles.map((file) => ({ ...file, inode: `2${file.inode}` })),
    ),
  ).toBeGreaterThan(seenFiles.length);
  expect(db.prepare("SELECT count(*) FROM files WHERE inode GLOB '21:*' AND state = 'new'").pluck().get()).toBe(50);
  db.close();
});

it('the sample of a folder is written where it, or the volume, is another one, and at no other time', async () => {
  const { db, changes, see, noteRoot, folder } = await scannedLibrary();
  const changesOf = (
    scanId: number,
    files: readonly SeenFile[],
    at = { device: '7', volume: 'v' as string | null },
  ) => {
    for (const file of files) see(1, scanId, file, 9_000);
    const before = changes();
    noteRoot(1, scanId, at);
    return changes() - before;
  };
  const known = seenFiles.slice(0, 5);
  const more = seenFiles.slice(0, 6);
  expect(changesOf(1, known)).toBeGreaterThan(0);
  expect(changesOf(2, known)).toBe(0);
  expect(changesOf(3, more)).toBeGreaterThan(0);
  expect(folder(1)?.root.sample).toHaveLength(6);
  for (const at of [
    { device: '8', volume: 'v' },
    { device: '8', volume: null },
  ]) {
    expect(changesOf(4, more, at)).toBeGreaterThan(0);
    expect(changesOf(5, more, at)).toBe(0);
    expect(folder(1)?.root).toMatchObject(at);
  }
  db.close();
});
