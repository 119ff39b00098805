// Which photos' words are looked at after a scan: those whose files left their place or came back to it, and no others, however many vanished.
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { settleGone } from '../../../../main/library-db/gone-files.ts';
import { openStore, refreshWords } from '../../../../main/library-db/open-store.ts';
import { latestVersion, migrate } from '../../../../main/store/migrate.ts';
import { librarySteps } from '../../../../main/store/migrations/steps.ts';
import { openForWriting } from '../../../../main/store/open-database.ts';
import { temporaryFolder } from '../../../helpers/library-db.ts';

const numbers = (from: number, to: number): number[] => Array.from({ length: 1 + to - from }, (_, n) => from + n);

/** A folder of 100 photos with one file each, seen by scan 1. Files, photos and names have the numbers from 1. */
async function scannedFolder() {
  const library = openForWriting(path.join(temporaryFolder(), 'library.db'), latestVersion(librarySteps));
  onTestFinished(() => void library.close());
  await migrate(library, librarySteps, async () => undefined);
  library.exec(`
    INSERT INTO folders (path, added_at) VALUES ('/pictures', 5);
    WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 100)
      INSERT INTO photos (id, sha256, size_bytes, newest, added_at) SELECT i, randomblob(32), 1, 1, 1 FROM n;
    INSERT INTO files (id, folder_id, rel_path, size_bytes, mtime_ms, inode, scan_id, added_at, photo_id, state)
      SELECT id, 1, 'name' || id || '.jpg', 1, 1, '', 1, 1, id, 'known' FROM photos`);
  const store = openStore({ mode: 'owner', library, thumbnails: null }, () => 0);
  for (const photoId of numbers(1, 100)) refreshWords(store, photoId);
  const lookedAt = vi.spyOn(store.documents, 'namesOf');
  let scanId = 1;
  /** A scan that sees all files but these. */
  const scanWithout = (gone: readonly number[], now: number) => {
    scanId++;
    library
      .prepare('UPDATE files SET scan_id = ? WHERE id NOT IN (SELECT value FROM json_each(?))')
      .run(scanId, JSON.stringify(gone));
    lookedAt.mockClear();
    const outcome = settleGone(store, { folderId: 1, scanId, unreadable: [], now });
    return { outcome, words: lookedAt.mock.calls.map(([photoId]) => photoId).sort((a, b) => a - b) };
  };
  const found = (word: string): number[] =>
    library.prepare<[string], number>('SELECT rowid FROM document_words(?)').pluck().all(word);
  return { library, scanWithout, found };
}

it('words of files that are gone are looked at, those of files that are held are as they were', async () => {
  const { scanWithout, found } = await scannedFolder();
  const few = numbers(1, 5);
  expect(found('name3')).toEqual([3]);
  expect(scanWithout(few, 1_000)).toEqual({ outcome: { missing: 5, moved: 0, held: 0 }, words: few });
  expect(found('name3')).toEqual([]);
  // The rest of the tree goes a moment later: what was missing comes back as held, with the words of its names.
  const many = numbers(1, 60);
  expect(scanWithout(many, 2_000)).toEqual({ outcome: { missing: 0, moved: 0, held: 60 }, words: few });
  expect(found('name3')).toEqual([3]);
  expect(scanWithout(many, 3_000)).toEqual({ outcome: { missing: 0, moved: 0, held: 0 }, words: [] });
});

it('words of a photo whose file was moved are those of its new place', async () => {
  const { library, scanWithout, found } = await scannedFolder();
  library.exec(`INSERT INTO files (folder_id, rel_path, size_bytes, mtime_ms, inode, scan_id, added_at, photo_id, state)
    VALUES (1, 'elsewhere.jpg', 1, 1, '', 1, 1, 7, 'known')`);
  expect(scanWithout([7], 1_000)).toEqual({ outcome: { missing: 0, moved: 1, held: 0 }, words: [7] });
  expect([found('name7'), found('elsewhere')]).toEqual([[], [7]]);
});
