// What the checksums of rows cost does not grow with the library: each finds its row by the key's index.
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

/** CPU milliseconds of taking in so many files and giving all of them out again. */
async function costOf(count: number): Promise<number> {
  const { db, close } = await openLibrary({ folder: temporaryFolder(), mode: 'write', now: 1 });
  const { folder } = await db.registerFolder({ path: '/photos', now: 1 });
  const { scanId } = await db.beginScan({ folderId: folder.id });
  const files = Array.from({ length: count }, (_, at) => ({
    relPath: `${at}.jpg`,
    sizeBytes: 1_000 + at,
    mtimeMs: 1e12 + at * 1e6,
    inode: `1:${at}`,
  }));
  const from = process.cpuUsage();
  await db.applyScan({ folderId: folder.id, scanId, files, now: 1 });
  await db.claimFiles({ limit: count, now: 2 });
  const { user, system } = process.cpuUsage(from);
  await close();
  return (user + system) / 1000;
}

it('sixteen times the rows cost no more than twice as much a row', async () => {
  await costOf(1_000);
  const few = await costOf(1_000);
  const many = await costOf(16_000);
  process.stdout.write(
    `1,000 and 16,000 files taken in and given out: ${Math.round(few)} and ${Math.round(many)} ms\n`,
  );
  expect(many / few).toBeLessThan(16 * 2);
});
