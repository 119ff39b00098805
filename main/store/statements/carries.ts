// Statements about edited files whose words wait to go with them. Library thread.
import type { ReadDb } from '../open-database.ts';

/** An edit of which it is sure where its old content lies. */
export interface SureCarry {
  readonly fileId: number;
  readonly from: number;
  readonly to: number;
  /** The file still holds the new content. */
  readonly isStill: number;
  /** Another file holds the old content. */
  readonly isElsewhere: number;
}

export const carrySql = {
  // Only a file of the old content's size can turn out to hold it. One that cannot be reached may be read in months, or never; were it the old content, that
  // has kept its words as well.
  sure: `
    SELECT c.file_id AS fileId, c.from_photo AS "from", c.to_photo AS "to", f.photo_id = c.to_photo AND f.missing_since IS NULL AS isStill,
      p.present_files > 0 AS isElsewhere
    FROM carries c JOIN files f ON f.id = c.file_id JOIN photos p ON p.id = c.from_photo
    WHERE NOT EXISTS (SELECT 1 FROM files o INDEXED BY files_new_by_size WHERE o.state = 'new' AND o.missing_since IS NULL AND o.size_bytes = p.size_bytes
        AND o.held = 0 AND EXISTS (SELECT 1 FROM folders d WHERE d.id = o.folder_id AND d.offline = 0 AND d.removed_at IS NULL))
      AND NOT EXISTS (SELECT 1 FROM files o INDEXED BY files_running WHERE o.state = 'running' AND o.size_bytes = p.size_bytes)`,
};

export function carryStatements(db: ReadDb) {
  const note = db.prepare<[number, number, number]>(
    'INSERT OR REPLACE INTO carries (file_id, from_photo, to_photo) VALUES (?, ?, ?)',
  );
  const waiting = db
    .prepare<[number, number], number>('SELECT from_photo FROM carries WHERE file_id = ? AND to_photo = ?')
    .pluck();
  const sure = db.prepare<[], SureCarry>(carrySql.sure);
  const drop = db.prepare<[number]>('DELETE FROM carries WHERE file_id = ?');
  const was = db.prepare<[number], number>('SELECT was FROM edits WHERE photo_id = ?').pluck();
  const edit = db.prepare<[number, number]>('INSERT OR REPLACE INTO edits (photo_id, was) VALUES (?, ?)');
  return {
    note(fileId: number, from: number, to: number): void {
      note.run(fileId, from, to);
    },
    /** Whose words wait to go to what this file held until now. */
    waiting: (fileId: number, to: number): number | undefined => waiting.get(fileId, to),
    sure: (): SureCarry[] => sure.all(),
    drop(fileId: number): void {
      drop.run(fileId);
    },
    /** What an edited photo was before. */
    was: (photoId: number): number | undefined => was.get(photoId),
    noteEdit(photoId: number, before: number): void {
      edit.run(photoId, before);
    },
  };
}
