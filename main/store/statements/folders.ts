// Statements about registered folders. Library thread.
import type { ReadDb } from '../open-database.ts';

interface FolderColumns {
  readonly id: number;
  readonly path: string;
  readonly added_at: number;
  readonly exclude: string;
  readonly offline: number;
  readonly removed_at: number | null;
  readonly restoring_at: number | null;
}

/** A folder as the rest of the program sees it. */
export interface StoredFolder {
  readonly id: number;
  readonly path: string;
  readonly addedAt: number;
  readonly exclude: readonly string[];
}

export interface FolderState extends StoredFolder {
  readonly isOffline: boolean;
  /** Epoch milliseconds; null while it is registered. */
  readonly removedAt: number | null;
}

const columns = 'id, path, added_at, exclude, offline, removed_at, restoring_at';

export const folderSql = {
  hideFiles: `
    UPDATE files SET missing_since = :at WHERE id IN (
      SELECT id FROM files WHERE folder_id = :id AND missing_since IS NULL LIMIT :limit
    ) RETURNING photo_id`,
  returnFiles: `
    UPDATE files SET missing_since = NULL WHERE id IN (
      SELECT id FROM files WHERE folder_id = :id AND missing_since = :at LIMIT :limit
    ) RETURNING photo_id`,
  hideExcluded: `
    UPDATE files SET missing_since = :now WHERE id IN (
      SELECT id FROM files INDEXED BY files_leaving WHERE excluded = 1 AND missing_since IS NULL LIMIT :limit
    ) RETURNING photo_id`,
  returnIncluded: `
    UPDATE files SET missing_since = NULL, excluded = 0 WHERE id IN (SELECT id FROM files INDEXED BY files_returning WHERE excluded = 2 LIMIT :limit)
    RETURNING photo_id`,
  mark: 'UPDATE files SET excluded = :mark WHERE id IN (SELECT value FROM json_each(:fileIds))',
  // The words of their names change with what leaves and returns; of a photo with one file, which nothing else touched, they are still right.
  copies: `
    SELECT p.id FROM json_each(?) asked JOIN photos p ON p.id = asked.value
    WHERE p.present_files > 0 AND (SELECT count(*) FROM (SELECT 1 FROM files f WHERE f.photo_id = p.id LIMIT 2)) > 1`,
};

export function folderStatements(db: ReadDb) {
  const byPath = db.prepare<[string], FolderColumns>(`SELECT ${columns} FROM folders WHERE path = ?`);
  const byId = db.prepare<[number], FolderColumns>(`SELECT ${columns} FROM folders WHERE id = ?`);
  const all = db.prepare<[], FolderColumns>(`SELECT ${columns} FROM folders WHERE removed_at IS NULL ORDER BY path`);
  const insert = db.prepare<[string, number], FolderColumns>(
    `INSERT INTO folders (path, added_at) VALUES (?, ?) RETURNING ${columns}`,
  );
  const remove = db.prepare<[number, number]>(
    'UPDATE folders SET removed_at = coalesce(restoring_at, ?), restoring_at = NULL WHERE id = ? AND removed_at IS NULL',
  );
  const restore = db.prepare<[number]>(
    'UPDATE folders SET restoring_at = removed_at, removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL',
  );
  const setExclude = db.prepare<[string, number]>('UPDATE folders SET exclude = ? WHERE id = ?');
  const setOffline = db.prepare<[string]>(
    'UPDATE folders SET offline = NOT offline WHERE offline <> (id IN (SELECT value FROM json_each(?)))',
  );
  return {
    ...settlingStatements(db),
    /** Also a removed one. */
    folderAt: (path: string): FolderState | undefined => stateOf(byPath.get(path)),
    /** Also a removed one. */
    folder: (id: number): FolderState | undefined => stateOf(byId.get(id)),
    /** Registered ones, by path. */
    folders: (): FolderState[] => all.all().map(toState),
    insertFolder: (path: string, now: number): StoredFolder => toFolder(insert.get(path, now) as FolderColumns),
    /** Files leave by `settle`. Undoes a `restore` that is under way. */
    remove(id: number, now: number): void {
      remove.run(now, id);
    },
    /** Files come back by `settle`. */
    restore(id: number): void {
      restore.run(id);
    },
    setExclude(id: number, patterns: readonly string[]): void {
      setExclude.run(JSON.stringify(patterns), id);
    },
    /** Marks exactly these folders as away. */
    setOffline(ids: readonly number[]): void {
      setOffline.run(JSON.stringify(ids));
    },
  };
}

/** Files that leave with a folder or a pattern, or come back, a portion at a time. */
function settlingStatements(db: ReadDb) {
  const unsettled = db.prepare<[], Pick<FolderColumns, 'id' | 'removed_at' | 'restoring_at'>>(
    'SELECT id, removed_at, restoring_at FROM folders WHERE removed_at IS NOT NULL OR restoring_at IS NOT NULL',
  );
  const restored = db.prepare<[number]>('UPDATE folders SET restoring_at = NULL WHERE id = ?');
  const hideFiles = db.prepare<[{ id: number; at: number; limit: number }], number | null>(folderSql.hideFiles).pluck();
  const returnFiles = db
    .prepare<[{ id: number; at: number; limit: number }], number | null>(folderSql.returnFiles)
    .pluck();
  const hideExcluded = db.prepare<[{ now: number; limit: number }], number | null>(folderSql.hideExcluded).pluck();
  const returnIncluded = db.prepare<[{ limit: number }], number | null>(folderSql.returnIncluded).pluck();
  const mark = db.prepare<[{ mark: number; fileIds: string }]>(folderSql.mark);
  const copies = db.prepare<[string], number>(folderSql.copies).pluck();
  return {
    /** `excluded` as in the schema; files leave and come back by `settle`. */
    markFiles(fileIds: readonly number[], as: 0 | 1 | 2): void {
      mark.run({ mark: as, fileIds: JSON.stringify(fileIds) });
    },
    /** Photos of the next files to leave or come back, at most `limit`; none where all is settled. */
    settle(limit: number, now: number): (number | null)[] {
      for (const { id, removed_at, restoring_at } of unsettled.all()) {
        const photos =
          removed_at === null
            ? returnFiles.all({ id, at: restoring_at ?? 0, limit })
            : hideFiles.all({ id, at: removed_at, limit });
        if (photos.length > 0) return photos;
        if (restoring_at !== null) restored.run(id);
      }
      const gone = hideExcluded.all({ now, limit });
      return gone.length > 0 ? gone : returnIncluded.all({ limit });
    },
    /** Those of the photos that are live and have more than one file. */
    copies: (photoIds: readonly number[]): number[] => copies.all(JSON.stringify(photoIds)),
  };
}

function stateOf(row: FolderColumns | undefined): FolderState | undefined {
  return row && toState(row);
}

function toState(row: FolderColumns): FolderState {
  return { ...toFolder(row), isOffline: row.offline === 1, removedAt: row.removed_at };
}

function toFolder(row: FolderColumns): StoredFolder {
  return { id: row.id, path: row.path, addedAt: row.added_at, exclude: JSON.parse(row.exclude) as string[] };
}
