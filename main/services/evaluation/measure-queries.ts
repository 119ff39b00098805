// Asks every caption of a labelled set and notes where each mode puts its photo, and how long an answer takes. Shell process.

import { setImmediate } from 'node:timers/promises';
import { RetrievalMode } from '../../../preload/contract/evaluation.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import { literalQuery } from '../search/language/literal-query.ts';
import type { SearchService } from '../search/search-service.ts';
import type { CaptionQuery } from './own-captions.ts';
import type { QueryOutcome } from './report-types.ts';

export interface QueryTimes {
  readonly encode: number[];
  readonly scan: number[];
  readonly fuse: number[];
  readonly total: number[];
}

/** As a gallery asks: the fused mode and a screen of hits. */
const timedLimit = 20;
/** Queries asked before timing starts: models and vectors are loaded by the first. */
const warmUpQueries = 5;

export async function measureQueries(
  search: SearchService,
  queries: readonly CaptionQuery[],
  photoIds: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<{ outcomes: QueryOutcome[]; times: QueryTimes }> {
  const outcomes: QueryOutcome[] = [];
  const times: QueryTimes = { encode: [], scan: [], fuse: [], total: [] };
  for (const [index, query] of queries.entries()) {
    throwIfCancelled(signal);
    // The timed question comes first: the ranking below would find its vectors in the cache.
    const { tookMs } = await search.find(
      { query: literalQuery(query.text), mode: 'fused', limit: timedLimit },
      { signal },
    );
    if (index >= warmUpQueries || queries.length <= warmUpQueries) {
      for (const stage of ['encode', 'scan', 'fuse', 'total'] as const) times[stage].push(tookMs[stage]);
    }
    const rankings = await search.rankAll({ text: query.text });
    const wanted = photoIds.get(query.photo);
    const ranks = Object.fromEntries(
      RetrievalMode.options.map((mode) => [mode, wanted === undefined ? null : placeOf(wanted, rankings[mode])]),
    ) as Record<RetrievalMode, number | null>;
    outcomes.push({ text: query.text, photo: query.photo, ranks });
    await setImmediate();
  }
  return { outcomes, times };
}

function placeOf(photoId: number, ranking: readonly number[]): number | null {
  const place = ranking.indexOf(photoId);
  return place < 0 ? null : place + 1;
}
