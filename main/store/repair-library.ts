// Mends a damaged library row by row: what is derived is dropped and made work to do again, what is not comes from a backup or is told. Library thread.
import { checkLibrary, type LibraryCheck } from './check-library.ts';
import { type ReadDb, type WriteDb, writing } from './open-database.ts';
import { acceptRow, isSoundRow, type RowDamage, rowAt } from './row-sums.ts';

export interface Repair {
  /** What was mended, in words. */
  readonly repaired: readonly string[];
  /** What could not be brought back, in words. */
  readonly lost: readonly string[];
  /** Photos whose searchable words are to be written anew. */
  readonly reworded: readonly number[];
}

/** Made from other rows, or by the models again. */
const derived: Readonly<Record<string, string>> = {
  gallery: 'what the gallery shows',
  documents: 'the words that photos are found by',
  vec_log: 'the log of vectors',
  jobs: 'the list of work',
  vectors: 'vectors',
  generated_captions: 'captions made by the models',
  photo_places: 'names of the places where photos were taken',
};

const named: Readonly<Record<string, string>> = {
  own_captions: 'a caption of yours',
  favourites: 'a favourite',
  settings: 'a setting',
  folders: 'a folder',
  photos: 'what is known of a photo',
  files: 'what is known of a file',
};

/**
 * @param check of this database, with a structure that can be worked on
 * @param backup a sound copy of the same format that knows `row_sum`, or null
 */
export function repairRows(db: WriteDb, check: LibraryCheck, backup: ReadDb | null): Repair {
  return writing(db, () => {
    db.pragma('defer_foreign_keys = ON');
    const repaired: string[] = [];
    const lost: string[] = [];
    const photos = new Set<number>();
    for (const { photoId, spaceId } of check.vectors) {
      db.prepare('DELETE FROM vectors WHERE photo_id = ? AND space_id = ?').run(photoId, spaceId);
      photos.add(photoId);
    }
    const counts = new Map<string, number>(check.vectors.length > 0 ? [['vectors', check.vectors.length]] : []);
    for (const damage of check.rows) {
      const { table, key } = damage;
      if (Object.hasOwn(derived, table)) {
        dropDerived(db, damage, photos);
        counts.set(table, (counts.get(table) ?? 0) + 1);
      } else if (backup && isSoundRow(backup, table, key) && takeFromBackup(db, backup, damage)) {
        repaired.push(`${named[table] ?? `a row of ${table}`} was taken from a backup (${String(key)})`);
      } else lost.push(acceptAsItIs(db, damage));
    }
    if (counts.size > 0) redo(db, photos);
    for (const [table, rows] of counts) repaired.push(`${derived[table]}: ${rows} dropped, and made again`);
    // Not all of its damage shows: where a disk changed one thing, it is made again in any case.
    if (check.words !== null || check.rows.length > 0) {
      db.exec("INSERT INTO document_words (document_words) VALUES ('rebuild')");
      repaired.push('the index of words was made again');
    }
    return { repaired, lost, reworded: [...photos] };
  });
}

/** Entries of an index that disagree with their table are made again; whatever else is wrong stays. */
export function repairIndexes(db: WriteDb): LibraryCheck {
  try {
    db.exec('REINDEX');
  } catch {
    // The table itself cannot be read: the check below says so.
  }
  return checkLibrary(db);
}

function dropDerived(db: WriteDb, damage: RowDamage, photos: Set<number>): void {
  const { table, key, what } = damage;
  const [photoId] = String(key).split('/').map(Number);
  if (table === 'vectors' || table === 'vec_log') {
    const column = table === 'vectors' ? 'id' : 'seq';
    const of = db.prepare<[unknown], number>(`SELECT photo_id FROM ${table} WHERE ${column} = ?`).pluck().get(key);
    if (of !== undefined) photos.add(of);
    db.prepare(`DELETE FROM ${table} WHERE ${column} = ?`).run(key);
  } else {
    if (photoId !== undefined && Number.isSafeInteger(photoId)) photos.add(photoId);
    db.prepare(`DELETE FROM ${table} WHERE photo_id = ?`).run(photoId);
  }
  // No trigger of a removal ran for a row that was gone already.
  if (what === 'lost') acceptRow(db, damage);
}

