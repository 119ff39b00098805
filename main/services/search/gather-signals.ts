// Asks the vector index and the word index about one query and lines their answers up by photo. Shell process.
import type { LibraryDb, ScoredIds } from '../../library-db/library-db.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { NearestAnswer, NearestQuery, VectorIndex } from '../../vectors/vector-index.ts';
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

/** Words are listed further down than they propose photos: a photo proposed by another signal keeps its word score. */
const minWordsListed = 1000;

const emptyAnswer: NearestAnswer = { photoIds: [], scores: [], rows: 0, mean: 0, deviation: 0 };

/**
 * The signals of every photo that is among the best `depth` of any of them; scores missing from a list are asked for by photo, so what is
 * fused is exact for all of them. Without `encoded` only words are asked.
 */
export async function gatherSignals(
  sources: SignalSources,
  query: { text: string; encoded: EncodedQuery | null; depth: number },
  signal?: AbortSignal,
): Promise<QuerySignals> {
  const questions = query.encoded ? vectorQuestions(sources, query.encoded, query.depth) : [];
  const [answers, words] = await Promise.all([
    questions.length > 0 ? sources.vectors.nearest({ queries: questions }) : [],
    sources.db.searchWords({ text: query.text, limit: Math.max(minWordsListed, query.depth) }),
  ]);
  throwIfCancelled(signal);
  const photoIds = union([...answers.map((answer) => answer.photoIds), words.photoIds.slice(0, query.depth)]);
  const found = await complete(sources.vectors, questions, answers, photoIds);
  throwIfCancelled(signal);
  const [embedding, caption, own] = [0, 1, 2].map((i) => toSignal(photoIds, answers[i] ?? emptyAnswer, found[i]));
  return {
    photoIds,
    embedding: embedding as Signal,
    caption: caption as Signal,
    own: own as Signal,
    words: aligned(photoIds, words, 0),
    wordCount: countWords(query.text),
  };
}

/** In the order embedding, caption, own. */
function vectorQuestions({ models }: SignalSources, encoded: EncodedQuery, limit: number): NearestQuery[] {
  const sentence = { modelId: models.sentenceModelId, vector: encoded.sentence, limit };
  return [
    { kind: 'image', modelId: models.imageModelId, vector: encoded.text, limit },
    { kind: 'caption', ...sentence },
    { kind: 'own', ...sentence },
  ];
}

function union(lists: readonly (readonly number[])[]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}

/** Scores of the photos that a cut-off list left out, by question. */
async function complete(
  vectors: VectorIndex,
  questions: readonly NearestQuery[],
  answers: readonly NearestAnswer[],
  photoIds: readonly number[],
): Promise<(ScoredIds | undefined)[]> {
  const missing = answers.map((answer) => {
    if (isWhole(answer)) return [];
    const listed = new Set(answer.photoIds);
    return photoIds.filter((id) => !listed.has(id));
  });
  if (missing.every((ids) => ids.length === 0)) return [];
  const queries = questions.map(({ kind, modelId, vector }, i) => ({
    kind,
    modelId,
    vector,
    photoIds: missing[i] ?? [],
  }));
  const scored = await vectors.score({ queries });
  return scored.map(({ scores }, i) => ({ photoIds: missing[i] ?? [], scores: [...scores] }));
}

function isWhole(answer: NearestAnswer): boolean {
  return answer.photoIds.length >= answer.rows;
}

function toSignal(photoIds: readonly number[], answer: NearestAnswer, found: ScoredIds | undefined): Signal {
  const scores = aligned(photoIds, answer, Number.NaN);
  if (found) {
    const rest = aligned(photoIds, found, Number.NaN);
    for (let i = 0; i < rest.length; i++) if (!Number.isNaN(rest[i])) scores[i] = rest[i] as number;
  }
  const floor = isWhole(answer) ? Number.NEGATIVE_INFINITY : (answer.scores.at(-1) ?? Number.NEGATIVE_INFINITY);
  return { scores, rows: answer.rows, mean: answer.mean, deviation: answer.deviation, floor };
}

function aligned(photoIds: readonly number[], list: ScoredIds, absent: number): Float32Array {
  const byPhoto = new Map(list.photoIds.map((id, i) => [id, list.scores[i] as number]));
  return Float32Array.from(photoIds, (id) => byPhoto.get(id) ?? absent);
}
