// Schema step: which volume a folder lies on, files that vanished and are held, and what an edited photo was before. Library thread.
import type { Migration } from '../migrate.ts';

const raised = 'UPDATE library SET revision = revision + 1';

/**
 * `held` is 0 for a file that is where the last look saw it, or missing; 1 for one that vanished with many others and is held as present until the
 * person answers; 2 for one that they keep; 4 for one that they gave up and that is to leave, and 3 once it has left (it is missing then).
 * `ctime_ms` and `read_at` (epoch milliseconds, when its bytes were last claimed to be read) tell whether size and time of change can prove a file
 * unchanged; both are NULL for files of older libraries, which are trusted. `sample` is a JSON list of files that prove a volume to be the same one.
 * A row of `carries` waits until it is sure that no other file holds the content `from_photo`: then what the person said of it goes to `to_photo`.
 */
export const rootsMigration: Migration = {
  version: 80,
  sql: `
    ALTER TABLE folders ADD COLUMN device TEXT;
    ALTER TABLE folders ADD COLUMN volume TEXT;
    ALTER TABLE folders ADD COLUMN sample TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE files ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held BETWEEN 0 AND 4);
    ALTER TABLE files ADD COLUMN ctime_ms REAL;
    ALTER TABLE files ADD COLUMN read_at REAL;

    CREATE INDEX files_held ON files (folder_id, held) WHERE held <> 0;
    CREATE INDEX files_by_inode ON files (inode, size_bytes) WHERE inode <> '';
    CREATE INDEX files_gone ON files (missing_since) WHERE missing_since IS NOT NULL;

    CREATE TABLE carries (
      file_id INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
      from_photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE,
      to_photo INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX carries_from ON carries (from_photo);
    CREATE INDEX carries_to ON carries (to_photo);

    CREATE TABLE edits (
      photo_id INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
      was INTEGER NOT NULL REFERENCES photos (id) ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX edits_was ON edits (was);

    CREATE TRIGGER file_held_shown AFTER UPDATE OF held ON files WHEN NEW.held <> OLD.held BEGIN ${raised}; END;
  `,
};
