// Statements that count and list what is done, left and failed. Library thread.
import type { ReadDb } from '../open-database.ts';
import { inFolders } from './filters.ts';

export interface FolderFiles {
  readonly folderId: number;
  readonly files: number;
  /** Gone, and not by an exclude pattern. */
  readonly missing: number;
  /** Present files whose content is known. */
  readonly photos: number;
}

export interface FailureColumns {
  readonly folderPath: string;
  readonly relPath: string;
  readonly code: string;
  readonly message: string;
}

export interface OutcomeColumns {
  readonly files: number;
  readonly indexed: number;
  readonly failed: number;
}

/** A stage and the version it is asked for. */
export interface Wanted {
  readonly stage: string;
  readonly version: string;
}

// A stored outcome of another version is none.
const unlike = `NOT (j.state IN ('done', 'failed') AND j.version = w.value ->> 'version')`;
const wantedJobs = `FROM json_each(:wanted) w JOIN jobs j ON j.stage = w.value ->> 'stage'`;

export const reportSql = {
  folderFiles: `
    SELECT folder_id AS folderId, sum(missing_since IS NULL) AS files, sum(missing_since IS NOT NULL AND NOT excluded) AS missing,
      sum(missing_since IS NULL AND photo_id IS NOT NULL) AS photos
    FROM files GROUP BY folder_id`,
  livePhotos: 'SELECT count(*) FROM photos WHERE present_files > 0',
  done: `SELECT count(*) FROM jobs WHERE stage = ? AND state = 'done' AND live = 1`,
  doneAtVersion: `SELECT count(*) FROM jobs WHERE stage = ? AND state = 'done' AND live = 1 AND version = ?`,
  left: `SELECT count(*) FROM jobs WHERE stage = ? AND state IN ('ready', 'waiting', 'running') AND live = 1`,
  photosLeft: `
    SELECT count(DISTINCT photo_id) FROM jobs
    WHERE stage IN (SELECT value FROM json_each(?)) AND state IN ('ready', 'waiting', 'running') AND live = 1`,
  leftAtVersion: `SELECT count(*) ${wantedJobs} WHERE j.live = 1 AND ${unlike}`,
  photosLeftAtVersion: `SELECT count(DISTINCT j.photo_id) ${wantedJobs} WHERE j.live = 1 AND ${unlike}`,
  /** Present files whose content is not known, or whose photo has work left of the given stages. */
  leftByFolder: `
    SELECT folderId, count(*) AS pending FROM (
      SELECT folder_id AS folderId FROM files INDEXED BY files_new WHERE state = 'new' AND missing_since IS NULL
      UNION ALL SELECT folder_id FROM files INDEXED BY files_waiting WHERE state = 'waiting' AND missing_since IS NULL
      UNION ALL SELECT folder_id FROM files INDEXED BY files_running WHERE state = 'running' AND missing_since IS NULL
      UNION ALL SELECT folder_id FROM (
        SELECT DISTINCT f.id, f.folder_id FROM jobs j CROSS JOIN files f ON f.photo_id = j.photo_id
        WHERE j.stage IN (SELECT value FROM json_each(?)) AND j.state IN ('ready', 'waiting', 'running') AND j.live = 1
          AND f.missing_since IS NULL AND f.state IN ('known', 'failed')
      )
    ) GROUP BY folderId`,
  // By state, so that each count reads its own small index.
  unidentified: `
    SELECT (SELECT count(*) FROM files WHERE state = 'new' AND missing_since IS NULL)
      + (SELECT count(*) FROM files WHERE state = 'waiting' AND missing_since IS NULL)
      + (SELECT count(*) FROM files WHERE state = 'running' AND missing_since IS NULL)`,
  failedFiles: `SELECT count(*) FROM files WHERE state = 'failed' AND missing_since IS NULL`,
  failedPhotos: `SELECT count(DISTINCT photo_id) FROM jobs WHERE state = 'failed' AND live = 1`,
  failures: `
    SELECT d.path AS folderPath, f.rel_path AS relPath, f.error_code AS code, f.error_message AS message
    FROM files f JOIN folders d ON d.id = f.folder_id
    WHERE f.state = 'failed' AND f.missing_since IS NULL AND ${inFolders('f.folder_id', ':folderIds')}
    UNION ALL
    SELECT folderPath, relPath, code, message FROM (
      SELECT d.path AS folderPath, f.rel_path AS relPath, j.error_code AS code, j.error_message AS message,
        min(CASE j.stage WHEN 'look' THEN 0 WHEN 'caption' THEN 1 ELSE 2 END)
      FROM jobs j CROSS JOIN files f ON f.photo_id = j.photo_id JOIN folders d ON d.id = f.folder_id
      WHERE j.state = 'failed' AND j.live = 1 AND f.missing_since IS NULL AND ${inFolders('f.folder_id', ':folderIds')}
      GROUP BY f.id
    )
    ORDER BY folderPath, relPath LIMIT :limit`,
  // Of each file's photo, the worst of the wanted stages: 2 failed, 1 left to do, 0 done. `:versions` is an object of versions by stage.
  outcome: `
    SELECT count(*) AS files, coalesce(sum(failed OR worst = 2), 0) AS failed,
      coalesce(sum(known AND NOT failed AND worst = 0), 0) AS indexed
    FROM (
      SELECT f.state = 'known' AS known, f.state = 'failed' AS failed, (
        SELECT coalesce(max(CASE WHEN j.version IS NOT :versions ->> j.stage THEN 1 WHEN j.state = 'failed' THEN 2 ELSE j.state <> 'done' END), 0)
        FROM jobs j WHERE j.photo_id = f.photo_id AND :versions ->> j.stage IS NOT NULL
      ) AS worst
      FROM files f WHERE f.missing_since IS NULL AND ${inFolders('f.folder_id', ':folderIds')}
    )`,
  photoFailure: `
    SELECT error_code AS code, error_message AS message FROM jobs
    WHERE photo_id = ? AND state = 'failed'
    ORDER BY CASE stage WHEN 'look' THEN 0 WHEN 'caption' THEN 1 ELSE 2 END LIMIT 1`,
};

