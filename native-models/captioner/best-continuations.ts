// The best few of very many scored continuations, without allocating per candidate. Inference process; pure.

/** Sorted, best first; of equals the one inserted first leads. */
export interface Best {
  readonly scores: Float64Array;
  readonly beams: Int32Array;
  readonly tokens: Int32Array;
  count: number;
  /** A score must exceed this to enter: -Infinity until the list is full. */
  least: number;
}

export function newBest(size: number): Best {
  return {
    scores: new Float64Array(size),
    beams: new Int32Array(size),
    tokens: new Int32Array(size),
    count: 0,
    least: Number.NEGATIVE_INFINITY,
  };
}

/** Does nothing where the score is not above `least`. */
export function insertBest(best: Best, score: number, beam: number, token: number): void {
  if (!(score > best.least)) return;
  const { scores, beams, tokens } = best;
  const size = scores.length;
  let at = best.count < size ? best.count : size - 1;
  while (at > 0 && (scores[at - 1] as number) < score) {
    scores[at] = scores[at - 1] as number;
    beams[at] = beams[at - 1] as number;
    tokens[at] = tokens[at - 1] as number;
    at -= 1;
  }
  scores[at] = score;
  beams[at] = beam;
  tokens[at] = token;
  if (best.count < size) best.count += 1;
  if (best.count === size) best.least = scores[size - 1] as number;
}

/** log of the sum of exponentials, without overflow. */
export function logSumExp(values: Float32Array): number {
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i += 1) max = Math.max(max, values[i] as number);
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += Math.exp((values[i] as number) - max);
  return max + Math.log(sum);
}
