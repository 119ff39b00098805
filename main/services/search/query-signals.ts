// Turns a typed sentence into the signals of its photos: words and vectors asked at the same time as far as they can be. Shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import type { ScoredIds } from '../../library-db/library-rows.ts';
import { AppError, throwIfCancelled } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import {
  askWords,
  type EncodedQuery,
  gatherSignals,
  type SignalSources,
  type SignalsQuery,
  wordSignals,
} from './gather-signals.ts';
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
  /** `times` takes the clock's time at which the caller has ranked them. Throws `input/invalid` for a text without content. */
  gather(
    input: SignalsQuery & { mode: SearchMode },
    signal: AbortSignal,
  ): Promise<{ found: QuerySignals; times: (end: number) => SearchTimes }>;
  /** Of every photo, in libraries of up to `wholeDepth`, all in float32. */
  signals(input: { text: string }): Promise<QuerySignals>;
}

export function createQuerySignals(parts: {
  readonly sources: SignalSources;
  readonly encode: EncodeQuery;
  readonly clock: Clock;
}): QuerySignalsOf {
  const { sources, encode, clock } = parts;
  /** Modes that are compared side by side weigh the same scores; who leaves does not end the question of the others. */
  const ask = sharedAnswers(
    ({ query: { depth, exact, text } }: { query: SignalsQuery; encoded: EncodedQuery; words: ScoredIds }) =>
      `${depth} ${exact} ${text}`,
    ({ query, encoded, words }) => gatherSignals(sources, query, encoded, words),
  );

  async function signals({ text }: { text: string }): Promise<QuerySignals> {
    const query = { text: normalise(text), depth: wholeDepth, exact: wholeDepth };
    const [encoded, words] = await Promise.all([
      encode(query.text, { signal: new AbortController().signal }),
      askWords(sources.db, query),
    ]);
    return ask({ query, encoded, words });
  }

  async function gather(
    input: SignalsQuery & { mode: SearchMode },
    signal: AbortSignal,
  ): Promise<{ found: QuerySignals; times: (end: number) => SearchTimes }> {
    const start = clock.now();
    const query = {
      text: normalise(input.text),
      depth: Math.min(wholeDepth, input.depth),
      exact: Math.min(wholeDepth, input.exact),
    };
    const isWords = input.mode === 'words';
    const [encoded, words] = await Promise.all([
      isWords ? null : encode(query.text, { signal }),
      askWords(sources.db, query),
    ]);
    throwIfCancelled(signal);
    // Words are part of the scan; beside an encoded sentence they are hidden behind it.
    const encodedAt = isWords ? start : clock.now();
    const found = encoded ? await ask({ query, encoded, words }) : wordSignals(query, words);
    throwIfCancelled(signal);
    const scannedAt = clock.now();
    const times = (end: number): SearchTimes => ({
      encode: encodedAt - start,
      scan: scannedAt - encodedAt,
      fuse: end - scannedAt,
      total: end - start,
    });
    return { found, times };
  }

  return { gather, signals };
}

/** One form for all spellings of a text, so that equal questions meet in the cache. */
function normalise(text: string): string {
  const plain = text.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (plain !== '') return plain;
  throw new AppError('input/invalid', 'The sentence is empty; say what the photo shows.');
}
