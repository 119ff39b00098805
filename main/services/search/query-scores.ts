// One score for each photo from all that the texts of a query say of it. Pure; shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import { type FusionWeights, fuse, fuseByRank } from './fusion.ts';
import type { GatheredSignals } from './gather-signals.ts';
import { withoutPenalty } from './judging/without.ts';
import { captionScores, type QuerySignals } from './signals.ts';

/** Photos that were found, ascending: what scores are aligned with. */
export function photosOf({ texts }: GatheredSignals): readonly number[] {
  return texts[0]?.photoIds ?? [];
}

/** Scores of one text in one mode; NaN where it does not rank the photo. */
export function signalScores(
  signals: QuerySignals,
  mode: SearchMode,
  weights: FusionWeights | null,
): ArrayLike<number> {
  switch (mode) {
    case 'embedding':
      return signals.embedding.scores;
    case 'caption':
      return captionScores(signals);
    case 'words':
      return signals.words.map((score) => (score > 0 ? score : Number.NaN));
    case 'fused':
      return weights ? fuse(signals, weights) : fuseByRank(signals);
  }
}

/** A photo is as good as the text that says most for it, less what says that it shows what is to be left out. */
export function queryScores(
  { texts, without }: GatheredSignals,
  mode: SearchMode,
  weights: FusionWeights | null,
): ArrayLike<number> {
  const [first = new Float64Array(), ...others] = texts.map((signals) => signalScores(signals, mode, weights));
  const best =
    others.length === 0
      ? first
      : Float64Array.from(first, (score, i) => others.reduce((top, other) => higher(top, other[i] as number), score));
  if (without.length === 0) return best;
  if (mode === 'words') {
    const isLeftOut = (i: number): boolean => without.some(({ words }) => (words[i] ?? 0) > 0);
    return Float64Array.from(best, (score, i) => (isLeftOut(i) ? Number.NaN : score));
  }
  const penalty = withoutPenalty(without, best.length);
  const unit = unitOf(texts[0], mode, weights);
  return Float64Array.from(best, (score, i) => score - unit * (penalty[i] as number));
}

/** What a deviation of the query is in scores of the mode; a place in a fusion of ranks is worth about so much among the first hundred. */
function unitOf(signals: QuerySignals | undefined, mode: SearchMode, weights: FusionWeights | null): number {
  if (mode === 'embedding') return signals?.embedding.deviation ?? 0;
  if (mode === 'caption') return signals?.caption.deviation ?? 0;
  return weights?.embedding.weight ?? rankUnit;
}

const rankUnit = 0.005;

/** Every photo that scores higher in a single mode is among those found. */
export function queryFloor({ texts }: GatheredSignals, mode: 'embedding' | 'caption' | 'words'): number {
  if (mode === 'words') return Number.NEGATIVE_INFINITY;
  const floors = texts.map(({ embedding, caption, own }) =>
    mode === 'embedding' ? embedding.floor : Math.max(caption.floor, own.floor),
  );
  return Math.max(Number.NEGATIVE_INFINITY, ...floors);
}

function higher(a: number, b: number): number {
  if (Number.isNaN(a)) return b;
  return Number.isNaN(b) ? a : Math.max(a, b);
}
