// Schema step: files that are yet to be read, by their size. Library thread.
import type { Migration } from '../migrate.ts';

/** Words of an edited photo wait while a file of the old content's size is unread: each edit asks for that one size, among all files of a new folder. */
export const unreadSizesMigration: Migration = {
  version: 130,
  sql: `
    CREATE INDEX files_new_by_size ON files (size_bytes) WHERE state = 'new' AND missing_since IS NULL;
  `,
};
