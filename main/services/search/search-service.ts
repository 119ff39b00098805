// Ranks the library's photos for a sentence, by one signal or by all of them. Shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import type { VectorIndex } from '../../vectors/vector-index.ts';
import type { FusionWeights } from './fusion.ts';
import type { GatheredSignals } from './gather-signals.ts';
import { judge } from './judging/judge.ts';
import type { Judgement } from './judging/judgement.ts';
import { createLatestWins } from './latest-wins.ts';
import type { ParsedQuery } from './parsed-query.ts';
import { type EncodeQuery, rememberingEncoder } from './query-encoder.ts';
import { photosOf, queryFloor, queryScores, signalScores } from './query-scores.ts';
import { createQuerySignals, type SearchTimes } from './query-signals.ts';
import { rankOrder, rankPositions } from './ranking.ts';
import type { QuerySignals } from './signals.ts';

export interface SearchServiceParts {
  readonly db: Pick<LibraryDb, 'searchWords' | 'photosWhere' | 'newestWhere' | 'summaries'>;
  readonly vectors: VectorIndex;
  /** Unit vectors of a sentence in both spaces. */
  readonly encodeQuery: EncodeQuery;
  readonly pack: {
    readonly imageModelId: string;
    readonly sentenceModelId: string;
    /** Null where the pack was not tuned: ranks are fused then. */
    readonly fusion: FusionWeights | null;
    /** Absent or null where the pack's hits were never judged: nothing is said of how sure they are. */
    readonly judgement?: Judgement | null;
  };
  readonly clock?: Clock;
}

export interface SearchHit {
  readonly photoId: number;
  readonly path: string;
  /** Of the mode asked: fused score, cosine or BM25. */
  readonly score: number;
  readonly caption: string | null;
  /** Place in each single mode, 1 first; null where the mode does not rank the photo or ranks it too low to know. */
  readonly ranks: {
    readonly embedding: number | null;
    readonly caption: number | null;
    readonly words: number | null;
  };
}

/** Aligned columns, best first. */
export interface RankedPhotos {
  readonly photoIds: number[];
  readonly scores: number[];
  readonly tookMs: SearchTimes;
  /** So many of the first hits are probably right; absent where hits are not judged. */
  readonly sure?: number;
  /** So many of the first hits are worth showing, of all that were found; absent where hits are not judged. */
  readonly shown?: number;
  /** Why nothing is worth showing; absent where something is. */
  readonly nothing?: 'filters' | 'nothing-alike' | 'empty';
}

export interface SearchQuestion {
  readonly query: ParsedQuery;
  readonly mode: SearchMode;
  readonly limit: number;
  /** Leaves out what is not worth showing, where hits are judged. */
  readonly cut?: boolean;
  /** 0 to 1, 0.5 where absent; see `judge`. */
  readonly strictness?: number;
  /** A newer question of the same client cancels an older one (`CancelledError`). */
  readonly client?: string;
}

export interface SearchService {
  /**
   * Best photos first; those of a query of conditions alone newest first, with scores of 0. A query of neither texts nor conditions finds nothing. Mode `words`
   * needs no model, and leaves the other ranks null.
   */
  find(input: SearchQuestion, call?: { signal?: AbortSignal }): Promise<{ hits: SearchHit[]; tookMs: SearchTimes }>;
  /** As `find`, without rows: ids and scores alone. */
  rank(input: SearchQuestion, call?: { signal?: AbortSignal }): Promise<RankedPhotos>;
  /** Photos that look like this one, most alike first, itself left out; none where it was not looked at yet. */
  similar(input: { photoId: number; limit: number }): Promise<{ photoIds: number[]; scores: number[] }>;
  /** Every photo that a mode ranks, best first; for libraries of up to 16,384 photos, of which larger ones give the best. */
  rankAll(input: { text: string }): Promise<Record<SearchMode, number[]>>;
  /** What `rankAll` ranks by; tuning weighs it anew. */
  signals(input: { text: string }): Promise<QuerySignals>;
}

/** Candidates taken from each signal, at least: what is not among the best 100 of any does not come first in their sum. */
const minDepth = 100;
/** Photos of a gallery that are ranked without rounding: more than a window shows. Those below are in the order of their int8 rows. */
const rankedExactly = 50;

