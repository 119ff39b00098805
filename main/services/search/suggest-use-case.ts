// Suggestions for the search box, from what is known of the library by then. Shell process.

import type { Gazetteer } from '../../platform/gazetteer/gazetteer.ts';
import { knownPhrases } from './language/suggesting/known-phrases.ts';
import { ownWordsOf, rememberingFold } from './language/suggesting/own-words.ts';
import { type Suggestable, type Suggestion, suggest } from './language/suggesting/suggest.ts';
import type { Vocabulary } from './language/vocabulary.ts';
import type { QueryReader } from './query-reader.ts';
import type { SharedGazetteer } from './shared-gazetteer.ts';

export interface SuggestUseCase {
  /** At once: a key that was pressed waits for nothing. */
  suggest(input: { text: string; caret: number; limit: number }): Promise<Suggestion[]>;
}

export function createSuggestUseCase(parts: {
  readonly reader: Pick<QueryReader, 'vocabulary' | 'ready'>;
  readonly gazetteer: Pick<SharedGazetteer, 'opened'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
}): SuggestUseCase {
  const { reader, gazetteer, now } = parts;
  const fold = rememberingFold();
  let last:
    | { vocabulary: Vocabulary | null; gazetteer: Gazetteer | null; year: number; words: Suggestable }
    | undefined;

  function words(): Suggestable {
    const [vocabulary, opened, year] = [reader.vocabulary(), gazetteer.opened(), new Date(now()).getFullYear()];
    if (!last || last.vocabulary !== vocabulary || last.gazetteer !== opened || last.year !== year) {
      const own = vocabulary ? ownWordsOf(vocabulary, opened, fold) : [];
      last = { vocabulary, gazetteer: opened, year, words: { own, phrases: knownPhrases(year) } };
    }
    return last.words;
  }
  return {
    async suggest({ text, caret, limit }) {
      // What is known by now is used; what is not is there a few keys later.
      void reader.ready();
      return suggest(text, caret, words(), limit);
    },
  };
}
