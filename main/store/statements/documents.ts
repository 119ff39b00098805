// Statements about the words that photos are found by. Library thread.
import type { ReadDb } from '../open-database.ts';

/** The words of a photo by how much they say: the person's captions most, names least. */
export interface DocumentText {
  readonly own: string;
  readonly tags: string;
  readonly generated: string;
  readonly names: string;
}

interface SourceColumns {
  readonly keywords: string;
  readonly title: string | null;
  readonly description: string | null;
}

export const documentSql = {
  names: `
    SELECT f.rel_path AS relPath, d.path AS folderPath FROM files f JOIN folders d ON d.id = f.folder_id
    WHERE f.photo_id = ? AND f.missing_since IS NULL ORDER BY f.id`,
};

export function documentStatements(db: ReadDb) {
  const get = db.prepare<[number], DocumentText>(
    'SELECT own, tags, generated, names FROM documents WHERE photo_id = ?',
  );
  const put = db.prepare<[DocumentText & { photoId: number }]>(
    `INSERT INTO documents (photo_id, own, tags, generated, names) VALUES (:photoId, :own, :tags, :generated, :names)
     ON CONFLICT (photo_id) DO UPDATE SET own = :own, tags = :tags, generated = :generated, names = :names`,
  );
  const source = db.prepare<[number], SourceColumns>('SELECT keywords, title, description FROM photos WHERE id = ?');
  const names = db.prepare<[number], { relPath: string; folderPath: string }>(documentSql.names);
  return {
    /** Title, description and keywords as one text. */
    tagsOf(photoId: number): string {
      const row = source.get(photoId);
      if (!row) return '';
      const keywords = JSON.parse(row.keywords) as string[];
      return [row.title ?? '', row.description ?? '', ...keywords].filter((text) => text !== '').join(' \n');
    },
    /** Where the photo's present files lie. */
    namesOf: (photoId: number) => names.all(photoId),
    /** Writes the words where they differ from those stored: the full-text index is the dear part. */
    put(photoId: number, text: DocumentText): void {
      const stored = get.get(photoId);
      const same =
        stored !== undefined &&
        stored.own === text.own &&
        stored.tags === text.tags &&
        stored.generated === text.generated &&
        stored.names === text.names;
      if (!same) put.run({ photoId, ...text });
    },
  };
}
