// Which region of a picture earned its match with a sentence, from what the match loses where a part of the picture is covered. Pure; shell process.
import type { PicturePart } from '../../../inference/protocol.ts';

/** Values 0 to 1, row by row; the greatest is 1. */
export interface RegionGrid {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

/** Fine enough that its steps cannot be seen when it is drawn smoothly; the parts themselves are coarser. */
const side = 12;
/** How much of what any picture loses is taken off: half measured best, see `docs/evaluation.md`. */
const neutralShare = 0.5;
/** Below it the values are the noise of the model: nothing in the picture stands out. Cosine. */
const leastSpread = 0.01;

/**
 * @param sentence unit vector in the image space.
 * @param neutral unit vectors of texts that name no thing in particular: what is lost for them, too, is lost for anything.
 * @returns null where no part stands out.
 */
export function regionGrid(
  parts: readonly PicturePart[],
  sentence: Float32Array,
  neutral: readonly Float32Array[],
): RegionGrid | null {
  const loss = ({ vector }: PicturePart): number => {
    const usual = neutral.reduce((sum, text) => sum + dot(vector, text), 0) / Math.max(1, neutral.length);
    return -(dot(vector, sentence) - neutralShare * usual);
  };
  const scales = byScale(parts).map((group) => ({ group, losses: group.map(loss) }));
  const spread = Math.max(0, ...scales.map(({ losses }) => Math.max(...losses) - Math.min(...losses)));
  if (spread < leastSpread) return null;
  const values = new Array<number>(side * side).fill(0);
  for (const { group, losses } of scales) {
    const placed = placedInSpread(losses);
    for (const at of values.keys()) values[at] = (values[at] as number) + lossAt(group, placed, centreOf(at));
  }
  return { rows: side, columns: side, values: stretched(values) };
}

/** Parts of one size are compared with each other: a larger part always hides more. */
function byScale(parts: readonly PicturePart[]): PicturePart[][] {
  const groups = new Map<string, PicturePart[]>();
  for (const part of parts) {
    const key = `${(part.right - part.left).toFixed(3)} ${(part.bottom - part.top).toFixed(3)}`;
    groups.set(key, [...(groups.get(key) ?? []), part]);
  }
  return [...groups.values()];
}

function placedInSpread(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (deviation > 0 ? (value - mean) / deviation : 0));
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function centreOf(at: number): Point {
  return { x: ((at % side) + 0.5) / side, y: (Math.floor(at / side) + 0.5) / side };
}

/** Mean of the parts over a point; the nearer its middle is, the more a part says of the point. */
function lossAt(parts: readonly PicturePart[], losses: readonly number[], { x, y }: Point): number {
  let sum = 0;
  let weights = 0;
  for (const [i, { left, top, right, bottom }] of parts.entries()) {
    const across = Math.abs(2 * x - left - right) / (right - left);
    const down = Math.abs(2 * y - top - bottom) / (bottom - top);
    if (across > 1 || down > 1) continue;
    const weight = (1.05 - across) * (1.05 - down);
    sum += weight * (losses[i] as number);
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/** From the median up: what lies below it did not earn the match. Squared, so that the strongest stands out. */
function stretched(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] as number;
  const most = sorted.at(-1) as number;
  return values.map((value) => {
    const share = most > median ? Math.max(0, (value - median) / (most - median)) : 0;
    return Math.round(share * share * 1000) / 1000;
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
