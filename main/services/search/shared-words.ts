// Lets questions that ask the same words at the same time share one answer: matching words are shown first, and are part of the whole ranking. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ScoredIds } from '../../library-db/library-rows.ts';

type SearchWords = LibraryDb['searchWords'];

/** The library's `searchWords`. Nothing is remembered past the answer: the library may have changed. */
export function sharedWords(db: { readonly searchWords: SearchWords }): SearchWords {
  const running = new Map<string, Promise<ScoredIds>>();
  return ({ text, limit }) => {
    const key = `${limit} ${text}`;
    const known = running.get(key);
    if (known) return known;
    const answer = db.searchWords({ text, limit }).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };
}
