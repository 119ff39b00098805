// Schema step: the library itself, folders, files and photos. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * A photo is its bytes (sha256); a file is a place where they lie. `present_files` counts the linked files that are not missing: above zero, the photo
 * is live, and only live photos are worked on and found. It is kept by triggers, so that no statement can forget it.
 */
export const photosMigration: Migration = {
  version: 10,
  sql: `
    CREATE TABLE library (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      uid TEXT NOT NULL,
      created_at REAL NOT NULL,
      last_scan INTEGER NOT NULL DEFAULT 0,
      in_use INTEGER NOT NULL DEFAULT 0,
      closed_at REAL
    ) STRICT;

    CREATE TABLE folders (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      path TEXT NOT NULL UNIQUE,
      added_at REAL NOT NULL
    ) STRICT;

    CREATE TABLE photos (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
      size_bytes INTEGER NOT NULL,
      format TEXT,
      width INTEGER,
      height INTEGER,
      taken_at TEXT,
      utc_offset TEXT,
      lat REAL,
      lon REAL,
      camera_make TEXT,
      camera_model TEXT,
      lens TEXT,
      exposure_seconds REAL,
      f_number REAL,
      iso REAL,
      focal_length_mm REAL,
      orientation REAL,
      rating REAL,
      keywords TEXT NOT NULL DEFAULT '[]',
      title TEXT,
      description TEXT,
      damaged INTEGER NOT NULL DEFAULT 0,
      newest REAL NOT NULL,
      added_at REAL NOT NULL,
      present_files INTEGER NOT NULL DEFAULT 0 CHECK (present_files >= 0)
    ) STRICT;
    CREATE INDEX photos_live ON photos (id) WHERE present_files > 0;

    CREATE TABLE files (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      folder_id INTEGER NOT NULL REFERENCES folders (id),
      rel_path TEXT NOT NULL,
      photo_id INTEGER REFERENCES photos (id),
      size_bytes INTEGER NOT NULL,
      mtime_ms REAL NOT NULL,
      inode TEXT NOT NULL,
      scan_id INTEGER NOT NULL,
      state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'waiting', 'running', 'known', 'failed')),
      attempts INTEGER NOT NULL DEFAULT 0,
      crash_strikes INTEGER NOT NULL DEFAULT 0,
      not_before REAL NOT NULL DEFAULT 0,
      error_code TEXT,
      error_message TEXT,
      added_at REAL NOT NULL,
      missing_since REAL,
      UNIQUE (folder_id, rel_path)
    ) STRICT;
    CREATE INDEX files_by_photo ON files (photo_id);
    CREATE INDEX files_by_folder ON files (folder_id, missing_since);
    CREATE INDEX files_new ON files (mtime_ms DESC, id) WHERE state = 'new' AND missing_since IS NULL;
    CREATE INDEX files_waiting ON files (not_before) WHERE state = 'waiting';
    CREATE INDEX files_running ON files (id) WHERE state = 'running';
    CREATE INDEX files_failed ON files (id) WHERE state = 'failed';

    CREATE TRIGGER file_linked AFTER INSERT ON files WHEN NEW.photo_id IS NOT NULL AND NEW.missing_since IS NULL
    BEGIN
      UPDATE photos SET present_files = present_files + 1 WHERE id = NEW.photo_id;
    END;
    CREATE TRIGGER file_relinked AFTER UPDATE OF photo_id, missing_since ON files
    WHEN NEW.photo_id IS NOT OLD.photo_id OR (NEW.missing_since IS NULL) <> (OLD.missing_since IS NULL)
    BEGIN
      UPDATE photos SET present_files = present_files + 1 WHERE id = NEW.photo_id AND NEW.missing_since IS NULL;
      UPDATE photos SET present_files = present_files - 1 WHERE id = OLD.photo_id AND OLD.missing_since IS NULL;
    END;
    CREATE TRIGGER file_removed AFTER DELETE ON files WHEN OLD.photo_id IS NOT NULL AND OLD.missing_since IS NULL
    BEGIN
      UPDATE photos SET present_files = present_files - 1 WHERE id = OLD.photo_id;
    END;
  `,
};
