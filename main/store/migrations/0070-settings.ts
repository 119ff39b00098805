// Schema step: what a person chose, one value a key. Library thread.
import type { Migration } from '../migrate.ts';

/** Values are JSON: which settings there are is for the program to say, not for the schema. */
export const settingsMigration: Migration = {
  version: 70,
  sql: `
    CREATE TABLE settings (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
