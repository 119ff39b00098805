// Puts the beam search's candidates into the order they are shown in: likely sentences that also fit the photo and agree with each other. Inference process; pure.
import { dot } from '../embedding/vectors.ts';
import type { RankingSpec } from '../pack.ts';
import type { Caption } from './captioner.ts';
import { ngramOverlap, ngramsOf } from './ngram-overlap.ts';

/** A candidate with its unit vectors: `text` in the space of the pack's photos, `sentence` in that of sentences. */
export interface Candidate {
  readonly caption: Caption;
  readonly text: Float32Array;
  readonly sentence: Float32Array;
}

/**
 * Best first by  own + consensus * expected overlap,  own = score + picture * cos(text, photo).
 *
 * A decoder prefers what is said often; the retrieval space knows better which of its sentences belongs to this photo. The expected n-gram overlap with the
 * other candidates, each as probable as exp(own / temperature) says, is minimum Bayes risk decoding (Kumar and Byrne 2004): what many good
 * candidates say is seldom wrong. Equals keep their order.
 *
 * @param photo unit image vector.
 */
export function rankCaptions(candidates: readonly Candidate[], photo: Float32Array, weights: RankingSpec): Candidate[] {
  const own = candidates.map(({ caption, text }) => caption.score + weights.picture * dot(text, photo));
  const probable = softmax(own.map((value) => value / weights.temperature));
  const grams = candidates.map(({ caption }) => ngramsOf(caption.text));
  const ranked = candidates.map((candidate, i) => {
    const expected = grams.reduce(
      (sum, other, j) => sum + (probable[j] as number) * ngramOverlap(grams[i] as typeof other, other),
      0,
    );
    return { candidate, value: (own[i] as number) + weights.consensus * expected };
  });
  return ranked.sort((a, b) => b.value - a.value).map(({ candidate }) => candidate);
}

function softmax(values: readonly number[]): number[] {
  const most = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
