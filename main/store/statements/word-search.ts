// Statements that rank photos by the words of their texts. Library thread.
import type { ReadDb } from '../open-database.ts';
import { type ScoredPhoto, termScoring } from '../term-scores.ts';
import { plainPlan, rarePlan } from '../words-plan.ts';

/** In a library of so many photos it pays to look at the words' frequencies first. */
const largeLibrary = 20_000;

/** BM25 with the weights of the columns: own, tags, generated, names. */
const matching = `
    SELECT w.rowid AS photoId, -bm25(document_words, 4.0, 2.0, 1.0, 0.5) AS score
    FROM document_words w JOIN photos p ON p.id = w.rowid
    WHERE document_words MATCH ? AND p.present_files > 0`;

export const wordSql = {
  /** Unordered, so that nothing is sorted. */
  term: matching,
  search: `${matching} ORDER BY score DESC, photoId LIMIT ?`,
  size: 'SELECT count(*) FROM (SELECT 1 FROM document_words WHERE document_words MATCH ? LIMIT ?)',
};

export interface WordSearch {
  /** Live photos that have any of the terms by BM25, best first, equal ones by id; see `ranked`. */
  search(terms: readonly string[], limit: number): ScoredPhoto[];
  /** The same by one statement: in a `large` library, photos with common words only may be left out. */
  ranked(terms: readonly string[], limit: number, large?: number): ScoredPhoto[];
}

/** @param most see `termScoring`. */
export function wordSearch(db: ReadDb, most?: number): WordSearch {
  const all = db.prepare<[string, number], ScoredPhoto>(wordSql.search);
  const term = db.prepare<[string], [number, number]>(wordSql.term).raw();
  const size = db.prepare<[string, number], number>(wordSql.size).pluck();
  const lastPhoto = db.prepare<[], number | null>('SELECT max(photo_id) FROM documents').pluck();
  const texts = db.prepare<[], number>('SELECT count(*) FROM documents').pluck();
  const statements = {
    texts: () => texts.get() ?? 0,
    sizeOf: (one: string, limit: number) => size.get(one, limit) ?? 0,
    scoresOf: (one: string) => term.all(one),
  };
  const byTerm = termScoring(db, statements, most);

  function ranked(terms: readonly string[], limit: number, large = largeLibrary): ScoredPhoto[] {
    if (terms.length === 0) return [];
    // Twice what is asked for, since the few texts left out might have been among them.
    const bounds = { fewest: 2 * limit, most: Math.max(4_000, 20 * limit) };
    const isLarge = (lastPhoto.get() ?? 0) >= large;
    const sizeOf = (one: string): number => size.get(one, bounds.most) ?? 0;
    const { match, scale } = isLarge ? rarePlan(terms, bounds, sizeOf) : plainPlan(terms);
    return all.all(match, limit).map(({ photoId, score }) => ({ photoId, score: score * scale }));
  }

  return { ranked, search: (terms, limit) => byTerm(terms, limit) ?? ranked(terms, limit) };
}
