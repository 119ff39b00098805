// The plainest exact search there is: float32 inner products in JavaScript and a sort. What every faster one is checked against.

/** The four running sums let the engine overlap the multiplications, so that timings compare with honest JavaScript. */
export function dot(a: Float32Array, b: Float32Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const even = a.length - (a.length % 4);
  for (let i = 0; i < even; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (let i = even; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + s2 + s3;
}

/** Best first, equal scores by photo id. */
export function nearestExact(
  rows: ReadonlyMap<number, Float32Array>,
  query: Float32Array,
  limit: number,
): { photoId: number; score: number }[] {
  return [...rows]
    .map(([photoId, row]) => ({ photoId, score: dot(row, query) }))
    .sort((a, b) => b.score - a.score || a.photoId - b.photoId)
    .slice(0, limit);
}

/** Share of the true best that was found. */
export function recall(found: readonly number[], truth: readonly number[]): number {
  const wanted = new Set(truth);
  return found.filter((id) => wanted.has(id)).length / wanted.size;
}
