// Schema step: where photos were taken, by names, and what is asked of them by conditions. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * Names are looked up from coordinates in the background, so that photos of older libraries get them without being read again. `placed` is the version of
 * the gazetteer that a photo was last looked up in, 0 for none: another version is work to do. A photo far from any city has no row in `photo_places`.
 */
export const placesMigration: Migration = {
  version: 140,
  sql: `
    ALTER TABLE photos ADD COLUMN placed INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX photos_placed ON photos (placed) WHERE lat IS NOT NULL AND lon IS NOT NULL;
    CREATE INDEX photos_with_keywords ON photos (id) WHERE keywords <> '[]' AND present_files > 0;

    CREATE TABLE photo_places (
      photo_id INTEGER PRIMARY KEY REFERENCES photos (id) ON DELETE CASCADE,
      country TEXT NOT NULL,
      region TEXT,
      city TEXT
    ) STRICT;

    CREATE TRIGGER photo_moved AFTER UPDATE OF lat, lon ON photos WHEN NEW.lat IS NOT OLD.lat OR NEW.lon IS NOT OLD.lon
    BEGIN
      DELETE FROM photo_places WHERE photo_id = NEW.id;
      UPDATE photos SET placed = 0 WHERE id = NEW.id AND placed <> 0;
    END;
    CREATE TRIGGER photo_place_lost AFTER DELETE ON photo_places
    BEGIN
      UPDATE photos SET placed = 0 WHERE id = OLD.photo_id AND placed <> 0;
    END;
  `,
};
