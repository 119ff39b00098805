// Statements about failed files as a person sees them: listed, tried again, ignored. Library thread.
import type { ReadDb } from '../open-database.ts';

export interface FailedRow {
  readonly fileId: number;
  readonly photoId: number | null;
  readonly folderPath: string;
  readonly relPath: string;
  readonly code: string;
  readonly message: string;
}

// A file that was read may belong to a photo that failed; one row a file, the first stage's reason.
const failedFiles = `
  SELECT f.id AS fileId, f.photo_id AS photoId, d.path AS folderPath, f.rel_path AS relPath, f.error_code AS code, f.error_message AS message,
    f.folder_id AS folderId
  FROM files f JOIN folders d ON d.id = f.folder_id
  WHERE f.state = 'failed' AND f.missing_since IS NULL AND f.ignored = 0
  UNION ALL
  SELECT fileId, photoId, folderPath, relPath, code, message, folderId FROM (
    SELECT f.id AS fileId, f.photo_id AS photoId, d.path AS folderPath, f.rel_path AS relPath, j.error_code AS code, j.error_message AS message,
      f.folder_id AS folderId, min(CASE j.stage WHEN 'look' THEN 0 WHEN 'caption' THEN 1 ELSE 2 END)
    FROM jobs j CROSS JOIN files f ON f.photo_id = j.photo_id JOIN folders d ON d.id = f.folder_id
    WHERE j.state = 'failed' AND j.live = 1 AND f.missing_since IS NULL AND f.ignored = 0 AND f.state <> 'failed'
    GROUP BY f.id
  )`;

const named = 'SELECT value FROM json_each(:fileIds)';

export const failureSql = {
  list: `SELECT fileId, photoId, folderPath, relPath, code, message FROM (${failedFiles}) ORDER BY folderPath, relPath LIMIT ?`,
  countByFolder: `SELECT folderId, count(*) AS failed FROM (${failedFiles}) GROUP BY folderId`,
  retryFiles: `
    UPDATE files SET state = 'new', ignored = 0, attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE id IN (${named}) AND state = 'failed'`,
  clearIgnored: `UPDATE files SET ignored = 0 WHERE id IN (${named}) AND ignored = 1`,
  retryPhotos: `
    UPDATE jobs SET state = 'ready', attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE state = 'failed' AND photo_id IN (SELECT photo_id FROM files WHERE id IN (${named}))`,
  ignore: `UPDATE files SET ignored = :ignored WHERE id IN (${named})`,
};

export function failureStatements(db: ReadDb) {
  const list = db.prepare<[number], FailedRow>(failureSql.list);
  const countByFolder = db.prepare<[], { folderId: number; failed: number }>(failureSql.countByFolder);
  const retryFiles = db.prepare<[{ fileIds: string }]>(failureSql.retryFiles);
  const clearIgnored = db.prepare<[{ fileIds: string }]>(failureSql.clearIgnored);
  const retryPhotos = db.prepare<[{ fileIds: string }]>(failureSql.retryPhotos);
  const ignore = db.prepare<[{ fileIds: string; ignored: 0 | 1 }]>(failureSql.ignore);
  return {
    /** Not ignored ones, by path. */
    list: (limit: number): FailedRow[] => list.all(limit),
    countByFolder: () => countByFolder.all(),
    retry(fileIds: readonly number[]): void {
      const input = { fileIds: JSON.stringify(fileIds) };
      retryPhotos.run(input);
      retryFiles.run(input);
      clearIgnored.run(input);
    },
    ignore(fileIds: readonly number[], ignored: boolean): void {
      ignore.run({ fileIds: JSON.stringify(fileIds), ignored: ignored ? 1 : 0 });
    },
  };
}
