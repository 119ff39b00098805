// Statements that rank photos by the words of their texts. Library thread.
import { hasPhoto, type PhotoSet } from '../../platform/photo-set.ts';
import type { ReadDb } from '../open-database.ts';
import { type ScoredPhoto, termScoring } from '../term-scores.ts';
import { plainPlan, rarePlan } from '../words-plan.ts';

/** In a library of so many photos it pays to look at the words' frequencies first. */
const largeLibrary = 20_000;
/** Texts that are looked at for a question of some photos alone: about a twentieth of a second, and a microsecond for each of those photos. */
const mostLookedAt = 100_000;

/** BM25 with the weights of the columns: own, tags, generated, names. */
const matching = `
    SELECT w.rowid AS photoId, -bm25(document_words, 4.0, 2.0, 1.0, 0.5) AS score
    FROM document_words w JOIN photos p ON p.id = w.rowid
    WHERE document_words MATCH ? AND p.present_files > 0`;

export const wordSql = {
  /** Unordered, so that nothing is sorted. */
  term: matching,
  /** Of the photos that `photo_asked` knows: the others are passed over before they are scored, which is the dear part. */
  asked: `
    SELECT w.rowid AS photoId, -bm25(document_words, 4.0, 2.0, 1.0, 0.5) AS score
    FROM document_words w WHERE document_words MATCH ? AND photo_asked(w.rowid)`,
  search: `${matching} ORDER BY score DESC, photoId LIMIT ?`,
  size: 'SELECT count(*) FROM (SELECT 1 FROM document_words WHERE document_words MATCH ? LIMIT ?)',
};

export interface WordSearch {
  /** Live photos (of the set, where one is given) that have any of the terms by BM25, best first, equal ones by id; see `ranked`. */
  search(terms: readonly string[], limit: number, within?: PhotoSet): ScoredPhoto[];
  /** The same by one statement: in a `large` library, photos with common words only may be left out. */
  ranked(terms: readonly string[], limit: number, large?: number): ScoredPhoto[];
}

/** @param most see `termScoring`. */
export function wordSearch(db: ReadDb, most?: number): WordSearch {
  let asked: PhotoSet | undefined;
  db.function('photo_asked', (photoId: unknown) => (asked && hasPhoto(asked, photoId as number) ? 1 : 0));
  const all = db.prepare<[string, number], ScoredPhoto>(wordSql.search);
  const ofAsked = db.prepare<[string], [number, number]>(wordSql.asked).raw();
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

  /** As `ranked`, of a set: of a tenth of the library ten times as many texts are looked at to find as many hits. */
  function rankedWithin(terms: readonly string[], limit: number, within: PhotoSet): ScoredPhoto[] {
    if (terms.length === 0 || within.count === 0) return [];
    const last = lastPhoto.get() ?? 0;
    const fewest = Math.min(mostLookedAt, Math.ceil((2 * limit * last) / within.count));
    const bounds = { fewest, most: Math.max(fewest, Math.min(mostLookedAt, 10 * fewest)) };
    const sizeOf = (one: string): number => size.get(one, bounds.most) ?? 0;
    const { match, scale } = last >= largeLibrary ? rarePlan(terms, bounds, sizeOf) : plainPlan(terms);
    asked = within;
    return ofAsked
      .all(match)
      .map(([photoId, score]) => ({ photoId, score: score * scale }))
      .sort((a, b) => b.score - a.score || a.photoId - b.photoId)
      .slice(0, limit);
  }

  return {
    ranked,
    search: (terms, limit, within) =>
      byTerm(terms, limit, within) ?? (within ? rankedWithin(terms, limit, within) : ranked(terms, limit)),
  };
}
