// Statements of a folder scan: what was seen, what has gone. Library thread.
import type { ReadDb } from '../open-database.ts';

interface SeenColumns {
  readonly id: number;
  readonly photo_id: number | null;
  readonly size_bytes: number;
  readonly mtime_ms: number;
  readonly inode: string;
  readonly missing_since: number | null;
}

/** A file as a walk sees it. */
export interface SeenFile {
  readonly relPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: string;
}

export type SeenAs = 'added' | 'changed' | 'unchanged';

const unreadSql = `excluded = 0, ignored = 0, state = 'new', attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL`;

export const fileScanSql = {
  byPath:
    'SELECT id, photo_id, size_bytes, mtime_ms, inode, missing_since FROM files WHERE folder_id = ? AND rel_path = ?',
  markMissing: `
    UPDATE files SET missing_since = :now
    WHERE folder_id = :folderId AND missing_since IS NULL AND scan_id <> :scanId
      AND NOT EXISTS (
        SELECT 1 FROM json_each(:unreadable) AS below
        WHERE below.value IN ('', '.') OR substr(rel_path, 1, length(below.value) + 1) = below.value || '/'
      )
    RETURNING photo_id`,
  paths:
    'SELECT id, photo_id AS photoId, rel_path AS relPath, excluded, missing_since IS NULL AS present FROM files WHERE folder_id = ?',
};

/** A file's place in its folder, and whether it is there. */
export interface FilePath {
  readonly id: number;
  readonly photoId: number | null;
  readonly relPath: string;
  readonly excluded: number;
  readonly present: number;
}

export function fileScanStatements(db: ReadDb) {
  const byPath = db.prepare<[number, string], SeenColumns>(fileScanSql.byPath);
  const insert = db.prepare<[number, string, number, number, string, number, number]>(
    `INSERT INTO files (folder_id, rel_path, size_bytes, mtime_ms, inode, scan_id, added_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const touch = db.prepare<[number, number]>('UPDATE files SET scan_id = ? WHERE id = ?');
  // What could not be read before it went missing is worth another look now that it is back.
  const comeBack = db.prepare<[number, number]>(
    `UPDATE files SET scan_id = ?, missing_since = NULL, excluded = 0,
       state = CASE WHEN state = 'failed' AND error_code GLOB 'fs/*' THEN 'new' ELSE state END
     WHERE id = ?`,
  );
  const change = db.prepare<[number, number, string, number, number]>(
    `UPDATE files SET size_bytes = ?, mtime_ms = ?, inode = ?, scan_id = ?, missing_since = NULL, ${unreadSql} WHERE id = ?`,
  );
  const missing = db
    .prepare<[{ now: number; folderId: number; scanId: number; unreadable: string }], number | null>(
      fileScanSql.markMissing,
    )
    .pluck();
  const paths = db.prepare<[number], FilePath>(fileScanSql.paths);
  return {
    /** All files of a folder, in no order. */
    paths: (folderId: number): FilePath[] => paths.all(folderId),
    /** Upserts one seen file. `returnedPhoto` is set where a missing file of that photo is back. */
    see(
      folderId: number,
      scanId: number,
      file: SeenFile,
      now: number,
    ): { as: SeenAs; returnedPhoto: number | undefined } {
      const row = byPath.get(folderId, file.relPath);
      if (!row) {
        insert.run(folderId, file.relPath, file.sizeBytes, file.mtimeMs, file.inode, scanId, now);
        return { as: 'added', returnedPhoto: undefined };
      }
      const returned = row.missing_since === null ? undefined : (row.photo_id ?? undefined);
      const same = row.size_bytes === file.sizeBytes && row.mtime_ms === file.mtimeMs && row.inode === file.inode;
      if (!same) change.run(file.sizeBytes, file.mtimeMs, file.inode, scanId, row.id);
      else if (row.missing_since === null) touch.run(scanId, row.id);
      else comeBack.run(scanId, row.id);
      return { as: same ? 'unchanged' : 'changed', returnedPhoto: returned };
    },
    /** Marks what this scan did not see as missing, but for what lies below unreadable folders; the photos of the files that went. */
    markMissing(folderId: number, scanId: number, unreadable: readonly string[], now: number): (number | null)[] {
      return missing.all({ now, folderId, scanId, unreadable: JSON.stringify(unreadable) });
    },
  };
}
