// Scores generated captions against people's. Pure; runs where evaluation runs.
import type { CaptionScores } from '../../../preload/contract/evaluation.ts';
import { AppError } from '../../platform/app-error.ts';
import { corpusBleu } from './bleu.ts';
import { meanCiderD } from './cider-d.ts';
import { tokeniseCaption } from './ptb-tokenizer.ts';
import { meanRougeL } from './rouge-l.ts';
import type { TokenisedCaption } from './tokenised-caption.ts';

/**
 * Scores on the scale of `pycocoevalcap`, agreeing with it to 0.001. Both maps are keyed by photo; every photo with a candidate needs
 * at least one reference, photos without a candidate are left out.
 *
 * @throws AppError `input/invalid` where there is nothing to score, or nothing to score against.
 */
export function scoreCaptions(
  candidates: ReadonlyMap<string, string>,
  references: ReadonlyMap<string, readonly string[]>,
): CaptionScores {
  if (candidates.size === 0) throw new AppError('input/invalid', 'There are no captions to score.');
  const tokenised = Array.from(candidates, ([photo, caption]): TokenisedCaption => {
    const own = references.get(photo) ?? [];
    if (own.length === 0) {
      throw new AppError('input/invalid', `No reference caption for "${photo}"; add one or leave the photo out.`);
    }
    return { candidate: tokeniseCaption(caption), references: own.map(tokeniseCaption) };
  });
  const [bleu1 = 0, bleu2 = 0, bleu3 = 0, bleu4 = 0] = corpusBleu(tokenised);
  return {
    bleu1,
    bleu2,
    bleu3,
    bleu4,
    rougeL: meanRougeL(tokenised),
    ciderD: meanCiderD(tokenised),
    distinctShare: distinctShare(tokenised),
  };
}

/** Compared as words: two captions that differ only in case or punctuation are the same caption. */
function distinctShare(captions: readonly TokenisedCaption[]): number {
  return new Set(captions.map(({ candidate }) => candidate.join(' '))).size / captions.length;
}
