// BM25 of a question put together from its terms, each remembered: with every key that is typed only the last word is a new one. Library thread.
import { hasPhoto, type PhotoSet } from '../platform/photo-set.ts';
import type { ReadDb } from './open-database.ts';
import { writtenState } from './written-state.ts';

export interface ScoredPhoto {
  readonly photoId: number;
  readonly score: number;
}

/** Photos that have one term, and what the term adds to their score. */
interface TermScores {
  readonly photoIds: Float64Array;
  readonly scores: Float64Array;
}

/** `everywhere`: in half of the texts or more, where FTS5 gives a term a millionth of the weight of any other. `common`: in too many to be scored alone. */
type KeptTerm = TermScores | 'everywhere' | 'common';

export interface TermStatements {
  /** Texts in all. */
  texts(): number;
  /** Texts that have the term, counted no further than to `most`. */
  sizeOf(term: string, most: number): number;
  /** Photo id and score of every text that has the term. */
  scoresOf(term: string): [number, number][];
}

/** A term in more texts is not remembered: scoring them takes about a microsecond each. */
const mostTexts = 10_000;
/** Texts of all remembered terms together: some megabytes. */
const mostKept = 250_000;

/**
 * Full-text scores are sums over the terms (Robertson and Zaragoza 2009; FTS5 weighs them alike), so that a question of any terms is the sum of
 * questions of one. What is remembered holds until something is written.
 *
 * @returns the photos (of the set, where one is given) that have any of the terms, best first, equal ones by id; null where a term is too common to be scored alone.
 */
export function termScoring(
  db: ReadDb,
  statements: TermStatements,
  most: number = mostTexts,
): (terms: readonly string[], limit: number, within?: PhotoSet) => ScoredPhoto[] | null {
  const state = writtenState(db);
  const kept = new Map<string, KeptTerm>();
  let keptTexts = 0;
  let keptState = '';

  function read(term: string): KeptTerm {
    if (statements.sizeOf(term, most + 1) > most) {
      const half = Math.ceil(statements.texts() / 2);
      return statements.sizeOf(term, half) >= half ? 'everywhere' : 'common';
    }
    const rows = statements.scoresOf(term);
    return {
      photoIds: Float64Array.from(rows, ([photoId]) => photoId),
      scores: Float64Array.from(rows, ([, score]) => score),
    };
  }

  function scoresOf(term: string): KeptTerm {
    const known = kept.get(term);
    const found = known ?? read(term);
    // Taken out first, so that the order of the map is the order of use.
    kept.delete(term);
    kept.set(term, found);
    if (known === undefined) keptTexts += textsOf(found);
    for (const [oldest, old] of kept) {
      if (keptTexts <= mostKept || oldest === term) break;
      kept.delete(oldest);
      keptTexts -= textsOf(old);
    }
    return found;
  }

  return (terms, limit, within) => {
    const now = state();
    if (now !== keptState) {
      kept.clear();
      keptTexts = 0;
      keptState = now;
    }
    const sums = new Map<number, number>();
    let leftOut = false;
    for (const term of terms) {
      const found = scoresOf(term);
      if (found === 'common') return null;
      if (found === 'everywhere') {
        leftOut = true;
        continue;
      }
      for (const [i, photoId] of found.photoIds.entries()) {
        if (within && !hasPhoto(within, photoId)) continue;
        sums.set(photoId, (sums.get(photoId) ?? 0) + (found.scores[i] as number));
      }
    }
    // Photos that have nothing but words of everywhere come last: where they are needed, the one statement knows them.
    return leftOut && sums.size < limit ? null : best(sums, limit);
  };
}

function textsOf(found: KeptTerm): number {
  return typeof found === 'string' ? 0 : found.photoIds.length;
}

function best(sums: ReadonlyMap<number, number>, limit: number): ScoredPhoto[] {
  const all = Float64Array.from(sums.values()).sort();
  const least = all[Math.max(0, all.length - limit)] ?? 0;
  const hits: ScoredPhoto[] = [];
  for (const [photoId, score] of sums) if (score >= least) hits.push({ photoId, score });
  return hits.sort((a, b) => b.score - a.score || a.photoId - b.photoId).slice(0, limit);
}
