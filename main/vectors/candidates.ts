// Answers several questions about the same photos in one go: the best of each list, scored by every question. Runs in the search process.
import { hasPhoto, type PhotoSet } from '../platform/photo-set.ts';
import type { ScanResult } from './row-scan.ts';
import type { Candidates, CandidatesQuestion, NearestQuery, ScoreColumn } from './vector-index.ts';
import type { VectorSpace } from './vector-space.ts';

/** Rows of each list that are scored again in float32, at least: with 50, recall@10 of an int8 scan is 1.000. */
const minRerank = 50;

type Asked = readonly { readonly query: NearestQuery; readonly space: VectorSpace }[];

/** @param asked spaces brought up to date. */
export function gatherCandidates(
  asked: Asked,
  { include, exact, within }: Pick<CandidatesQuestion, 'include' | 'exact' | 'within'>,
): Candidates {
  const given = within ? include.filter((photoId) => hasPhoto(within, photoId)) : include;
  const rerank = Math.max(minRerank, 2 * exact);
  const scans = scanAll(asked, rerank, within);
  const certain = [...union([...scans.map(({ photoIds }) => photoIds.slice(0, rerank)), given.slice(0, rerank)])];
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
  const photoIds = Float64Array.from(union([...lists.map(({ best }) => best), given])).sort();
  const columns = asked.map(({ query, space }, i): ScoreColumn => {
    const { mean = 0, deviation = 0, among = 0 } = scans[i] ?? {};
    const { score, best } = lists[i] as (typeof lists)[number];
    const scoreOf = othersOf(asked, i, photoIds, score);
    return {
      scores: Float32Array.from(photoIds, (photoId) => score.get(photoId) ?? scoreOf(photoId)),
      rows: space.rows(),
      mean,
      deviation,
      floor: floorOf(query, best, score, among),
    };
  });
  return { photoIds, columns };
}

/** Questions that list nothing come first: what a scan writes down is good until the next one of its space. */
function scanAll(asked: Asked, rerank: number, within: PhotoSet | undefined): ScanResult[] {
  const scans: ScanResult[] = [];
  for (const [i, { query, space }] of asked.entries())
    if (query.limit === 0) scans[i] = space.scan(query.vector, 0, within);
  for (const [i, { query, space }] of asked.entries())
    if (query.limit > 0) scans[i] = space.scan(query.vector, Math.max(rerank, query.limit), within);
  return scans;
}

/** What a question says of photos that are not among its best: its scan wrote that down, unless a later one wrote over it. */
function othersOf(
  asked: Asked,
  i: number,
  photoIds: Float64Array,
  known: ReadonlyMap<number, number>,
): (photoId: number) => number {
  const { query, space } = asked[i] as Asked[number];
  if (asked.findLastIndex((other) => other.space === space && other.query.limit > 0) === i) return space.scanned;
  const others = photoIds.filter((photoId) => !known.has(photoId));
  const scores = space.approximate(query.vector, others);
  const found = new Map(Array.from(others, (photoId, j) => [photoId, scores[j] as number]));
  return (photoId) => found.get(photoId) ?? Number.NaN;
}

function floorOf(
  { limit }: NearestQuery,
  best: readonly number[],
  score: ReadonlyMap<number, number>,
  among: number,
): number {
  if (limit === 0) return Number.POSITIVE_INFINITY;
  const last = best.at(-1);
  return best.length >= among || last === undefined ? Number.NEGATIVE_INFINITY : (score.get(last) as number);
}

function union(lists: readonly (readonly number[])[]): Set<number> {
  return new Set(lists.flat());
}
