// Groups token sequences into padded batches of like length. Inference process; pure.
import type { TextTowerSpec } from '../pack.ts';
import { int64Tensor, type TensorValue } from '../runtime/tensors.ts';

/** Padding costs as much as words do, so a batch holds texts of like length; more rows than this bring nothing on a CPU. */
const maxRows = 32;

export interface TextBatch {
  /** Index of each row in the caller's list. */
  rows: number[];
  ids: number[][];
}

/** Sorted by length, cut into batches of at most 32 rows whose shortest row is at least half as long as its longest. */
export function bucketByLength(sequences: readonly number[][]): TextBatch[] {
  const order = sequences.map((_, i) => i).sort((a, b) => lengthAt(sequences, a) - lengthAt(sequences, b) || a - b);
  const batches: TextBatch[] = [];
  for (const row of order) {
    const ids = sequences[row] as number[];
    const batch = batches.at(-1);
    const shortest = batch?.ids[0]?.length ?? 0;
    if (batch && batch.rows.length < maxRows && ids.length <= Math.max(shortest * 2, shortest + 4)) {
      batch.rows.push(row);
      batch.ids.push(ids);
    } else {
      batches.push({ rows: [row], ids: [ids] });
    }
  }
  return batches;
}

export interface TextFeeds {
  feeds: Record<string, TensorValue>;
  /** 1 where a token stands, 0 where padding does, [rows, tokens]. */
  mask: Uint8Array;
  tokens: number;
}

/** The graph's inputs for one batch, padded on the right to its longest row, or to `maxTokens` where the pack wants that. */
export function textFeeds(spec: TextTowerSpec, ids: readonly number[][]): TextFeeds {
  const tokens = spec.padToMax ? spec.maxTokens : Math.max(1, ...ids.map((row) => row.length));
  const padded = new Int32Array(ids.length * tokens).fill(spec.padId);
  const mask = new Uint8Array(ids.length * tokens);
  for (const [i, row] of ids.entries()) {
    padded.set(row, i * tokens);
    mask.fill(1, i * tokens, i * tokens + row.length);
  }
  const dims = [ids.length, tokens];
  const feeds: Record<string, TensorValue> = { [spec.inputIds]: int64Tensor(padded, dims) };
  if (spec.attentionMask) feeds[spec.attentionMask] = int64Tensor(mask, dims);
  if (spec.tokenTypeIds) feeds[spec.tokenTypeIds] = int64Tensor(new Uint8Array(ids.length * tokens), dims);
  return { feeds, mask, tokens };
}

function lengthAt(sequences: readonly number[][], i: number): number {
  return sequences[i]?.length ?? 0;
}
