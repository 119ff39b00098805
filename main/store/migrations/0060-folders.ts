// Schema step: folders that are excluded in part, away, or taken out; failures that a person does not want to see. Library thread.
import type { Migration } from '../migrate.ts';

const raised = 'UPDATE library SET revision = revision + 1';

/**
 * A removed folder keeps its row and its files' rows, so that undoing it costs no reading: its files went missing at exactly `removed_at`, which becomes
 * `restoring_at` while they come back. `excluded` is 1 for a file that its folder's patterns name, 2 for one that they do not name any more and that is to
 * come back. Files leave and come back in portions, since each costs its photo's places in the queues and logs: the two small indexes are what is left.
 */
export const foldersMigration: Migration = {
  version: 60,
  sql: `
    ALTER TABLE folders ADD COLUMN exclude TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE folders ADD COLUMN removed_at REAL;
    ALTER TABLE folders ADD COLUMN restoring_at REAL;
    ALTER TABLE folders ADD COLUMN offline INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE files ADD COLUMN excluded INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE files ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;

    DROP INDEX files_by_folder;
    CREATE INDEX files_by_folder ON files (folder_id, missing_since, photo_id, excluded);

    CREATE INDEX files_leaving ON files (id) WHERE excluded = 1 AND missing_since IS NULL;
    CREATE INDEX files_returning ON files (id) WHERE excluded = 2;

    CREATE TRIGGER folder_added_shown AFTER INSERT ON folders BEGIN ${raised}; END;
    CREATE TRIGGER folder_changed_shown AFTER UPDATE ON folders
    WHEN NEW.path IS NOT OLD.path OR NEW.exclude IS NOT OLD.exclude OR NEW.removed_at IS NOT OLD.removed_at OR NEW.offline IS NOT OLD.offline
    BEGIN ${raised}; END;
    CREATE TRIGGER file_ignored_shown AFTER UPDATE OF ignored ON files WHEN NEW.ignored <> OLD.ignored BEGIN ${raised}; END;
  `,
};
