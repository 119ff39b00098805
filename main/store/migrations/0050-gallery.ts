// Schema step: what a gallery shows of every photo, favourites, and the number of the state shown. Library thread.
import type { Migration } from '../migrate.ts';

/** Width by height after orientation, in thousandths, 100 to 10,000; 1,000 where unknown. */
const ratio = `
  CASE WHEN p.width > 0 AND p.height > 0 THEN CAST(max(100, min(10000, CASE
    WHEN p.orientation BETWEEN 5 AND 8 THEN (1000.0 * p.height) / p.width
    ELSE (1000.0 * p.width) / p.height END)) + 0.5 AS INTEGER) ELSE 1000 END`;

/** Bits of a cell: colour 0 to 15 (RGB 5-6-5, mid-grey where unknown), ratio 16 to 29, damaged 30, without thumbnail 31, animated 32. */
const cell = `(coalesce(p.colour, 33808) | ((${ratio}) << 16) | ((p.damaged <> 0) << 30) | ((p.has_thumbnail = 0) << 31) | ((p.animated <> 0) << 32))`;

const raised = 'UPDATE library SET revision = revision + 1';

/**
 * `gallery` holds one narrow row for each live photo, so that the columns of a million of them are read from 25 MB in order of id, not from the photos
 * themselves. Triggers keep it, and raise `library.revision` with every change of what is shown: no statement can forget either.
 */
export const galleryMigration: Migration = {
  version: 50,
  sql: `
    ALTER TABLE photos ADD COLUMN colour INTEGER;
    ALTER TABLE photos ADD COLUMN has_thumbnail INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE photos ADD COLUMN media_revision INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE photos ADD COLUMN animated INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE library ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

    UPDATE photos SET has_thumbnail = 1, media_revision = 1
    WHERE id IN (SELECT photo_id FROM jobs WHERE stage = 'look' AND state = 'done');
    UPDATE photos SET newest = -8.64e15 WHERE taken_at IS NULL AND newest < 86400000;
    CREATE INDEX photos_uncoloured ON photos (id) WHERE has_thumbnail = 1 AND colour IS NULL;

    CREATE TABLE favourites (
      photo_id INTEGER PRIMARY KEY REFERENCES photos (id),
      marked_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE gallery (
      photo_id INTEGER PRIMARY KEY REFERENCES photos (id),
      newest REAL NOT NULL,
      cell INTEGER NOT NULL
    ) STRICT;
    INSERT INTO gallery (photo_id, newest, cell) SELECT p.id, p.newest, ${cell} FROM photos p WHERE p.present_files > 0;

    CREATE TRIGGER photo_shown AFTER INSERT ON photos WHEN NEW.present_files > 0
    BEGIN
      INSERT INTO gallery (photo_id, newest, cell) SELECT p.id, p.newest, ${cell} FROM photos p WHERE p.id = NEW.id;
    END;
    CREATE TRIGGER photo_live_shown AFTER UPDATE OF present_files ON photos
    WHEN (NEW.present_files > 0) <> (OLD.present_files > 0)
    BEGIN
      DELETE FROM gallery WHERE photo_id = NEW.id;
      INSERT INTO gallery (photo_id, newest, cell)
        SELECT p.id, p.newest, ${cell} FROM photos p WHERE p.id = NEW.id AND p.present_files > 0;
    END;
    CREATE TRIGGER photo_changed_shown
    AFTER UPDATE OF newest, width, height, orientation, damaged, animated, colour, has_thumbnail ON photos
    WHEN NEW.present_files > 0 AND (NEW.newest IS NOT OLD.newest OR NEW.width IS NOT OLD.width OR NEW.height IS NOT OLD.height
      OR NEW.orientation IS NOT OLD.orientation OR NEW.damaged IS NOT OLD.damaged OR NEW.animated IS NOT OLD.animated
      OR NEW.colour IS NOT OLD.colour OR NEW.has_thumbnail IS NOT OLD.has_thumbnail)
    BEGIN
      UPDATE gallery SET newest = p.newest, cell = ${cell} FROM photos p WHERE p.id = NEW.id AND photo_id = NEW.id;
    END;

    CREATE TRIGGER gallery_added AFTER INSERT ON gallery BEGIN ${raised}; END;
    CREATE TRIGGER gallery_changed AFTER UPDATE ON gallery BEGIN ${raised}; END;
    CREATE TRIGGER gallery_removed AFTER DELETE ON gallery BEGIN ${raised}; END;
    CREATE TRIGGER media_renewed AFTER UPDATE OF media_revision ON photos
    WHEN NEW.media_revision IS NOT OLD.media_revision BEGIN ${raised}; END;
    CREATE TRIGGER favourite_added AFTER INSERT ON favourites BEGIN ${raised}; END;
    CREATE TRIGGER favourite_removed AFTER DELETE ON favourites BEGIN ${raised}; END;
    CREATE TRIGGER own_caption_added AFTER INSERT ON own_captions BEGIN ${raised}; END;
    CREATE TRIGGER own_caption_removed AFTER DELETE ON own_captions BEGIN ${raised}; END;
    CREATE TRIGGER generated_caption_added AFTER INSERT ON generated_captions WHEN NEW.rank = 0 BEGIN ${raised}; END;
    CREATE TRIGGER generated_caption_removed AFTER DELETE ON generated_captions WHEN OLD.rank = 0 BEGIN ${raised}; END;
    CREATE TRIGGER job_failure_shown AFTER UPDATE OF state ON jobs
    WHEN (NEW.state = 'failed') <> (OLD.state = 'failed') BEGIN ${raised}; END;
    CREATE TRIGGER file_failure_shown AFTER UPDATE OF state ON files
    WHEN (NEW.state = 'failed') <> (OLD.state = 'failed') BEGIN ${raised}; END;
  `,
};
