// Schema step: vectors, and the log that an index follows them by. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * A space is one kind of vector of one model; its dimension never changes. Every change of a vector, and every time its photo stops or begins to be
 * live, moves the vector's one log row to a new highest `seq`, in the same transaction because a trigger does it: the log never outgrows the vectors.
 */
export const vectorsMigration: Migration = {
  version: 30,
  sql: `
    CREATE TABLE vector_spaces (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      model_id TEXT NOT NULL,
      dim INTEGER NOT NULL CHECK (dim > 0),
      UNIQUE (kind, model_id)
    ) STRICT;

    CREATE TABLE vectors (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      photo_id INTEGER NOT NULL REFERENCES photos (id),
      space_id INTEGER NOT NULL REFERENCES vector_spaces (id),
      crc INTEGER NOT NULL,
      data BLOB NOT NULL,
      UNIQUE (photo_id, space_id)
    ) STRICT;
    CREATE INDEX vectors_by_space ON vectors (space_id);

    CREATE TABLE vec_log (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      space_id INTEGER NOT NULL,
      photo_id INTEGER NOT NULL,
      UNIQUE (photo_id, space_id)
    ) STRICT;
    CREATE INDEX vec_log_by_space ON vec_log (space_id);

    CREATE TRIGGER vector_added AFTER INSERT ON vectors
    BEGIN
      DELETE FROM vec_log WHERE photo_id = NEW.photo_id AND space_id = NEW.space_id;
      INSERT INTO vec_log (space_id, photo_id) VALUES (NEW.space_id, NEW.photo_id);
    END;
    CREATE TRIGGER vector_changed AFTER UPDATE ON vectors
    BEGIN
      DELETE FROM vec_log WHERE photo_id = NEW.photo_id AND space_id = NEW.space_id;
      INSERT INTO vec_log (space_id, photo_id) VALUES (NEW.space_id, NEW.photo_id);
    END;
    CREATE TRIGGER vector_removed AFTER DELETE ON vectors
    BEGIN
      DELETE FROM vec_log WHERE photo_id = OLD.photo_id AND space_id = OLD.space_id;
      INSERT INTO vec_log (space_id, photo_id) VALUES (OLD.space_id, OLD.photo_id);
    END;
    CREATE TRIGGER photo_live_vectors AFTER UPDATE OF present_files ON photos
    WHEN (NEW.present_files > 0) <> (OLD.present_files > 0)
    BEGIN
      DELETE FROM vec_log WHERE photo_id = NEW.id;
      INSERT INTO vec_log (space_id, photo_id) SELECT space_id, photo_id FROM vectors WHERE photo_id = NEW.id;
    END;
  `,
};
