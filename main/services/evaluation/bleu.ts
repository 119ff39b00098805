// Corpus BLEU-1 to BLEU-4 (Papineni et al. 2002). Pure; runs where evaluation runs.
import { countNgrams, maxOrder } from './ngrams.ts';
import type { TokenisedCaption } from './tokenised-caption.ts';

// The additive constants of `pycocoevalcap`: they keep the ratios defined where nothing matches, and are part of its printed figures.
const tiny = 1e-15;
const small = 1e-9;

/** BLEU over the whole corpus (not the mean over captions), 0 to 1, index 0 being BLEU-1. The brevity penalty takes the closest reference length. */
export function corpusBleu(captions: readonly TokenisedCaption[]): number[] {
  const matched = new Array<number>(maxOrder).fill(0);
  const possible = new Array<number>(maxOrder).fill(0);
  let candidateLength = 0;
  let referenceLength = 0;
  for (const { candidate, references } of captions) {
    candidateLength += candidate.length;
    referenceLength += closestLength(candidate.length, references);
    const counted = references.map(countNgrams);
    for (const [index, counts] of countNgrams(candidate).entries()) {
      possible[index] = (possible[index] ?? 0) + Math.max(0, candidate.length - index);
      matched[index] = (matched[index] ?? 0) + clippedMatches(counts, counted, index);
    }
  }
  const ratio = (candidateLength + tiny) / (referenceLength + small);
  const penalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return matched.map((count, index) => {
    product *= (count + tiny) / ((possible[index] ?? 0) + small);
    return penalty * product ** (1 / (index + 1));
  });
}

/** A run counts at most as often as the reference that has it most often. */
function clippedMatches(
  counts: Map<string, number>,
  references: readonly Map<string, number>[][],
  index: number,
): number {
  let sum = 0;
  for (const [ngram, count] of counts) {
    const most = Math.max(...references.map((reference) => reference[index]?.get(ngram) ?? 0));
    sum += Math.min(count, most);
  }
  return sum;
}

/** Of two reference lengths equally far away the shorter one. */
function closestLength(length: number, references: readonly (readonly string[])[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (const { length: other } of references) {
    const nearer = Math.abs(other - length) - Math.abs(best - length);
    if (nearer < 0 || (nearer === 0 && other < best)) best = other;
  }
  return best;
}
