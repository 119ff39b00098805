// Schema step: bytes that end the process which reads them. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * A poison is known by its bytes, not by a place: a copy under another name, and a file that was forgotten and comes back, are left alone as well. Below the
 * number of strikes that makes it one, a row only counts them.
 */
export const poisonsMigration: Migration = {
  version: 120,
  sql: `
    CREATE TABLE poisons (
      sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
      strikes INTEGER NOT NULL,
      struck_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;

    INSERT INTO poisons (sha256, strikes, struck_at)
      SELECT DISTINCT p.sha256, 2, 0 FROM jobs j JOIN photos p ON p.id = j.photo_id
      WHERE j.state = 'failed' AND j.error_code = 'decode/poison';
  `,
};
