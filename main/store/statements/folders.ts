// Statements about registered folders. Library thread.
import type { ReadDb } from '../open-database.ts';

interface FolderColumns {
  readonly id: number;
  readonly path: string;
  readonly added_at: number;
}

/** A registered folder as the rest of the program sees it. */
export interface StoredFolder {
  readonly id: number;
  readonly path: string;
  readonly addedAt: number;
}

export function folderStatements(db: ReadDb) {
  const byPath = db.prepare<[string], FolderColumns>('SELECT id, path, added_at FROM folders WHERE path = ?');
  const all = db.prepare<[], FolderColumns>('SELECT id, path, added_at FROM folders ORDER BY path');
  const insert = db.prepare<[string, number], FolderColumns>(
    'INSERT INTO folders (path, added_at) VALUES (?, ?) RETURNING id, path, added_at',
  );
  return {
    folderAt(path: string): StoredFolder | undefined {
      const row = byPath.get(path);
      return row && toFolder(row);
    },
    folders: (): StoredFolder[] => all.all().map(toFolder),
    insertFolder: (path: string, now: number): StoredFolder => toFolder(insert.get(path, now) as FolderColumns),
  };
}

function toFolder(row: FolderColumns): StoredFolder {
  return { id: row.id, path: row.path, addedAt: row.added_at };
}
