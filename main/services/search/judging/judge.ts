// Where a ranking stops being sure, and where it stops being worth a look. Pure; shell process.
import type { QuerySignals } from '../signals.ts';
import { hitFeatures } from './hit-features.ts';
import { type Judgement, probability } from './judgement.ts';

export interface Verdict {
  /** Probability that the hit is right, best hit first; for the first `mostJudged` hits. */
  readonly probabilities: readonly number[];
  /** So many of the first hits are sure. */
  readonly sure: number;
  /** So many of the first hits are worth showing, the sure ones included. */
  readonly shown: number;
}

/** Hits looked at: nobody is helped by a "maybe" behind two hundred others. */
const mostJudged = 200;
/** Hits in a row that are not worth showing before the ranking stops. */
const patience = 8;
/** BM25 per word of the query from which a hit has its words literally, and is shown whatever the models say. */
const literal = 3;
/** Probability below which a hit is not shown, at strictness 0, 0.5 and 1. */
const maybeFrom = [0.01, 0.06, 0.25] as const;
/** Share of the way from the threshold at 0.5 to certainty, or to 0, that strictness can go. */
const reach = 0.8;

/**
 * @param texts signals of each side of an OR, of the same photos; a hit is as likely right as the side that says most for it. @param order places in their `photoIds`,
 * best first. @param scores what the order is by, aligned with `photoIds`. @param strictness 0 (show much) to 1 (only what
 * is certain); the thresholds of 0.5 are those that were checked (`docs/evaluation.md`).
 */
export function judge(
  texts: readonly QuerySignals[],
  scores: ArrayLike<number>,
  order: readonly number[],
  judgement: Judgement,
  strictness: number,
): Verdict {
  const [probabilities = [], ...others] = texts.map((signals) =>
    hitFeatures(signals, scores, order, mostJudged).map((row) => probability(row, judgement)),
  );
  for (const other of others) {
    for (const [i, one] of other.entries()) probabilities[i] = Math.max(one, probabilities[i] as number);
  }
  const first = moved(judgement.sure.first, strictness);
  const next = moved(judgement.sure.next, strictness);
  let sure = 0;
  while (sure < probabilities.length && (probabilities[sure] as number) >= (sure === 0 ? first : next)) sure++;
  const floor = between(maybeFrom, strictness);
  let shown = sure;
  for (let place = sure; place < probabilities.length && place - shown < patience; place++) {
    const isLiteral = texts.some(
      ({ words, wordCount }) => (words[order[place] as number] ?? 0) / Math.max(1, wordCount) >= literal,
    );
    if (isLiteral || (probabilities[place] as number) >= floor) shown = place + 1;
  }
  return { probabilities, sure, shown };
}

/** A threshold for another strictness than 0.5: towards 1 above it, towards 0 below. */
function moved(threshold: number, strictness: number): number {
  const way = 2 * Math.min(1, Math.max(0, strictness)) - 1;
  return way >= 0 ? threshold + way * reach * (1 - threshold) : threshold * (1 + way * reach);
}

function between([low, middle, high]: readonly [number, number, number], strictness: number): number {
  const s = Math.min(1, Math.max(0, strictness));
  return s < 0.5 ? low + 2 * s * (middle - low) : middle + (2 * s - 1) * (high - middle);
}
