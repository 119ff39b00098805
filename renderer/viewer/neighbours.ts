// Which photos lie around one in a list: pure. Renderer.

/** At most `count` photos with the one at `at` as near the middle as the ends allow, in the list's order. */
export function neighbours(ids: Uint32Array, at: number, count: number): Uint32Array {
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), ids.length - count));
  return ids.subarray(from, from + count);
}
