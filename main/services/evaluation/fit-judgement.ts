// Fits a pack's judgement to hits of which it is known whether they are right. Pure; runs where evaluation runs.
import { designRow, type Judgement } from '../search/judging/judgement.ts';
import { fitLogistic } from './logistic-fit.ts';

/** Of a weight's square, per hit: keeps products that say nothing near 0. */
const penalty = 2e-4;
const digits = 4;

/** Rounded as it is written into a pack: what is checked is what ships. */
export function fitJudgement(
  hits: readonly { readonly features: readonly number[]; readonly isRight: boolean }[],
  sure: Judgement['sure'],
): Judgement {
  const size = hits[0]?.features.length ?? 0;
  const mean = (of: (features: readonly number[]) => number): number =>
    hits.reduce((sum, { features }) => sum + of(features), 0) / Math.max(1, hits.length);
  const centres = Array.from({ length: size }, (_, i) => rounded(mean((features) => features[i] as number)));
  const scales = centres.map((centre, i) => {
    const variance = mean((features) => ((features[i] as number) - centre) ** 2);
    // A feature that is the same everywhere says nothing, whatever it is divided by.
    return variance > 1e-8 ? rounded(Math.sqrt(variance)) : 1;
  });
  const rows = hits.map(({ features }) => designRow(features, { centres, scales }));
  const weights = fitLogistic(
    rows,
    hits.map(({ isRight }) => isRight),
    penalty,
  ).map(rounded);
  return { centres, scales, weights, sure };
}

function rounded(value: number): number {
  return Number(value.toFixed(digits));
}
