// What a query would say in a library of some of the photos only. Pure; runs where evaluation runs.
import type { QuerySignals, Signal } from '../search/signals.ts';

/**
 * Signals of the photos at the given places (ascending), with means and deviations of these alone. BM25 keeps the word frequencies of the whole library, which a
 * small one would have a little otherwise.
 */
export function cutSignals(signals: QuerySignals, places: readonly number[]): QuerySignals {
  return {
    photoIds: places.map((place) => signals.photoIds[place] as number),
    embedding: cutSignal(signals.embedding, places),
    caption: cutSignal(signals.caption, places),
    own: cutSignal(signals.own, places),
    words: Float32Array.from(places, (place) => signals.words[place] as number),
    wordCount: signals.wordCount,
  };
}

function cutSignal(signal: Signal, places: readonly number[]): Signal {
  const scores = Float32Array.from(places, (place) => signal.scores[place] as number);
  let rows = 0;
  let sum = 0;
  let squares = 0;
  for (const score of scores) {
    if (Number.isNaN(score)) continue;
    rows++;
    sum += score;
    squares += score * score;
  }
  const mean = rows === 0 ? 0 : sum / rows;
  const deviation = rows === 0 ? 0 : Math.sqrt(Math.max(0, squares / rows - mean * mean));
  return { scores, rows, mean, deviation, floor: Number.NEGATIVE_INFINITY };
}
