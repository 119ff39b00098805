// Schema step of the thumbnails file, which may be deleted at any time. Library thread.
import type { Migration } from '../migrate.ts';

/** `library_uid` ties the file to its library: photo ids of another one mean other photos. */
export const thumbnailsMigration: Migration = {
  version: 10,
  sql: `
    CREATE TABLE source (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      library_uid TEXT NOT NULL
    ) STRICT;
    CREATE TABLE thumbnails (
      photo_id INTEGER PRIMARY KEY,
      width INTEGER NOT NULL,
      height INTEGER NOT NULL,
      format TEXT NOT NULL,
      bytes BLOB NOT NULL
    ) STRICT;
  `,
};
