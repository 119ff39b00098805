// Statements about the work to do on photos: claims, outcomes, strikes. Library thread.
import type { ReadDb } from '../open-database.ts';
import { inFolders, passingError } from './filters.ts';

/** What is known of a job when its outcome arrives. */
export interface JobInHand {
  readonly state: string;
  readonly attempts: number;
  readonly crashStrikes: number;
}

const restSql = `attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL`;

function retryOf(state: 'failed' | 'waiting'): string {
  return `
    UPDATE jobs SET state = 'ready', attempts = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE state = '${state}' AND ${passingError('error_code')} AND (
      json_array_length(:folderIds) = 0 OR
      EXISTS (SELECT 1 FROM files f WHERE f.photo_id = jobs.photo_id AND ${inFolders('f.folder_id', ':folderIds')})
    ) RETURNING photo_id`;
}

export const jobSql = {
  claim: `
    UPDATE jobs SET state = 'running' WHERE stage = :stage AND photo_id IN (
      SELECT photo_id FROM jobs AS j
      WHERE stage = :stage AND state = 'ready' AND live = 1
        AND EXISTS (
          SELECT 1 FROM files f JOIN folders d ON d.id = f.folder_id
          WHERE f.photo_id = j.photo_id AND f.state = 'known' AND f.missing_since IS NULL AND f.held = 0 AND d.offline = 0
        )
      ORDER BY priority DESC, photo_id DESC LIMIT :limit
    ) RETURNING photo_id, priority`,
  // The plus keeps the queue's index out: it would read all that is ready for a few photos.
  claimAlso: `
    UPDATE jobs SET state = 'running'
    WHERE stage = :stage AND +state = 'ready' AND photo_id IN (SELECT value FROM json_each(:photoIds))
    RETURNING photo_id`,
  due: `UPDATE jobs SET state = 'ready' WHERE state = 'waiting' AND not_before <= ?`,
  // Bytes that end the process do so whatever model would have looked at them.
  reopen: `
    UPDATE jobs SET state = 'ready', ${restSql}
    WHERE stage = :stage AND version <> :version AND state IN ('done', 'failed', 'waiting') AND error_code IS NOT 'decode/poison'`,
  carryPoison: `
    UPDATE jobs SET version = :version
    WHERE stage = :stage AND version <> :version AND state = 'failed' AND error_code = 'decode/poison'`,
  // Failed with its photo's other stages before any version of it was asked for: it has failed the first one.
  adopt: `UPDATE jobs SET version = :version WHERE stage = :stage AND state = 'failed' AND version = ''`,
  seed: `
    INSERT INTO jobs (photo_id, stage, live, priority)
    SELECT id, :stage, present_files > 0, newest FROM photos p
    WHERE NOT EXISTS (SELECT 1 FROM jobs j WHERE j.photo_id = p.id AND j.stage = :stage)
      AND (:stage <> 'own' OR EXISTS (SELECT 1 FROM own_captions c WHERE c.photo_id = p.id))`,
  // One statement for each state: together they would read every job there is.
  retryFailed: retryOf('failed'),
  retryWaiting: retryOf('waiting'),
  nextDue: `
    SELECT min(not_before) FROM jobs
    WHERE state = 'waiting' AND live = 1 AND stage IN (SELECT value FROM json_each(?))`,
  release: `UPDATE jobs SET state = 'ready' WHERE state = 'running' RETURNING photo_id`,
};

export function jobStatements(db: ReadDb) {
  const claim = db.prepare<[{ stage: string; limit: number }], { photo_id: number; priority: number }>(jobSql.claim);
  const claimAlso = db.prepare<[{ stage: string; photoIds: string }], number>(jobSql.claimAlso).pluck();
  const due = db.prepare<[number]>(jobSql.due);
  const release = db.prepare<[], number>(jobSql.release).pluck();
  const retryFailed = db.prepare<[{ folderIds: string }], number>(jobSql.retryFailed).pluck();
  const retryWaiting = db.prepare<[{ folderIds: string }], number>(jobSql.retryWaiting).pluck();
  const nextDue = db.prepare<[string], number | null>(jobSql.nextDue).pluck();
  const hasWork = db
    .prepare<[number], number>(
      `SELECT EXISTS (SELECT 1 FROM jobs WHERE photo_id = ? AND state IN ('ready', 'waiting', 'running'))`,
    )
    .pluck();
  return {
    /** Something of the photo is still to be done. */
    hasWork: (photoId: number): boolean => hasWork.get(photoId) === 1,
    ...jobOutcomeStatements(db),
    ...jobVersionStatements(db),
    /** Takes the newest photos that lack the stage in hand, newest first. */
    claim: (stage: string, limit: number): number[] =>
      claim
        .all({ stage, limit })
        .sort((a, b) => b.priority - a.priority || b.photo_id - a.photo_id)
        .map((row) => row.photo_id),
    /** Of the given photos, takes those that lack the stage in hand. */
    claimAlso: (stage: string, photoIds: readonly number[]): number[] =>
      claimAlso.all({ stage, photoIds: JSON.stringify(photoIds) }),
    /** Makes work whose wait is over claimable. */
    wake(now: number): void {
      due.run(now);
    },
    /** Returns all work in hand; the number of photos. */
    releaseAll: (): number => new Set(release.all()).size,
    retryPassing(folderIds: readonly number[]): number {
      const folders = { folderIds: JSON.stringify(folderIds) };
      return new Set([...retryFailed.all(folders), ...retryWaiting.all(folders)]).size;
    },
    nextDue: (stages: readonly string[]): number | null => nextDue.get(JSON.stringify(stages)) ?? null,
  };
}

