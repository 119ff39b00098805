// How far stated probabilities are from what comes true. Pure; runs where evaluation runs.

export interface Stated {
  readonly probability: number;
  readonly isRight: boolean;
}

export interface ReliabilityBin {
  readonly count: number;
  /** Means of what was stated and of what came true, 0 to 1. */
  readonly stated: number;
  readonly right: number;
}

const binCount = 10;

/** Ten bins of equal width from 0 to 1; those that nothing falls into are left out. */
export function reliabilityBins(all: readonly Stated[]): ReliabilityBin[] {
  const bins = Array.from({ length: binCount }, () => ({ count: 0, stated: 0, right: 0 }));
  for (const { probability, isRight } of all) {
    const bin = bins[Math.min(binCount - 1, Math.floor(probability * binCount))];
    if (!bin) continue;
    bin.count++;
    bin.stated += probability;
    bin.right += Number(isRight);
  }
  return bins
    .filter(({ count }) => count > 0)
    .map(({ count, stated, right }) => ({ count, stated: stated / count, right: right / count }));
}

/** Expected calibration error (Naeini et al. 2015): the mean distance of the two, weighed by how many fall into the bin. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  return bins.reduce((sum, { count, stated, right }) => sum + (count / Math.max(1, all)) * Math.abs(stated - right), 0);
}
