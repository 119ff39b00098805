// Asks the word index and the vector index about one query and lines their answers up by photo. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ScoredIds } from '../../library-db/library-rows.ts';
import type { NearestQuery, ScoreColumn, VectorIndex } from '../../vectors/vector-index.ts';
import { countWords, type QuerySignals, type Signal } from './signals.ts';

export interface EncodedQuery {
  /** In the space of image vectors. */
  readonly text: Float32Array;
  /** In the space of caption vectors. */
  readonly sentence: Float32Array;
}

export interface SignalSources {
  readonly db: Pick<LibraryDb, 'searchWords'>;
  readonly vectors: VectorIndex;
  readonly models: { readonly imageModelId: string; readonly sentenceModelId: string };
}

export interface SignalsQuery {
  readonly text: string;
  /** Photos taken from each signal. */
  readonly depth: number;
  /** So many of the best of each are scored in float32; see `CandidatesQuestion.exact`. */
  readonly exact: number;
}

/** Words are listed further down than they propose photos: a photo proposed by another signal keeps its word score. */
const minWordsListed = 1000;

/** Photos whose text has the query's words, best first. */
export function askWords(
  db: SignalSources['db'],
  { text, depth }: Pick<SignalsQuery, 'text' | 'depth'>,
): Promise<ScoredIds> {
  return db.searchWords({ text, limit: Math.max(minWordsListed, depth) });
}

/**
 * The signals of every photo that is among the best `depth` of any of them, or has the words. The vector index is asked once, after the words, so that
 * it scores their photos too: a second question to another process cost more than waiting for words, which come while the sentence is encoded.
 */
export async function gatherSignals(
  { vectors, models }: SignalSources,
  query: SignalsQuery,
  encoded: EncodedQuery,
  words: ScoredIds,
): Promise<QuerySignals> {
  const found = await vectors.candidates({
    queries: vectorQuestions(models, encoded, query.depth),
    include: words.photoIds.slice(0, query.depth),
    exact: query.exact,
  });
  const photoIds = Array.from(found.photoIds);
  const [embedding = noColumn, caption = noColumn, own = noColumn] = found.columns;
  return signalsOf(query.text, photoIds, { embedding, caption, own }, words);
}

/** What a query says where no vectors are asked. */
export function wordSignals({ text, depth }: SignalsQuery, words: ScoredIds): QuerySignals {
  const photoIds = words.photoIds.slice(0, depth).sort((a, b) => a - b);
  const scores = new Float32Array(photoIds.length).fill(Number.NaN);
  const none = { ...noColumn, scores };
  return signalsOf(text, photoIds, { embedding: none, caption: none, own: none }, words);
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
