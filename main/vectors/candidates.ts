// Answers several questions about the same photos in one go: the best of each list, scored by every question. Runs in the search process.
import type { Candidates, CandidatesQuestion, NearestQuery, ScoreColumn } from './vector-index.ts';
import type { VectorSpace } from './vector-space.ts';

/** Rows of each list that are scored again in float32, at least: with 50, recall@10 of an int8 scan is 1.000. */
const minRerank = 50;

/** @param asked every space once, brought up to date. */
export function gatherCandidates(
  asked: readonly { readonly query: NearestQuery; readonly space: VectorSpace }[],
  { include, exact }: Pick<CandidatesQuestion, 'include' | 'exact'>,
): Candidates {
  const rerank = Math.max(minRerank, 2 * exact);
  const scans = asked.map(({ query, space }) => space.scan(query.vector, Math.max(rerank, query.limit)));
  const certain = [...union([...scans.map(({ photoIds }) => photoIds.slice(0, rerank)), include.slice(0, rerank)])];
  const lists = asked.map(({ query, space }, i) => {
    const { photoIds = [], scores = [] } = scans[i] ?? {};
    const score = new Map(photoIds.map((photoId, j) => [photoId, scores[j] as number]));
    for (const [j, value] of space.score(query.vector, certain).entries()) score.set(certain[j] as number, value);
    const best = photoIds
      .filter((photoId) => !Number.isNaN(score.get(photoId)))
      .sort((a, b) => (score.get(b) as number) - (score.get(a) as number) || a - b)
      .slice(0, query.limit);
    return { score, best };
  });
  const photoIds = Float64Array.from(union([...lists.map(({ best }) => best), include])).sort();
  const columns = asked.map(({ space }, i): ScoreColumn => {
    const { mean = 0, deviation = 0 } = scans[i] ?? {};
    const { score, best } = lists[i] as (typeof lists)[number];
    const last = best.at(-1);
    return {
      scores: Float32Array.from(photoIds, (photoId) => score.get(photoId) ?? space.scanned(photoId)),
      rows: space.rows(),
      mean,
      deviation,
      floor: best.length >= space.rows() || last === undefined ? Number.NEGATIVE_INFINITY : (score.get(last) as number),
    };
  });
  return { photoIds, columns };
}

function union(lists: readonly (readonly number[])[]): Set<number> {
  return new Set(lists.flat());
}
