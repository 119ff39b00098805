// Scores rankings against people's graded judgments: nDCG and Kendall's tau. Pure; runs where evaluation runs.

/**
 * Normalised discounted cumulative gain of the first `k` (Järvelin and Kekäläinen 2002; gain 2^grade - 1 as in Burges et al. 2005).
 *
 * @param rankedGrades grades of the photos in ranked order, 0 for a photo that nobody judged.
 * @param allGrades the grades of every judged photo, ranked or not: the ideal ranking is made of these.
 * @returns 0 to 1; 0 where no photo has a grade above 0.
 */
export function ndcgAt(k: number, rankedGrades: readonly number[], allGrades: readonly number[]): number {
  const ideal = discountedGain([...allGrades].sort((a, b) => b - a).slice(0, k));
  return ideal === 0 ? 0 : discountedGain(rankedGrades.slice(0, k)) / ideal;
}

function discountedGain(grades: readonly number[]): number {
  return grades.reduce((sum, grade, index) => sum + (2 ** grade - 1) / Math.log2(index + 2), 0);
}

/**
 * Kendall's rank correlation of two equally long lists, -1 to 1, in n log n time (Knight 1966). Variant `b` corrects for ties on both
 * sides; `c` (Stuart) suits lists with very different numbers of grades, and is what is printed for Flickr8k's expert judgments.
 * NaN where a list has fewer than two different values.
 */
export function kendallTau(xs: readonly number[], ys: readonly number[], variant: 'b' | 'c'): number {
  const order = xs.map((_, index) => index).sort((a, b) => compare(xs, a, b) || compare(ys, a, b));
  const sortedX = order.map((index) => xs[index] ?? Number.NaN);
  const sortedY = order.map((index) => ys[index] ?? Number.NaN);
  const pairs = pairsAmong(xs.length);
  const tiedX = tiedPairs(sortedX);
  const tiedBoth = tiedPairs(sortedX.map((x, index) => `${x} ${sortedY[index]}`));
  const discordant = countInversions(sortedY);
  // countInversions left sortedY in order, so that equal values are neighbours.
  const tiedY = tiedPairs(sortedY);
  const difference = pairs - tiedX - tiedY + tiedBoth - 2 * discordant;
  if (variant === 'b') return difference / Math.sqrt((pairs - tiedX) * (pairs - tiedY));
  const grades = Math.min(new Set(xs).size, new Set(ys).size);
  return (2 * difference) / (xs.length ** 2 * ((grades - 1) / grades));
}

function compare(values: readonly number[], a: number, b: number): number {
  return (values[a] ?? 0) - (values[b] ?? 0);
}

function pairsAmong(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Pairs of equal values, given that equal values are neighbours. */
function tiedPairs(grouped: readonly (number | string)[]): number {
  let pairs = 0;
  let run = 0;
  for (const [index, value] of grouped.entries()) {
    run = index > 0 && value === grouped[index - 1] ? run + 1 : 0;
    pairs += run;
  }
  return pairs;
}

/** Sorts in place by merging and counts the pairs that stood in the wrong order. */
function countInversions(values: number[]): number {
  if (values.length < 2) return 0;
  const right = values.splice(values.length >> 1);
  const left = values.splice(0);
  let inversions = countInversions(left) + countInversions(right);
  let taken = 0;
  for (const value of right) {
    while (taken < left.length && (left[taken] ?? 0) <= value) {
      values.push(left[taken] ?? 0);
      taken += 1;
    }
    inversions += left.length - taken;
    values.push(value);
  }
  for (; taken < left.length; taken += 1) values.push(left[taken] ?? 0);
  return inversions;
}
