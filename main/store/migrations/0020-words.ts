// Schema step: captions, and the words that photos are found by. Library thread.
import type { Migration } from '../migrate.ts';

/**
 * The person's captions and the generated ones lie in tables of their own: no statement about generated captions can reach the person's.
 * The tokenizer stems English (porter), since captions and questions differ in endings more than in words: "a dog runs", "dogs running"; words of other
 * languages pass it nearly unchanged. Names and captions are matched without regard to case and accents.
 */
export const wordsMigration: Migration = {
  version: 20,
  sql: `
    CREATE TABLE own_captions (
      photo_id INTEGER NOT NULL REFERENCES photos (id),
      rank INTEGER NOT NULL,
      text TEXT NOT NULL,
      written_at REAL NOT NULL,
      PRIMARY KEY (photo_id, rank)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE generated_captions (
      photo_id INTEGER NOT NULL REFERENCES photos (id),
      rank INTEGER NOT NULL,
      text TEXT NOT NULL,
      model TEXT NOT NULL,
      written_at REAL NOT NULL,
      PRIMARY KEY (photo_id, rank)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE documents (
      photo_id INTEGER PRIMARY KEY REFERENCES photos (id),
      own TEXT NOT NULL,
      tags TEXT NOT NULL,
      generated TEXT NOT NULL,
      names TEXT NOT NULL
    ) STRICT;
    CREATE VIRTUAL TABLE document_words USING fts5 (
      own, tags, generated, names,
      content = 'documents', content_rowid = 'photo_id',
      prefix = '2 3', tokenize = 'porter unicode61 remove_diacritics 2'
    );
    CREATE TRIGGER document_added AFTER INSERT ON documents
    BEGIN
      INSERT INTO document_words (rowid, own, tags, generated, names)
      VALUES (NEW.photo_id, NEW.own, NEW.tags, NEW.generated, NEW.names);
    END;
    CREATE TRIGGER document_changed AFTER UPDATE ON documents
    BEGIN
      INSERT INTO document_words (document_words, rowid, own, tags, generated, names)
      VALUES ('delete', OLD.photo_id, OLD.own, OLD.tags, OLD.generated, OLD.names);
      INSERT INTO document_words (rowid, own, tags, generated, names)
      VALUES (NEW.photo_id, NEW.own, NEW.tags, NEW.generated, NEW.names);
    END;
    CREATE TRIGGER document_removed AFTER DELETE ON documents
    BEGIN
      INSERT INTO document_words (document_words, rowid, own, tags, generated, names)
      VALUES ('delete', OLD.photo_id, OLD.own, OLD.tags, OLD.generated, OLD.names);
    END;
  `,
};
