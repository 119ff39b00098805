// Contract of the search domain: a sentence in, ranked photos out.
import { z } from 'zod';
import { method } from './define.ts';
import { PhotoId } from './ids.ts';

/** `embedding` is ESR (one learned space), `caption` CBR (sentence vectors of captions), `words` BM25, `fused` their weighted sum. */
export const SearchMode = z.enum(['fused', 'embedding', 'caption', 'words']);
export type SearchMode = z.infer<typeof SearchMode>;

/** The longest sentence a search takes, in UTF-16 units: beyond it nobody is describing a photo. */
export const maxQueryLength = 500;

const rank = z.number().int().positive().nullable();

export const SearchHit = z.object({
  photoId: z.number().int(),
  path: z.string(),
  score: z.number(),
  caption: z.string().nullable(),
  /** Place of the photo in each single mode, 1 first; null where that mode does not rank it. */
  ranks: z.object({ embedding: rank, caption: rank, words: rank }),
});

/** Milliseconds. `encode`: sentence to vectors; `scan`: vectors and words; `fuse`: ranking and reading the rows shown. */
export const TookMs = z.object({ encode: z.number(), scan: z.number(), fuse: z.number(), total: z.number() });

/** What a typed text was understood as. */
export const QueryView = z.object({
  /** Free text, one for each side of OR; empty where the text holds conditions alone. */
  texts: z.array(z.string()),
  /** Conditions and what is to be left out, with their places in the text, [from, to) in UTF-16 units: taking one out is an edit of the text. */
  chips: z.array(
    z.object({
      kind: z.enum([
        'date',
        'yearly',
        'place',
        'near',
        'camera',
        'lens',
        'folder',
        'type',
        'orientation',
        'rating',
        'favourite',
        'caption',
        'phrase',
        'any',
        'without',
        'like',
      ]),
      label: z.string(),
      not: z.boolean(),
      from: z.number().int(),
      to: z.number().int(),
    }),
  ),
  /** What is odd of it, for the person: an impossible date, a condition that contradicts another. */
  notes: z.array(z.string()),
});
export type QueryView = z.infer<typeof QueryView>;

/** Ranked photos as columns, best first, without their rows: what a gallery asks for on every key. */
export const Ranking = z.object({
  photoIds: z.array(PhotoId),
  scores: z.array(z.number()),
  query: QueryView,
  /** So many of the first hits are probably right; absent where hits are not judged (single modes, conditions alone, a pack without judgement). */
  sure: z.number().int().nonnegative().optional(),
  /** So many of the first hits are worth showing, the sure ones included; with `cut` the columns end there. Absent as above. */
  shown: z.number().int().nonnegative().optional(),
  /** Why nothing is worth showing, with whole texts to ask instead, each with what it takes out; absent where something is. */
  nothing: z
    .object({
      reason: z.enum(['not-indexed', 'filters', 'nothing-alike', 'empty']),
      broader: z.array(z.object({ label: z.string(), text: z.string() })),
    })
    .optional(),
  indexed: z.number(),
  pending: z.number(),
  tookMs: TookMs,
});
export type Ranking = z.infer<typeof Ranking>;

/** The typed text as it would be, and where the caret stands then (UTF-16 units). `photos` have it, null for what is not of the library. */
export const QuerySuggestion = z.object({
  kind: z.enum(['place', 'camera', 'lens', 'folder', 'keyword', 'date', 'syntax']),
  label: z.string(),
  photos: z.number().int().nullable(),
  text: z.string(),
  caret: z.number().int(),
});
export type QuerySuggestion = z.infer<typeof QuerySuggestion>;

/** Why a photo was found. */
export const Explanation = z.object({
  /** Its texts that have words of the query, the person's own first, with the characters [from, to) that match in UTF-16 units. */
  words: z.array(
    z.object({
      /** `own` a caption of the person, `generated` one of a model, `tags` title, description or keyword, `names` words of file and folder names. */
      source: z.enum(['own', 'generated', 'tags', 'names']),
      text: z.string(),
      spans: z.array(z.tuple([z.number().int(), z.number().int()])),
    }),
  ),
  /** What each signal earned of the score; the sum is 1, or 0 where none speaks for the photo. */
  shares: z.object({ embedding: z.number(), caption: z.number(), own: z.number(), words: z.number() }),
  /** Where in the picture it is, row by row, 0 to 1; null where the picture earned nothing, or nothing in it stands out. */
  region: z.object({ rows: z.number().int(), columns: z.number().int(), values: z.array(z.number()) }).nullable(),
});
export type Explanation = z.infer<typeof Explanation>;

export const search = {
  /** Why a photo was found for this text. The newest call of a peer wins. With `region` it takes some seconds where the photo is asked about for the first time. */
  explain: method(
    z.strictObject({
      text: z.string().max(maxQueryLength),
      photoId: PhotoId,
      mode: SearchMode.default('fused'),
      region: z.boolean().default(true),
    }),
    Explanation,
  ),
  /** The newest call of a peer and mode wins: an older one still running ends as cancelled. */
  rank: method(
    z.strictObject({
      text: z.string().max(maxQueryLength),
      mode: SearchMode.default('fused'),
      limit: z.number().int().min(1).max(5000).default(500),
      /** Ends the ranking where nothing further is worth showing. */
      cut: z.boolean().default(false),
    }),
    Ranking,
  ),
  /** What the word under the caret may become: the library's own words first, then phrases of the language. None where nothing has been begun. */
  suggest: method(
    z.strictObject({
      text: z.string().max(maxQueryLength),
      caret: z.number().int().min(0).max(maxQueryLength),
      limit: z.number().int().min(1).max(20).default(8),
    }),
    z.object({ suggestions: z.array(QuerySuggestion) }),
  ),
  /** Photos that look alike, by image vector, the photo itself left out. */
  similar: method(
    z.strictObject({ photoId: PhotoId, limit: z.number().int().min(1).max(500).default(24) }),
    z.object({ photoIds: z.array(PhotoId), scores: z.array(z.number()) }),
  ),
  find: method(
    z.strictObject({
      text: z.string().max(maxQueryLength),
      mode: SearchMode.default('fused'),
      limit: z.number().int().min(1).max(1000).default(20),
    }),
    z.object({
      hits: z.array(SearchHit),
      query: QueryView,
      /** Photos that can be found, and those with work left. */
      indexed: z.number(),
      pending: z.number(),
      tookMs: TookMs,
    }),
  ),
};
