// Puts the beam search's candidates into the order they are shown in: likely sentences that also fit the photo and agree with each other. Inference process; pure.
import { dot } from '../embedding/vectors.ts';
import type { RankingSpec } from '../pack.ts';
import type { Caption } from './captioner.ts';

/** A candidate with its unit vectors: `text` in the space of the pack's photos, `sentence` in that of sentences. */
export interface Candidate {
  readonly caption: Caption;
  readonly text: Float32Array;
  readonly sentence: Float32Array;
}

/**
 * Best first by  score + picture * cos(text, photo) + consensus * mean cos(sentence, every candidate's sentence).
 *
 * A decoder prefers what is said often; the retrieval space knows better which of its sentences belongs to this photo. The mean over all candidates
 * is minimum Bayes risk decoding (Kumar and Byrne 2004) with the cosine as gain: what most candidates say is seldom wrong. Equals keep their order.
 *
 * @param photo unit image vector.
 */
export function rankCaptions(candidates: readonly Candidate[], photo: Float32Array, weights: RankingSpec): Candidate[] {
  const ranked = candidates.map((candidate) => {
    const agreement = candidates.reduce((sum, other) => sum + dot(candidate.sentence, other.sentence), 0);
    const value =
      candidate.caption.score +
      weights.picture * dot(candidate.text, photo) +
      (weights.consensus * agreement) / candidates.length;
    return { candidate, value };
  });
  return ranked.sort((a, b) => b.value - a.value).map(({ candidate }) => candidate);
}
