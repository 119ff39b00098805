// Counts that are asked for again and again, remembered while they hold. Library thread.
import type { ReadDb } from '../store/open-database.ts';
import { writtenState } from '../store/written-state.ts';

/** Counting a large library takes long; while it changes all the time, counting takes at most this share of it. */
const countingShare = 1 / 20;
/** Counts that cost less are always made anew. */
const dearMs = 50;

/**
 * Repeats the last answer while nothing was written, by this connection or another. In a library that is dear to count, an answer may also be as old as
 * twenty times what counting cost. @param clock milliseconds, rising.
 */
export function remembered<Question, Answer>(
  db: ReadDb,
  count: (question: Question) => Answer,
  clock: () => number = () => performance.now(),
): (question: Question) => Answer {
  const written = writtenState(db);
  let last: { key: string; state: string; at: number; costMs: number; answer: Answer } | undefined;
  return (question) => {
    const key = JSON.stringify(question);
    const state = written();
    const now = clock();
    if (last?.key === key) {
      const isFresh = last.costMs > dearMs && now - last.at < last.costMs / countingShare;
      if (last.state === state || isFresh) return last.answer;
    }
    const answer = count(question);
    const at = clock();
    last = { key, state, at, costMs: at - now, answer };
    return answer;
  };
}