export function reportStatements(db: ReadDb) {
  const folderFiles = db.prepare<[], FolderFiles>(reportSql.folderFiles);
  const failures = db.prepare<[{ folderIds: string; limit: number }], FailureColumns>(reportSql.failures);
  const outcome = db.prepare<[{ folderIds: string; versions: string }], OutcomeColumns>(reportSql.outcome);
  const photoFailure = db.prepare<[number], { code: string; message: string }>(reportSql.photoFailure);
  const leftByFolder = db.prepare<[string], { folderId: number; pending: number }>(reportSql.leftByFolder);
  const plain = (sql: string) => {
    const statement = db.prepare<[], number>(sql).pluck();
    return (): number => statement.get() ?? 0;
  };
  return {
    ...pendingStatements(db),
    folderFiles: (): FolderFiles[] => folderFiles.all(),
    leftByFolder: (stages: readonly string[]) => leftByFolder.all(JSON.stringify(stages)),
    livePhotos: plain(reportSql.livePhotos),
    unidentified: plain(reportSql.unidentified),
    failedFiles: plain(reportSql.failedFiles),
    failedPhotos: plain(reportSql.failedPhotos),
    /** Failed files, and the present files of failed photos, by path. */
    failures: (folderIds: readonly number[], limit: number): FailureColumns[] =>
      failures.all({ folderIds: JSON.stringify(folderIds), limit }),
    /** Of the folders' present files (all folders where empty). */
    outcome: (folderIds: readonly number[], wanted: readonly Wanted[]): OutcomeColumns =>
      outcome.get({
        folderIds: JSON.stringify(folderIds),
        versions: JSON.stringify(Object.fromEntries(wanted.map(({ stage, version }) => [stage, version]))),
      }) as OutcomeColumns,
    photoFailure: (photoId: number) => photoFailure.get(photoId),
  };
}

/** Each question has a form that reads the queue's index alone, for versions that the queue is at, and one that looks at every row. */
function pendingStatements(db: ReadDb) {
  const done = db.prepare<[string], number>(reportSql.done).pluck();
  const doneAt = db.prepare<[string, string], number>(reportSql.doneAtVersion).pluck();
  const left = db.prepare<[string], number>(reportSql.left).pluck();
  const leftAt = db.prepare<[{ wanted: string }], number>(reportSql.leftAtVersion).pluck();
  const photosLeft = db.prepare<[string], number>(reportSql.photosLeft).pluck();
  const photosLeftAt = db.prepare<[{ wanted: string }], number>(reportSql.photosLeftAtVersion).pluck();
  const version = db.prepare<[string], string>('SELECT version FROM stages WHERE stage = ?').pluck();
  const isCurrent = (wanted: Wanted): boolean => version.get(wanted.stage) === wanted.version;
  return {
    /** Live photos that have the stage at this version. */
    done: (wanted: Wanted): number =>
      (isCurrent(wanted) ? done.get(wanted.stage) : doneAt.get(wanted.stage, wanted.version)) ?? 0,
    /** Live photos that lack the stage and have not failed it. */
    left: (wanted: Wanted): number =>
      (isCurrent(wanted) ? left.get(wanted.stage) : leftAt.get({ wanted: JSON.stringify([wanted]) })) ?? 0,
    /** Live photos that lack any of the stages. */
    photosLeft: (wanted: readonly Wanted[]): number =>
      (wanted.every(isCurrent)
        ? photosLeft.get(JSON.stringify(wanted.map((stage) => stage.stage)))
        : photosLeftAt.get({ wanted: JSON.stringify(wanted) })) ?? 0,
  };
}
