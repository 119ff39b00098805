// What speaks against a photo: signs of what the query leaves out. Pure; shell process.
import type { QuerySignals } from '../signals.ts';

/**
 * Chosen on 200 questions that are made of Flickr8k's validation set by rule, and checked with the words halved (`docs/evaluation.md`). Already a picture that shows the
 * thing as little as most counts against those that show it less; a caption or name that says the word counts as much as a picture can.
 */
const weights = { picture: 1, from: -1.5, words: 4 };
/** Deviations that a picture can speak against a photo: further down nothing is shown anyway. */
const mostAgainst = 5;
/** Below it, scores differ only by rounding. */
const leastDeviation = 1e-6;

/**
 * To be taken off the fused scores, aligned with the photos: 0 or more, the sum over all that is left out. More of a thing in the picture, or its word among the
 * photo's, never takes less off.
 */
export function withoutPenalty(without: readonly QuerySignals[], photos: number): Float64Array {
  const penalty = new Float64Array(photos);
  for (const { embedding, words } of without) {
    for (let i = 0; i < photos; i++) {
      const score = embedding.scores[i] ?? Number.NaN;
      const isPlaced = !Number.isNaN(score) && embedding.deviation >= leastDeviation;
      // A photo that nobody looked at is an average one.
      const place = isPlaced ? (score - embedding.mean) / embedding.deviation : 0;
      const shown = Math.max(0, Math.min(mostAgainst, place - weights.from));
      const said = (words[i] ?? 0) > 0 ? weights.words : 0;
      penalty[i] = (penalty[i] as number) + weights.picture * shown + said;
    }
  }
  return penalty;
}
