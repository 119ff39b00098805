// Logistic regression by Newton's method. Pure; runs where evaluation runs.

/**
 * Weights of the terms that make the labels most probable, with a penalty on their squares (never on the first, the constant).
 *
 * @param rows one row of terms for each label, all of one length. @param penalty of a weight's square, per row.
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  labels: readonly boolean[],
  penalty: number,
): number[] {
  const size = rows[0]?.length ?? 0;
  const weights = new Float64Array(size);
  for (let step = 0; step < 12; step++) {
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    for (const [k, row] of rows.entries()) addRow({ gradient, curvature }, row, labels[k] ? 1 : 0, weights);
    for (let i = 1; i < size; i++) {
      gradient[i] = (gradient[i] as number) - penalty * rows.length * (weights[i] as number);
      curvature[i * size + i] = (curvature[i * size + i] as number) + penalty * rows.length;
    }
    const change = solve(curvature, gradient);
    let furthest = 0;
    for (let i = 0; i < size; i++) {
      weights[i] = (weights[i] as number) + (change[i] as number);
      furthest = Math.max(furthest, Math.abs(change[i] as number));
    }
    if (furthest < 1e-6) break;
  }
  return [...weights];
}

function addRow(
  { gradient, curvature }: { gradient: Float64Array; curvature: Float64Array },
  row: readonly number[],
  label: number,
  weights: Float64Array,
): void {
  const size = row.length;
  let odds = 0;
  for (let i = 0; i < size; i++) odds += (row[i] as number) * (weights[i] as number);
  const expected = 1 / (1 + Math.exp(-odds));
  const spread = Math.max(1e-6, expected * (1 - expected));
  for (let i = 0; i < size; i++) {
    const value = row[i] as number;
    gradient[i] = (gradient[i] as number) + value * (label - expected);
    const weighed = spread * value;
    for (let j = 0; j <= i; j++) {
      curvature[i * size + j] = (curvature[i * size + j] as number) + weighed * (row[j] as number);
    }
  }
}

/** Solves a symmetric positive system of which the lower half is given (Cholesky). */
function solve(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (i: number, j: number): number => lower[i * size + j] as number;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(1e-9, sum)) : sum / at(j, j);
    }
  }
  const found = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) found[i] = (found[i] as number) - at(i, k) * (found[k] as number);
    found[i] = (found[i] as number) / at(i, i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) found[i] = (found[i] as number) - at(k, i) * (found[k] as number);
    found[i] = (found[i] as number) / at(i, i);
  }
  return found;
}
