// Statements about registered folders. Library thread.
import type { ReadDb } from '../open-database.ts';

interface FolderColumns {
  readonly id: number;
  readonly path: string;
  readonly added_at: number;
  readonly exclude: string;
  readonly offline: number;
  readonly removed_at: number | null;
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

const columns = 'id, path, added_at, exclude, offline, removed_at';

export const folderSql = {
  hideFiles: 'UPDATE files SET missing_since = :at WHERE folder_id = :id AND missing_since IS NULL',
  returnFiles: 'UPDATE files SET missing_since = NULL WHERE folder_id = :id AND missing_since = :at',
  /** Live photos with a file of the folder and another elsewhere: the words of their names change with the folder. */
  copies: `
    SELECT DISTINCT f.photo_id FROM files f JOIN photos p ON p.id = f.photo_id
    WHERE f.folder_id = ? AND p.present_files > 0
      AND EXISTS (SELECT 1 FROM files o WHERE o.photo_id = f.photo_id AND o.folder_id <> f.folder_id AND o.missing_since IS NULL)`,
};

export function folderStatements(db: ReadDb) {
  const byPath = db.prepare<[string], FolderColumns>(`SELECT ${columns} FROM folders WHERE path = ?`);
  const byId = db.prepare<[number], FolderColumns>(`SELECT ${columns} FROM folders WHERE id = ?`);
  const all = db.prepare<[], FolderColumns>(`SELECT ${columns} FROM folders WHERE removed_at IS NULL ORDER BY path`);
  const insert = db.prepare<[string, number], FolderColumns>(
    `INSERT INTO folders (path, added_at) VALUES (?, ?) RETURNING ${columns}`,
  );
  const setRemoved = db.prepare<[number | null, number]>('UPDATE folders SET removed_at = ? WHERE id = ?');
  const setExclude = db.prepare<[string, number]>('UPDATE folders SET exclude = ? WHERE id = ?');
  const setOffline = db.prepare<[string]>(
    'UPDATE folders SET offline = NOT offline WHERE offline <> (id IN (SELECT value FROM json_each(?)))',
  );
  const hideFiles = db.prepare<[{ id: number; at: number }]>(folderSql.hideFiles);
  const returnFiles = db.prepare<[{ id: number; at: number }]>(folderSql.returnFiles);
  const copies = db.prepare<[number], number>(folderSql.copies).pluck();
  return {
    /** Also a removed one. */
    folderAt: (path: string): FolderState | undefined => stateOf(byPath.get(path)),
    /** Also a removed one. */
    folder: (id: number): FolderState | undefined => stateOf(byId.get(id)),
    /** Registered ones, by path. */
    folders: (): FolderState[] => all.all().map(toState),
    insertFolder: (path: string, now: number): StoredFolder => toFolder(insert.get(path, now) as FolderColumns),
    /** @returns live photos that have files elsewhere too. */
    remove(id: number, now: number): number[] {
      setRemoved.run(now, id);
      hideFiles.run({ id, at: now });
      return copies.all(id);
    },
    /** @returns live photos that have files elsewhere too. */
    restore(id: number, removedAt: number): number[] {
      setRemoved.run(null, id);
      returnFiles.run({ id, at: removedAt });
      return copies.all(id);
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

function stateOf(row: FolderColumns | undefined): FolderState | undefined {
  return row && toState(row);
}

function toState(row: FolderColumns): FolderState {
  return { ...toFolder(row), isOffline: row.offline === 1, removedAt: row.removed_at };
}

function toFolder(row: FolderColumns): StoredFolder {
  return { id: row.id, path: row.path, addedAt: row.added_at, exclude: JSON.parse(row.exclude) as string[] };
}
