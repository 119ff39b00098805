// Migrations: every database takes the same path, whole steps only, and nothing it holds is lost on it.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { type Migration, migrate } from '../../main/store/migrate.ts';
import { librarySteps, thumbnailSteps } from '../../main/store/migrations/steps.ts';
import {
  openForReading,
  openForWriting,
  type ReadDb,
  schemaVersion,
  type WriteDb,
} from '../../main/store/open-database.ts';
import { timelineFlags, undatedDay, unpackTimeline } from '../../preload/contract/timeline.ts';
import { factsOf, temporaryFolder, wanted } from '../helpers/library-db.ts';

const latest = librarySteps.at(-1)?.version ?? 0;
const noBackUp = async (): Promise<void> => undefined;

async function withDatabase<T>(file: string, body: (db: WriteDb) => Promise<T> | T): Promise<T> {
  const db = openForWriting(file, latest);
  try {
    return await body(db);
  } finally {
    db.close();
  }
}

function schemaOf(db: ReadDb): unknown[] {
  return db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
}

describe('the steps', () => {
  it.each([
    ['library', librarySteps],
    ['thumbnails', thumbnailSteps],
  ])('of %s rise strictly', (_name, steps) => {
    const versions = steps.map((step) => step.version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it('make the same schema one at a time as all at once', async () => {
    const folder = temporaryFolder();
    const fresh = await withDatabase(path.join(folder, 'fresh.db'), async (db) => {
      await migrate(db, librarySteps, noBackUp);
      return schemaOf(db);
    });
    for (const [index] of librarySteps.entries()) {
      await withDatabase(path.join(folder, 'upgraded.db'), (db) =>
        migrate(db, librarySteps.slice(0, index + 1), noBackUp),
      );
    }
    const upgraded = await withDatabase(path.join(folder, 'upgraded.db'), (db) => schemaOf(db));
    expect(upgraded).toEqual(fresh);
  });

  it('make strict tables only', async () => {
    const loose = await withDatabase(path.join(temporaryFolder(), 'library.db'), async (db) => {
      await migrate(db, librarySteps, noBackUp);
      return db
        .prepare(
          "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
        )
        .pluck()
        .all();
    });
    expect(loose).toEqual([]);
  });
});

describe('migrate', () => {
  const steps: readonly Migration[] = [
    { version: 10, sql: 'CREATE TABLE t (a INTEGER) STRICT; INSERT INTO t VALUES (1)' },
    { version: 20, sql: 'ALTER TABLE t ADD COLUMN b TEXT' },
  ];

  it('leaves the last whole step where one fails, and goes on from there', async () => {
    const file = path.join(temporaryFolder(), 'some.db');
    const broken = [
      ...steps.slice(0, 1),
      { version: 20, sql: 'ALTER TABLE t ADD COLUMN b TEXT; SELECT a FROM nowhere' },
    ];
    await withDatabase(file, async (db) => {
      await expect(migrate(db, broken, noBackUp)).rejects.toThrow(/no such table/);
      expect(schemaVersion(db)).toBe(10);
      await migrate(db, steps, noBackUp);
      expect({ version: schemaVersion(db), rows: db.prepare('SELECT * FROM t').all() }).toEqual({
        version: 20,
        rows: [{ a: 1, b: null }],
      });
    });
  });

  it('copies what is there before the first pending step, and does nothing where the copy fails', async () => {
    const file = path.join(temporaryFolder(), 'some.db');
    const copied: number[] = [];
    const backUp = async (from: number): Promise<void> => void copied.push(from);
    await withDatabase(file, async (db) => {
      await migrate(db, steps.slice(0, 1), backUp);
      const failing = (): Promise<void> => Promise.reject(new Error('no space for a copy'));
      await expect(migrate(db, steps, failing)).rejects.toThrow('no space for a copy');
      expect(schemaVersion(db)).toBe(10);
      await migrate(db, steps, backUp);
      await migrate(db, steps, backUp);
    });
    expect(copied).toEqual([10]);
  });
});

describe('openLibrary on a library of an older version', () => {
  it('keeps its content, makes work to do of it, and leaves a whole copy of the old file', async () => {
    const folder = temporaryFolder();
    await withDatabase(path.join(folder, 'library.db'), async (db) => {
      await migrate(db, librarySteps.slice(0, 2), noBackUp);
      db.exec(`
        INSERT INTO library (id, uid, created_at) VALUES (1, 'old', 5);
        INSERT INTO folders (path, added_at) VALUES ('/pictures', 5);
        INSERT INTO photos (sha256, size_bytes, newest, added_at) VALUES (x'${factsOf('bytes').sha256}', 5, 1, 5);
        INSERT INTO files (folder_id, rel_path, photo_id, size_bytes, mtime_ms, inode, scan_id, state, added_at)
          VALUES (1, 'a.jpg', 1, 5, 1, '', 1, 'known', 5);
        INSERT INTO own_captions (photo_id, rank, text, written_at) VALUES (1, 0, 'my words', 5);
        INSERT INTO documents (photo_id, own, tags, generated, names) VALUES (1, 'my words', '', '', 'a');
      `);
    });
    const library = await openLibrary({ folder, mode: 'write', now: 77 });
    const claimed = await library.db.claimPhotos({ wanted, together: true, limit: 5, now: 78 });
    const found = await library.db.searchWords({ text: 'words', limit: 5 });
    await library.close();
    expect(claimed).toEqual([
      {
        photoId: 1,
        sha256: factsOf('bytes').sha256,
        path: path.join('/pictures', 'a.jpg'),
        stages: ['look', 'caption', 'own'],
        ownCaptions: ['my words'],
      },
    ]);
    expect(found.photoIds).toEqual([1]);
    const [copied, proof, ...others] = readdirSync(path.join(folder, 'backups'));
    expect([copied, proof, others]).toEqual([
      'library-000001-format-20-1970-01-01T00-00-00.db',
      'library-000001-format-20-1970-01-01T00-00-00.json',
      [],
    ]);
    const copy = openForReading(path.join(folder, 'backups', copied ?? ''));
    const kept = {
      version: schemaVersion(copy),
      captions: copy.prepare('SELECT text FROM own_captions').pluck().all(),
    };
    copy.close();
    expect(kept).toEqual({ version: 20, captions: ['my words'] });
  });

  it('shows the photos that were there, with what is known of their pictures, and no work anew', async () => {
    const folder = temporaryFolder();
    await withDatabase(path.join(folder, 'library.db'), async (db) => {
      await migrate(db, librarySteps.slice(0, 4), noBackUp);
      db.exec(`
        INSERT INTO library (id, uid, created_at) VALUES (1, 'old', 5);
        INSERT INTO folders (path, added_at) VALUES ('/pictures', 5);
        INSERT INTO photos (sha256, size_bytes, width, height, orientation, taken_at, newest, added_at, present_files) VALUES
          (randomblob(32), 5, 400, 300, 6, '2001-02-03T04:05:06', 981173106000, 5, 0),
          (randomblob(32), 5, NULL, NULL, NULL, NULL, 0, 5, 0),
          (randomblob(32), 5, 400, 300, 1, NULL, 981173106000, 5, 0);
        INSERT INTO files (folder_id, rel_path, photo_id, size_bytes, mtime_ms, inode, scan_id, state, added_at, missing_since)
          VALUES (1, 'a.jpg', 1, 5, 1, '', 1, 'known', 5, NULL), (1, 'b.jpg', 2, 5, 1, '', 1, 'known', 5, NULL),
            (1, 'gone.jpg', 3, 5, 1, '', 1, 'known', 5, 6);
        UPDATE jobs SET state = 'done', version = '${wanted[0]?.version}' WHERE photo_id = 1 AND stage = 'look';
      `);
    });
    const thumbnails = path.join(folder, 'thumbnails.db');
    const store = openForWriting(thumbnails, 1_000);
    await migrate(store, thumbnailSteps, noBackUp);
    store.exec(`
      INSERT INTO source (id, library_uid) VALUES (1, 'old');
      INSERT INTO thumbnails (photo_id, width, height, format, bytes) VALUES (1, 3, 4, 'webp', x'01')`);
    store.close();
    const library = await openLibrary({ folder, mode: 'write', now: 77 });
    const packed = await library.db.timelineColumns();
    const { ids, days, ratios, flags } = unpackTimeline(packed.slice().buffer);
    const uncoloured = await library.db.thumbnailsWithoutColour({ limit: 9 });
    const claimed = await library.db.claimPhotos({ wanted: wanted.slice(0, 1), together: true, limit: 5, now: 78 });
    await library.close();
    expect({ ids: [...ids], days: [...days], ratios: [...ratios], flags: [...flags] }).toEqual({
      ids: [1, 2],
      days: [Date.parse('2001-02-03') / 86_400_000, undatedDay],
      ratios: [750, 1000],
      flags: [0, timelineFlags.waiting],
    });
    expect(uncoloured.map(({ photoId }) => photoId)).toEqual([1]);
    expect(claimed.map(({ photoId }) => photoId)).toEqual([2]);
  });
});
