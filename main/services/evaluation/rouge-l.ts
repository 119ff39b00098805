// ROUGE-L (Lin 2004): the longest common subsequence as an F-score. Pure; runs where evaluation runs.
import type { TokenisedCaption } from './tokenised-caption.ts';

/** How much recall outweighs precision; the value of the COCO caption evaluation. */
const beta = 1.2;

/** Mean over the captions, 0 to 1. Precision and recall are each the best over the references, not necessarily of the same one. */
export function meanRougeL(captions: readonly TokenisedCaption[]): number {
  let sum = 0;
  for (const caption of captions) sum += rougeL(caption);
  return sum / captions.length;
}

function rougeL({ candidate, references }: TokenisedCaption): number {
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const common = longestCommonSubsequence(candidate, reference);
    // An empty side counts as one word that matches nothing, as it does in `pycocoevalcap`.
    precision = Math.max(precision, common / Math.max(candidate.length, 1));
    recall = Math.max(recall, common / Math.max(reference.length, 1));
  }
  if (precision === 0 || recall === 0) return 0;
  return ((1 + beta ** 2) * precision * recall) / (recall + beta ** 2 * precision);
}

function longestCommonSubsequence(a: readonly string[], b: readonly string[]): number {
  // lengths[j] is the answer for the words of `a` seen so far and the first j words of `b`.
  const lengths = new Uint32Array(b.length + 1);
  for (const word of a) {
    let diagonal = 0;
    for (let j = 1; j <= b.length; j += 1) {
      const above = lengths[j] ?? 0;
      lengths[j] = word === b[j - 1] ? diagonal + 1 : Math.max(above, lengths[j - 1] ?? 0);
      diagonal = above;
    }
  }
  return lengths[b.length] ?? 0;
}