/** Brings everything that is derived of these photos, and of those that visibly lack it, back in or onto the list of work. */
function redo(db: WriteDb, photos: ReadonlySet<number>): void {
  const ids = JSON.stringify([...photos]);
  const run = (sql: string): void => void db.prepare(sql).run(...(sql.includes('?') ? [ids] : []));
  const asked = '(SELECT value FROM json_each(?))';
  run(`UPDATE jobs SET state = 'ready' WHERE state = 'done' AND photo_id IN ${asked}`);
  run(`UPDATE jobs SET state = 'ready' WHERE state = 'done' AND stage = 'look' AND NOT EXISTS (
    SELECT 1 FROM vectors v JOIN vector_spaces s ON s.id = v.space_id WHERE v.photo_id = jobs.photo_id AND s.kind = 'image')`);
  run(`UPDATE jobs SET state = 'ready' WHERE state = 'done' AND stage = 'caption'
    AND NOT EXISTS (SELECT 1 FROM generated_captions c WHERE c.photo_id = jobs.photo_id)`);
  for (const stage of ['look', 'caption'])
    run(
      `INSERT INTO jobs (photo_id, stage, live, priority) SELECT id, '${stage}', present_files > 0, newest FROM photos WHERE true ON CONFLICT DO NOTHING`,
    );
  run(`INSERT INTO jobs (photo_id, stage, live, priority) SELECT id, 'own', present_files > 0, newest FROM photos
    WHERE id IN (SELECT photo_id FROM own_captions) ON CONFLICT DO NOTHING`);
  run(`INSERT INTO vec_log (space_id, photo_id) SELECT v.space_id, v.photo_id FROM vectors v
    WHERE NOT EXISTS (SELECT 1 FROM vec_log l WHERE l.photo_id = v.photo_id AND l.space_id = v.space_id)`);
  // Leaving and coming back writes a photo's row of the gallery anew; the triggers know how.
  const shown = db
    .prepare<[string], { id: number; files: number }>(
      `SELECT id, present_files AS files FROM photos p WHERE present_files > 0
         AND (id IN ${asked} OR NOT EXISTS (SELECT 1 FROM gallery g WHERE g.photo_id = p.id))`,
    )
    .all(ids);
  const setFiles = db.prepare<[number, number]>('UPDATE photos SET present_files = ? WHERE id = ?');
  for (const { id, files } of shown) {
    setFiles.run(0, id);
    setFiles.run(files, id);
  }
  run('DELETE FROM gallery WHERE photo_id NOT IN (SELECT id FROM photos WHERE present_files > 0)');
}

/** @returns false where another row has the place of this one now, such as a file's path: nothing was changed then. */
function takeFromBackup(db: WriteDb, backup: ReadDb, damage: RowDamage): boolean {
  try {
    // Inside of another transaction it is one of its own, which is undone by itself.
    writing(db, () => putBack(db, backup, damage));
    return true;
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) return false;
    throw error;
  }
}

function putBack(db: WriteDb, backup: ReadDb, damage: RowDamage): void {
  const { table, key, what } = damage;
  const { condition, values } = rowAt(db, damage);
  const row =
    backup.prepare<unknown[], Record<string, unknown>>(`SELECT * FROM ${table} WHERE ${condition}`).get(...values) ??
    {};
  const columns = Object.keys(row);
  if (what === 'lost') {
    const places = columns.map(() => '?').join(', ');
    db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`).run(...Object.values(row));
  } else {
    const set = columns.map((column) => `${column} = ?`).join(', ');
    db.prepare(`UPDATE ${table} SET ${set} WHERE ${condition}`).run(...Object.values(row), ...values);
  }
  // The backup counted the files of its own time.
  if (table !== 'photos') return;
  db.prepare(
    'UPDATE photos SET present_files = (SELECT count(*) FROM files f WHERE f.photo_id = photos.id AND f.missing_since IS NULL) WHERE id = ?',
  ).run(key);
}

/** There is nothing better: the row stays as it can be read, and its file is read again where it has one. @returns what to tell. */
function acceptAsItIs(db: WriteDb, damage: RowDamage): string {
  const { table, key, what } = damage;
  acceptRow(db, damage);
  const again = `UPDATE files SET state = 'new' WHERE state <> 'new' AND ${table === 'files' ? 'id' : 'photo_id'} = ?`;
  if (table === 'files' || table === 'photos') db.prepare(again).run(key);
  const subject = named[table] ?? `a row of ${table}`;
  return what === 'lost'
    ? `${subject} is gone (${String(key)})`
    : `${subject} may have changed letters (${String(key)})`;
}
