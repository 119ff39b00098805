// Orders of search results as pure functions over typed arrays: merging in a better ranking, and the likely ones by date. Renderer.

/**
 * A fresh ranking taken in without moving what is looked at: the first `held` of what is shown stay where they are, then the fresh ranking follows without
 * them. With nothing held it is the fresh ranking itself.
 */
export function takeInRanking(shown: Uint32Array, fresh: Uint32Array, held: number): Uint32Array {
  const kept = Math.min(held, shown.length);
  if (kept === 0) return fresh;
  const seen = new Set(shown.subarray(0, kept));
  const merged = new Uint32Array(kept + fresh.length);
  merged.set(shown.subarray(0, kept));
  let at = kept;
  for (const id of fresh) if (!seen.has(id)) merged[at++] = id;
  return merged.slice(0, at);
}

/** Literal hits on top of what an older sentence found: a gallery that is about to be ranked anew does not collapse to three photos and open again. */
export function literalFirst(literal: Uint32Array, older: Uint32Array): Uint32Array {
  return takeInRanking(literal, older, literal.length);
}

/** Fewer are never cut: a person looks through a screen of photos at a glance. */
const leastLikely = 24;

/**
 * How many of a ranking are likely meant: up to the knee of its falling scores, the place farthest below the line from the first to the last (as in
 * "Finding a Kneedle in a Haystack", Satopää et al. 2011). An order by date shows no more than these, since it no longer says which hit is a good one.
 */
export function likelyCount(scores: readonly number[]): number {
  const last = scores.length - 1;
  const best = scores[0] ?? 0;
  const worst = scores[last] ?? 0;
  if (last < leastLikely || best <= worst) return scores.length;
  let knee = 0;
  let farthest = 0;
  for (let i = 1; i < last; i++) {
    const straight = best + ((worst - best) * i) / last;
    const below = straight - (scores[i] as number);
    if (below > farthest) {
      farthest = below;
      knee = i;
    }
  }
  return farthest === 0 ? scores.length : Math.max(leastLikely, knee + 1);
}

/** The photos of `ids` in the order of the timeline (newest first); those it does not hold are left out. */
export function byDate(ids: Uint32Array, positionOf: (id: number) => number): Uint32Array {
  const positions: { id: number; at: number }[] = [];
  for (const id of ids) {
    const at = positionOf(id);
    if (at >= 0) positions.push({ id, at });
  }
  positions.sort((a, b) => a.at - b.at);
  return Uint32Array.from(positions, ({ id }) => id);
}