function jobOutcomeStatements(db: ReadDb) {
  const inHand = db.prepare<[number, string], JobInHand>(
    'SELECT state, attempts, crash_strikes AS crashStrikes FROM jobs WHERE photo_id = ? AND stage = ?',
  );
  const finish = db.prepare<[string, string, number, string]>(
    `UPDATE jobs SET state = ?, version = ?, ${restSql} WHERE photo_id = ? AND stage = ?`,
  );
  const fail = db.prepare<[string, string, string, number, string]>(
    `UPDATE jobs SET state = 'failed', version = ?, error_code = ?, error_message = ? WHERE photo_id = ? AND stage = ?`,
  );
  const failIdle = db.prepare<[string, string, number]>(
    `UPDATE jobs SET state = 'failed', error_code = ?, error_message = ?,
       version = coalesce((SELECT s.version FROM stages s WHERE s.stage = jobs.stage), '')
     WHERE photo_id = ? AND stage IN ('look', 'caption') AND state IN ('ready', 'waiting')`,
  );
  const wait = db.prepare<[string, number, string, string, number, string]>(
    `UPDATE jobs SET state = 'waiting', version = ?, attempts = attempts + 1, not_before = ?, error_code = ?, error_message = ?
     WHERE photo_id = ? AND stage = ?`,
  );
  const strike = db.prepare<[number, string]>(
    `UPDATE jobs SET state = 'ready', crash_strikes = crash_strikes + 1 WHERE photo_id = ? AND stage = ?`,
  );
  return {
    inHand: (photoId: number, stage: string): JobInHand | undefined => inHand.get(photoId, stage),
    finish(photoId: number, stage: string, version: string, state: 'done' | 'ready'): void {
      finish.run(state, version, photoId, stage);
    },
    fail(photoId: number, stage: string, version: string, code: string, message: string): void {
      fail.run(version, code, message, photoId, stage);
    },
    /** Fails the stages that would read the same bad bytes again. */
    failOtherPictureStages(photoId: number, code: string, message: string): void {
      failIdle.run(code, message, photoId);
    },
    wait(photoId: number, stage: string, version: string, notBefore: number, code: string, message: string): void {
      wait.run(version, notBefore, code, message, photoId, stage);
    },
    strike(photoId: number, stage: string): void {
      strike.run(photoId, stage);
    },
  };
}

function jobVersionStatements(db: ReadDb) {
  const version = db.prepare<[string], string>('SELECT version FROM stages WHERE stage = ?').pluck();
  const setVersion = db.prepare<[string, string]>(
    'INSERT INTO stages (stage, version) VALUES (?, ?) ON CONFLICT (stage) DO UPDATE SET version = excluded.version',
  );
  const seed = db.prepare<[{ stage: string }]>(jobSql.seed);
  const adopt = db.prepare<[{ stage: string; version: string }]>(jobSql.adopt);
  const reopen = db.prepare<[{ stage: string; version: string }]>(jobSql.reopen);
  const carryPoison = db.prepare<[{ stage: string; version: string }]>(jobSql.carryPoison);
  const ownWork = db.prepare<[number]>(
    `INSERT INTO jobs (photo_id, stage, live, priority) SELECT id, 'own', present_files > 0, newest FROM photos WHERE id = ?
     ON CONFLICT (photo_id, stage) DO UPDATE SET state = 'ready', version = '', ${restSql}`,
  );
  const noOwnWork = db.prepare<[number]>(`DELETE FROM jobs WHERE photo_id = ? AND stage = 'own'`);
  const lookAgain = db.prepare<[number]>(
    `UPDATE jobs SET state = 'ready' WHERE photo_id = ? AND stage = 'look' AND state = 'done'`,
  );
  const lookAtAllAgain = db.prepare(`UPDATE jobs SET state = 'ready' WHERE stage = 'look' AND state = 'done'`);
  return {
    /** The version a stage was last asked for. */
    version: (stage: string): string | undefined => version.get(stage),
    /** Makes this the stage's version: every photo without a job of it becomes work to do. */
    setVersion(stage: string, to: string): void {
      if (version.get(stage) === undefined) adopt.run({ stage, version: to });
      setVersion.run(stage, to);
      seed.run({ stage });
      reopen.run({ stage, version: to });
      carryPoison.run({ stage, version: to });
    },
    makeOwnWork(photoId: number): void {
      ownWork.run(photoId);
    },
    dropOwnWork(photoId: number): void {
      noOwnWork.run(photoId);
    },
    lookAgain(photoId: number): void {
      lookAgain.run(photoId);
    },
    lookAtAllAgain(): void {
      lookAtAllAgain.run();
    },
  };
}
