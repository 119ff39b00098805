// Picks the queries that the HTML report shows with pictures. Pure; runs where evaluation runs.
import type { QueryOutcome } from './report-types.ts';
import { hashText } from './seeded-random.ts';

/** The queries whose right photo the fused ranking puts last, worst first, at most one for each photo. Not found at all is worst. */
export function worstFailures<T extends QueryOutcome>(outcomes: readonly T[], count: number): T[] {
  const misses = outcomes.filter(({ ranks }) => ranks.fused !== 1);
  const worstFirst = misses.sort((a, b) => depth(b.ranks.fused) - depth(a.ranks.fused) || order(a) - order(b));
  return onePerPhoto(worstFirst).slice(0, count);
}

/**
 * Queries for the side-by-side: taken in turn from those that both systems answer within five, only the embedding does, only the
 * captions do, and neither does, so that a page shows where they differ. Within each kind the hash of query and photo decides, never
 * how good the answer looks. At most one for each photo.
 */
export function sideBySideExamples<T extends QueryOutcome>(outcomes: readonly T[], count: number): T[] {
  const kinds: T[][] = [[], [], [], []];
  for (const outcome of onePerPhoto([...outcomes].sort((a, b) => order(a) - order(b)))) {
    const kind = (withinFive(outcome.ranks.embedding) ? 0 : 2) + (withinFive(outcome.ranks.caption) ? 0 : 1);
    kinds[kind]?.push(outcome);
  }
  const chosen: T[] = [];
  for (let round = 0; kinds.some((kind) => kind.length > round); round += 1) {
    for (const kind of kinds) chosen.push(...kind.slice(round, round + 1));
  }
  return chosen.slice(0, count);
}

function withinFive(rank: number | null): boolean {
  return rank !== null && rank <= 5;
}

function depth(rank: number | null): number {
  // A whole number beyond every rank: two infinities would subtract to NaN.
  return rank ?? Number.MAX_SAFE_INTEGER;
}

function order({ photo, text }: QueryOutcome): number {
  return hashText(`${photo}\t${text}`);
}

/** The first outcome of each photo, in the given order. */
function onePerPhoto<T extends QueryOutcome>(outcomes: readonly T[]): T[] {
  const seen = new Set<string>();
  return outcomes.filter(({ photo }) => !seen.has(photo) && seen.add(photo));
}
