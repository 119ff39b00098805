// Schema step: a checksum for every row, and what is known of restorations. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * SQLite notices a damaged page structure but not a changed byte in a value. `row_sums` holds a CRC-32 of each row by table and primary key; the
 * owner's connection keeps it by temporary triggers, made anew from the live schema at each opening, so that a later step's columns and tables are
 * covered without an edit here. `row_sum_state.version` is the schema's version that the sums were taken of: after a step they are taken anew.
 */
export const rowSumsMigration: Migration = {
  version: 71,
  sql: `
    CREATE TABLE row_sum_sources (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT;
    CREATE TABLE row_sums (
      source INTEGER NOT NULL REFERENCES row_sum_sources (id),
      key ANY NOT NULL,
      sum INTEGER NOT NULL,
      PRIMARY KEY (source, key)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE row_sum_state (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      version INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE restorations (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      restored_at REAL NOT NULL,
      backup TEXT,
      backup_at REAL,
      aside TEXT,
      words_kept INTEGER NOT NULL,
      words_lost INTEGER NOT NULL CHECK (words_lost IN (0, 1))
    ) STRICT;
  `,
};