export function createSearchService(parts: SearchServiceParts): SearchService {
  const clock = parts.clock ?? systemClock;
  const latestWins = createLatestWins();
  const { gather, signals } = createQuerySignals({
    sources: { db: parts.db, vectors: parts.vectors, models: parts.pack },
    encode: rememberingEncoder(parts.encodeQuery),
    clock,
  });

  async function find(
    { query, mode, limit }: SearchQuestion,
    signal: AbortSignal,
  ): Promise<{ hits: SearchHit[]; tookMs: SearchTimes }> {
    if (query.texts.length === 0) {
      const { photoIds, tookMs } = await newest(query, limit, signal);
      const ranked = photoIds.map((photoId) => ({ photoId, score: 0, ranks: noRanks }));
      return { hits: await readHits(parts.db, ranked), tookMs };
    }
    const depth = Math.max(minDepth, 2 * limit);
    const { found, times } = await gather({ query, mode, depth, exact: depth }, signal);
    const hits = await readHits(parts.db, rankedHits(found, mode, parts.pack.fusion, limit));
    throwIfCancelled(signal);
    return { hits, tookMs: times(clock.now()) };
  }

  async function rank(
    { query, mode, limit, cut = false, strictness = 0.5 }: SearchQuestion,
    signal: AbortSignal,
  ): Promise<RankedPhotos> {
    if (query.texts.length === 0) {
      const found = await newest(query, limit, signal);
      if (found.photoIds.length > 0) return found;
      return { ...found, nothing: query.filters.length > 0 ? 'filters' : 'empty' };
    }
    const { found, within, times } = await gather(
      { query, mode, depth: Math.max(minDepth, limit), exact: rankedExactly },
      signal,
    );
    const ranked = judged(found, parts.pack, { mode, limit, cut, strictness });
    const isWithoutPassing = ranked.nothing !== undefined && within?.count === 0;
    return { ...ranked, ...(isWithoutPassing ? { nothing: 'filters' } : {}), tookMs: times(clock.now()) };
  }

  async function newest({ filters }: ParsedQuery, limit: number, signal: AbortSignal): Promise<RankedPhotos> {
    const start = clock.now();
    const { photoIds } = await parts.db.newestWhere({ filters, limit });
    throwIfCancelled(signal);
    const total = clock.now() - start;
    return {
      photoIds: [...photoIds],
      scores: photoIds.map(() => 0),
      tookMs: { encode: 0, scan: total, fuse: 0, total },
    };
  }

  return {
    find: (input, call) => latestWins(input.client, call?.signal, (signal) => find(input, signal)),
    rank: (input, call) => latestWins(input.client, call?.signal, (signal) => rank(input, signal)),
    async similar({ photoId, limit }) {
      const found = await parts.vectors.similar({ kind: 'image', modelId: parts.pack.imageModelId, photoId, limit });
      return alike(found);
    },
    signals,
    async rankAll(input) {
      const found = await signals(input);
      const ranked = (mode: SearchMode): number[] =>
        rankOrder(found.photoIds, signalScores(found, mode, parts.pack.fusion)).map((i) => found.photoIds[i] as number);
      return {
        fused: ranked('fused'),
        embedding: ranked('embedding'),
        caption: ranked('caption'),
        words: ranked('words'),
      };
    },
  };
}

/** The best of what was found, and how sure of it a whole search is. */
function judged(
  found: GatheredSignals,
  { fusion, judgement }: SearchServiceParts['pack'],
  { mode, limit, cut, strictness }: Required<Pick<SearchQuestion, 'mode' | 'limit' | 'cut' | 'strictness'>>,
): Omit<RankedPhotos, 'tookMs'> {
  const photoIds = photosOf(found);
  const scores = queryScores(found, mode, fusion);
  const all = rankOrder(photoIds, scores);
  const verdict =
    mode === 'fused' && judgement && fusion ? judge(found.texts, scores, all, judgement, strictness) : null;
  const order = all.slice(0, cut && verdict ? Math.min(limit, verdict.shown) : limit);
  return {
    photoIds: order.map((i) => photoIds[i] as number),
    scores: order.map((i) => scores[i] as number),
    ...(verdict ? { sure: verdict.sure, shown: verdict.shown } : {}),
    ...(all.length === 0 || verdict?.shown === 0 ? { nothing: 'nothing-alike' } : {}),
  };
}

/**
 * Cosine of two pictures below which they have hardly more in common than any two. Looked up in photos of all kinds with the shipped pack: two pictures lie
 * at 0.26 in the mean, one pair in twenty above 0.58, and from there on down neighbours share a colour or a shape rather than what they show. Other packs place
 * their pictures nearer together, so that less is left out.
 */
const leastAlike = 0.55;

/** Those that look like it, best first as they came. */
function alike(found: { readonly photoIds: ArrayLike<number>; readonly scores: ArrayLike<number> }) {
  const scores = Array.from(found.scores).filter((score) => score >= leastAlike);
  return { photoIds: Array.from(found.photoIds).slice(0, scores.length), scores };
}

type RankedHit = Omit<SearchHit, 'path' | 'caption'>;

const noRanks = { embedding: null, caption: null, words: null };

function rankedHits(
  found: GatheredSignals,
  mode: SearchMode,
  weights: FusionWeights | null,
  limit: number,
): RankedHit[] {
  const photoIds = photosOf(found);
  const scores = queryScores(found, mode, weights);
  const places = {
    embedding: knownPlaces(found, 'embedding'),
    caption: knownPlaces(found, 'caption'),
    words: knownPlaces(found, 'words'),
  };
  return rankOrder(photoIds, scores)
    .slice(0, limit)
    .map((i) => ({
      photoId: photoIds[i] as number,
      score: scores[i] as number,
      ranks: {
        embedding: places.embedding[i] ?? null,
        caption: places.caption[i] ?? null,
        words: places.words[i] ?? null,
      },
    }));
}

/** Places in a single mode, as far down as the candidates are known to hold every photo that comes before. */
function knownPlaces(found: GatheredSignals, mode: 'embedding' | 'caption' | 'words'): (number | null)[] {
  const scores = queryScores(found, mode, null);
  const floor = queryFloor(found, mode);
  return rankPositions(photosOf(found), scores).map((place, i) => ((scores[i] as number) >= floor ? place : null));
}

/** Adds what is shown; a photo that left the library meanwhile is left out. */
async function readHits(db: Pick<LibraryDb, 'summaries'>, ranked: readonly RankedHit[]): Promise<SearchHit[]> {
  if (ranked.length === 0) return [];
  const summaries = await db.summaries({ photoIds: ranked.map((hit) => hit.photoId) });
  const byPhoto = new Map(summaries.map((summary) => [summary.photoId, summary]));
  return ranked.flatMap((hit) => {
    const shown = byPhoto.get(hit.photoId);
    return shown ? [{ ...hit, path: shown.path, caption: shown.caption }] : [];
  });
}
