// Statements about the words that photos are found by. Library thread.
import type { ReadDb } from '../open-database.ts';
import { plainPlan, rarePlan } from '../words-plan.ts';

/** The words of a photo by how much they say: the person's captions most, names least. */
export interface DocumentText {
  readonly own: string;
  readonly tags: string;
  readonly generated: string;
  readonly names: string;
}

/** In a library of so many photos it pays to look at the words' frequencies first. */
const largeLibrary = 20_000;

interface SourceColumns {
  readonly keywords: string;
  readonly title: string | null;
  readonly description: string | null;
}

export const documentSql = {
  // Weights in column order: own, tags, generated, names.
  search: `
    SELECT w.rowid AS photoId, -bm25(document_words, 4.0, 2.0, 1.0, 0.5) AS score
    FROM document_words w JOIN photos p ON p.id = w.rowid
    WHERE document_words MATCH ? AND p.present_files > 0
    ORDER BY score DESC, photoId LIMIT ?`,
  size: 'SELECT count(*) FROM (SELECT 1 FROM document_words WHERE document_words MATCH ? LIMIT ?)',
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
  const search = db.prepare<[string, number], { photoId: number; score: number }>(documentSql.search);
  const size = db.prepare<[string, number], number>(documentSql.size).pluck();
  const lastPhoto = db.prepare<[], number | null>('SELECT max(photo_id) FROM documents').pluck();
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
    /** Live photos that have any of the terms by BM25, best first. In a large library, those with common words only may be left out. */
    search(terms: readonly string[], limit: number, large = largeLibrary): { photoId: number; score: number }[] {
      if (terms.length === 0) return [];
      // Twice what is asked for, since the few texts left out might have been among them.
      const bounds = { fewest: 2 * limit, most: Math.max(4_000, 20 * limit) };
      const isLarge = (lastPhoto.get() ?? 0) >= large;
      const sizeOf = (term: string): number => size.get(term, bounds.most) ?? 0;
      const { match, scale } = isLarge ? rarePlan(terms, bounds, sizeOf) : plainPlan(terms);
      return search.all(match, limit).map(({ photoId, score }) => ({ photoId, score: score * scale }));
    },
  };
}
