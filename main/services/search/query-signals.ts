// Turns a typed sentence into the signals of its photos: words and vectors asked at the same time as far as they can be. Shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import { AppError, throwIfCancelled } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PhotoSet } from '../../platform/photo-set.ts';
import {
  type AskedQuery,
  type AskedText,
  askWords,
  type GatheredSignals,
  gatherSignals,
  type SignalSources,
  type SignalsDepth,
  wordSignals,
} from './gather-signals.ts';
import { literalQuery } from './language/literal-query.ts';
import type { Filter, ParsedQuery } from './parsed-query.ts';
import type { EncodeQuery } from './query-encoder.ts';
import { sharedAnswers } from './shared-answers.ts';
import type { QuerySignals } from './signals.ts';

/** Milliseconds. */
export interface SearchTimes {
  readonly encode: number;
  readonly scan: number;
  readonly fuse: number;
  readonly total: number;
}

/** Most that the vector index lists. */
const wholeDepth = 16_384;

export interface QuerySignalsOf {
  /**
   * Of a query that has texts. `times` takes the clock's time at which the caller has ranked them; `within` is what its conditions leave, null where it has none.
   */
  gather(
    input: SignalsDepth & { query: ParsedQuery; mode: SearchMode },
    signal: AbortSignal,
  ): Promise<{ found: GatheredSignals; within: PhotoSet | null; times: (end: number) => SearchTimes }>;
  /** Of every photo, in libraries of up to `wholeDepth`, all in float32, for a text taken word for word. */
  signals(input: { text: string }): Promise<QuerySignals>;
}

/** A query as it is asked: with its texts in one spelling, so that equal questions meet. */
interface Question extends SignalsDepth {
  readonly texts: readonly string[];
  readonly without: readonly string[];
  readonly filters: readonly Filter[];
}

export function createQuerySignals(parts: {
  readonly sources: SignalSources;
  readonly encode: EncodeQuery;
  readonly clock: Clock;
}): QuerySignalsOf {
  const { sources, encode, clock } = parts;
  /** Modes that are compared side by side weigh the same scores; who leaves does not end the question of the others. */
  const ask = sharedAnswers(
    ({ question }: { question: Question; asked: AskedQuery }) => JSON.stringify(question),
    ({ question, asked }) => gatherSignals(sources, question, asked),
  );

  /** Words, conditions and models at the same time: a query with conditions waits for no answer longer than one without. */
  async function read(question: Question, signal: AbortSignal): Promise<AskedQuery> {
    const { depth, filters } = question;
    const all = (texts: readonly string[]): Promise<AskedText[]> =>
      Promise.all(
        texts.map(async (text) => {
          const [encoded, words] = await Promise.all([
            encode(text, { signal }),
            askWords(sources.db, { text, depth, filters }),
          ]);
          return { text, encoded, words };
        }),
      );
    const [texts, without, within] = await Promise.all([
      all(question.texts),
      all(question.without),
      passing(sources, filters),
    ]);
    return { texts, without, within };
  }

  async function readWords(question: Question): Promise<{ found: GatheredSignals; within: PhotoSet | null }> {
    const { depth, filters } = question;
    const all = (texts: readonly string[]) =>
      Promise.all(texts.map(async (text) => ({ text, words: await askWords(sources.db, { text, depth, filters }) })));
    const [texts, without, within] = await Promise.all([
      all(question.texts),
      all(question.without),
      passing(sources, filters),
    ]);
    return { found: wordSignals(depth, texts, without), within };
  }

  return {
    async signals({ text }) {
      const question = questionOf(literalQuery(text), { depth: wholeDepth, exact: wholeDepth });
      const asked = await read(question, new AbortController().signal);
      const { texts } = await ask({ question, asked });
      return texts[0] as QuerySignals;
    },
    async gather({ query, mode, depth, exact }, signal) {
      const start = clock.now();
      const question = questionOf(query, { depth: Math.min(wholeDepth, depth), exact: Math.min(wholeDepth, exact) });
      const times = (encodedAt: number, scannedAt: number) => (end: number) => ({
        encode: encodedAt - start,
        scan: scannedAt - encodedAt,
        fuse: end - scannedAt,
        total: end - start,
      });
      if (mode === 'words') {
        // Words are part of the scan; beside an encoded sentence they are hidden behind it.
        const answer = await readWords(question);
        throwIfCancelled(signal);
        return { ...answer, times: times(start, clock.now()) };
      }
      const asked = await read(question, signal);
      throwIfCancelled(signal);
      const encodedAt = clock.now();
      const isEmpty = asked.within?.count === 0;
      const found = isEmpty ? wordSignals(question.depth, asked.texts, []) : await ask({ question, asked });
      throwIfCancelled(signal);
      return { found, within: asked.within, times: times(encodedAt, clock.now()) };
    },
  };
}

async function passing({ db }: SignalSources, filters: readonly Filter[]): Promise<PhotoSet | null> {
  return filters.length === 0 ? null : db.photosWhere({ filters });
}

/** @throws AppError `input/invalid` for a query without a text. */
function questionOf({ texts, without, filters }: ParsedQuery, depth: SignalsDepth): Question {
  const spelled = (all: readonly string[]): string[] => [...new Set(all.map(normalise).filter((text) => text !== ''))];
  const question = { ...depth, texts: spelled(texts), without: spelled(without), filters };
  if (question.texts.length > 0) return question;
  throw new AppError('input/invalid', 'The sentence is empty; say what the photo shows.');
}

/** One form for all spellings of a text, so that equal questions meet in the cache. */
function normalise(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}
