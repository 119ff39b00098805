// What lies in a library and in a folder, in a form that two moments can be compared by. Test processes.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openForReading, type ReadDb } from '../../main/store/open-database.ts';

/** A folder that lasts as long as the test file; call it outside of tests, or inside of them. */
export function fileScopedFolders(): (name?: string) => string {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });
  return (name) => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'photoseek-cli-')));
    made.push(folder);
    return name === undefined ? folder : join(folder, name);
  };
}

/** Every file below a folder: path, hash of the bytes, size and time of change. A folder that is not there has none. */
export function folderState(folder: string): Record<string, string> {
  if (!existsSync(folder)) return { '.': 'absent' };
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    files.map((name) => {
      const stats = statSync(join(folder, name), { bigint: true });
      return [name, stats.isDirectory() ? 'folder' : `${hashOf(join(folder, name))} ${stats.size} ${stats.mtimeNs}`];
    }),
  );
}

export function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Opens the library's database to read, hands it over, and closes it. */
export function withLibrary<T>(library: string, read: (db: ReadDb) => T): T {
  const db = openForReading(join(library, 'library.db'));
  try {
    return read(db);
  } finally {
    db.close();
  }
}

/** Tables of what was found and made; times of opening and closing are no content. */
const contentTables = [
  'folders',
  'files',
  'photos',
  'own_captions',
  'generated_captions',
  'documents',
  'vectors',
  'vec_log',
  'jobs',
] as const;

/** A hash of every content table's rows. */
export function libraryRows(library: string): Record<string, string> {
  return withLibrary(library, (db) =>
    Object.fromEntries(
      contentTables.map((table) => {
        const rows = db.prepare<[], unknown[]>(`SELECT * FROM ${table}`).raw().all();
        return [table, `${rows.length} rows ${createHash('sha256').update(JSON.stringify(rows)).digest('hex')}`];
      }),
    ),
  );
}

/** Everything stored for photos by content hash, without ids and times: equal for two libraries of the same photos. */
export function storedResults(library: string): Record<string, string> {
  return withLibrary(library, (db) =>
    Object.fromEntries(
      db
        .prepare<[], { sha: string; captions: string; vectors: string }>(
          `SELECT lower(hex(p.sha256)) AS sha,
             (SELECT json_group_array(text) FROM (SELECT text FROM generated_captions c WHERE c.photo_id = p.id ORDER BY rank)) AS captions,
             (SELECT json_group_array(kind || ' ' || crc) FROM
               (SELECT s.kind, v.crc FROM vectors v JOIN vector_spaces s ON s.id = v.space_id WHERE v.photo_id = p.id ORDER BY s.kind)) AS vectors
           FROM photos p`,
        )
        .all()
        .map(({ sha, captions, vectors }) => [sha, `${captions} ${vectors}`]),
    ),
  );
}
