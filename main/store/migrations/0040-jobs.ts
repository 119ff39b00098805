// Schema step: the work there is to do on photos. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * One row per photo and stage. `stages` holds the version each stage was last asked for, and rows of another version are `ready`: the queue is then
 * one index that a claim reads from its start, also when a million rows are done. `live` follows the photo's, so that the queue passes over no
 * photo whose files are gone.
 */
export const jobsMigration: Migration = {
  version: 40,
  sql: `
    CREATE TABLE stages (
      stage TEXT PRIMARY KEY,
      version TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE jobs (
      photo_id INTEGER NOT NULL REFERENCES photos (id),
      stage TEXT NOT NULL,
      version TEXT NOT NULL DEFAULT '',
      state TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'waiting', 'running', 'done', 'failed')),
      live INTEGER NOT NULL,
      priority REAL NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      crash_strikes INTEGER NOT NULL DEFAULT 0,
      not_before REAL NOT NULL DEFAULT 0,
      error_code TEXT,
      error_message TEXT,
      PRIMARY KEY (photo_id, stage)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX jobs_queue ON jobs (stage, state, live, priority DESC, photo_id DESC);
    CREATE INDEX jobs_waiting ON jobs (not_before) WHERE state = 'waiting';
    CREATE INDEX jobs_failed ON jobs (photo_id) WHERE state = 'failed';
    CREATE INDEX jobs_running ON jobs (photo_id) WHERE state = 'running';

    INSERT INTO jobs (photo_id, stage, live, priority) SELECT id, 'look', present_files > 0, newest FROM photos;
    INSERT INTO jobs (photo_id, stage, live, priority) SELECT id, 'caption', present_files > 0, newest FROM photos;
    INSERT INTO jobs (photo_id, stage, live, priority)
      SELECT id, 'own', present_files > 0, newest FROM photos WHERE id IN (SELECT photo_id FROM own_captions);

    CREATE TRIGGER photo_jobs AFTER INSERT ON photos
    BEGIN
      INSERT INTO jobs (photo_id, stage, live, priority)
      VALUES (NEW.id, 'look', NEW.present_files > 0, NEW.newest), (NEW.id, 'caption', NEW.present_files > 0, NEW.newest);
    END;
    CREATE TRIGGER photo_live_jobs AFTER UPDATE OF present_files ON photos
    WHEN (NEW.present_files > 0) <> (OLD.present_files > 0)
    BEGIN
      UPDATE jobs SET live = NEW.present_files > 0 WHERE photo_id = NEW.id;
    END;
  `,
};
