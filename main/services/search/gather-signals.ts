// Asks the word index and the vector index about one query and lines their answers up by photo. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ScoredIds } from '../../library-db/library-rows.ts';
import type { PhotoSet } from '../../platform/photo-set.ts';
import type { NearestQuery, ScoreColumn, VectorIndex } from '../../vectors/vector-index.ts';
import type { Filter } from './parsed-query.ts';
import { countWords, type QuerySignals, type Signal } from './signals.ts';

export interface EncodedQuery {
  /** In the space of image vectors. */
  readonly text: Float32Array;
  /** In the space of caption vectors. */
  readonly sentence: Float32Array;
}

export interface SignalSources {
  readonly db: Pick<LibraryDb, 'searchWords' | 'photosWhere'>;
  readonly vectors: VectorIndex;
  readonly models: { readonly imageModelId: string; readonly sentenceModelId: string };
}

export interface SignalsDepth {
  /** Photos taken from each signal. */
  readonly depth: number;
  /** So many of the best of each are scored in float32; see `CandidatesQuestion.exact`. */
  readonly exact: number;
}

/** A text as it is asked of everything there is to ask. */
export interface AskedText {
  readonly text: string;
  readonly encoded: EncodedQuery;
  readonly words: ScoredIds;
}

export interface AskedQuery {
  /** At least one. */
  readonly texts: readonly AskedText[];
  readonly without: readonly AskedText[];
  /** Null where the whole library is asked. */
  readonly within: PhotoSet | null;
}

/** What each text of a query says of the same photos, in the order asked. */
export interface GatheredSignals {
  readonly texts: readonly QuerySignals[];
  readonly without: readonly QuerySignals[];
}

/** Words are listed further down than they propose photos: a photo proposed by another signal keeps its word score. */
const minWordsListed = 1000;

/** Photos whose text has the query's words and that fulfil its conditions, best first. */
export function askWords(
  db: Pick<LibraryDb, 'searchWords'>,
  { text, depth, filters }: { text: string; depth: number; filters: readonly Filter[] },
): Promise<ScoredIds> {
  return db.searchWords({ text, limit: Math.max(minWordsListed, depth), ...(filters.length > 0 ? { filters } : {}) });
}

/**
 * The signals of every photo that is among the best `depth` of any signal of any of the texts, or has the words; what is to be left out proposes none. The
 * vector index is asked once, after the words, so that it scores their photos too: a second question to another process cost more than waiting for words,
 * which come while the sentence is encoded.
 */
export async function gatherSignals(
  { vectors, models }: SignalSources,
  { depth, exact }: SignalsDepth,
  { texts, without, within }: AskedQuery,
): Promise<GatheredSignals> {
  const found = await vectors.candidates({
    queries: [
      ...texts.flatMap(({ encoded }) => vectorQuestions(models, encoded, depth)),
      ...without.flatMap(({ encoded }) => vectorQuestions(models, encoded, 0)),
    ],
    include: proposedByWords(texts, depth),
    exact,
    ...(within ? { within } : {}),
  });
  const photoIds = Array.from(found.photoIds);
  const signals = [...texts, ...without].map(({ text, words }, i) => {
    const [embedding = noColumn, caption = noColumn, own = noColumn] = found.columns.slice(3 * i, 3 * i + 3);
    return signalsOf(text, photoIds, { embedding, caption, own }, words);
  });
  return { texts: signals.slice(0, texts.length), without: signals.slice(texts.length) };
}

/** What a query says where no vectors are asked. */
export function wordSignals(
  depth: number,
  texts: readonly Omit<AskedText, 'encoded'>[],
  without: readonly Omit<AskedText, 'encoded'>[],
): GatheredSignals {
  const photoIds = [...new Set(proposedByWords(texts, depth))].sort((a, b) => a - b);
  const none = { ...noColumn, scores: new Float32Array(photoIds.length).fill(Number.NaN) };
  const [ofTexts, ofWithout] = [texts, without].map((asked) =>
    asked.map(({ text, words }) => signalsOf(text, photoIds, { embedding: none, caption: none, own: none }, words)),
  ) as [QuerySignals[], QuerySignals[]];
  return { texts: ofTexts, without: ofWithout };
}

/** The best of each text's first, since those that come first are certain. */
function proposedByWords(texts: readonly Pick<AskedText, 'words'>[], depth: number): number[] {
  const lists = texts.map(({ words }) => words.photoIds.slice(0, depth));
  const [only] = lists;
  if (lists.length === 1 && only) return only;
  const longest = Math.max(0, ...lists.map((list) => list.length));
  const inTurn = Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1)));
  return [...new Set(inTurn.flat())];
}

const noColumn: ScoreColumn = {
  scores: new Float32Array(0),
  rows: 0,
  mean: 0,
  deviation: 0,
  floor: Number.NEGATIVE_INFINITY,
};

function signalsOf(
  text: string,
  photoIds: readonly number[],
  vectors: Record<'embedding' | 'caption' | 'own', Signal>,
  words: ScoredIds,
): QuerySignals {
  const byPhoto = new Map(words.photoIds.map((id, i) => [id, words.scores[i] as number]));
  return {
    photoIds,
    ...vectors,
    words: Float32Array.from(photoIds, (id) => byPhoto.get(id) ?? 0),
    wordCount: countWords(text),
  };
}

/** In the order embedding, caption, own. */
function vectorQuestions(models: SignalSources['models'], encoded: EncodedQuery, limit: number): NearestQuery[] {
  const sentence = { modelId: models.sentenceModelId, vector: encoded.sentence, limit };
  return [
    { kind: 'image', modelId: models.imageModelId, vector: encoded.text, limit },
    { kind: 'caption', ...sentence },
    { kind: 'own', ...sentence },
  ];
}
