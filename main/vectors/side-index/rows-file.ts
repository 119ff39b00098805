// The int8 matrix as a file, so that a large library is read from its small rows at a start, not from every stored vector. Runs in the search process.
import { open } from 'node:fs/promises';
import type { Int8Matrix } from '../int8-matrix.ts';

/** Rows to a block of the file: 2 MiB at 512 dimensions. */
const blockRows = 4096;
/** Photo as float64, scale as float32. */
const headBytes = 8 + 4;

interface Block {
  readonly bytes: Buffer;
  readonly photoIds: Float64Array;
  readonly scales: Float32Array;
  readonly rows: Int8Array;
}

/** A block of `count` rows: their photos, their scales, their numbers. */
function blockOf(count: number, dim: number): Block {
  const { buffer } = new Uint8Array(count * (headBytes + dim));
  return {
    bytes: Buffer.from(buffer),
    photoIds: new Float64Array(buffer, 0, count),
    scales: new Float32Array(buffer, count * 8, count),
    rows: new Int8Array(buffer, count * headBytes, count * dim),
  };
}

export function rowsFileBytes(count: number, dim: number): number {
  return count * (headBytes + dim);
}

/**
 * Writes the rows of `photoIds`. The matrix may change meanwhile: a row that changed is written as it was or as it is, and one that went as a photo
 * without a scale; whoever reads the file applies those changes again, because the log has them after the position taken before the first block.
 */
export async function writeRows(name: string, matrix: Int8Matrix, photoIds: Float64Array): Promise<void> {
  const file = await open(name, 'w');
  try {
    for (let first = 0; first < photoIds.length; first += blockRows) {
      const part = photoIds.subarray(first, first + blockRows);
      const block = blockOf(part.length, matrix.dim);
      copyInto(block, matrix, part);
      await file.writeFile(block.bytes);
    }
  } finally {
    await file.close();
  }
}

function copyInto(block: Block, matrix: Int8Matrix, photoIds: Float64Array): void {
  block.photoIds.set(photoIds);
  for (const [i, photoId] of photoIds.entries()) {
    const row = matrix.quantised(photoId);
    block.scales[i] = row?.scale ?? Number.NaN;
    if (row) block.rows.set(row.values, i * matrix.dim);
  }
}

/** Fills an empty matrix from a proven file of `count` rows. Throws where it has fewer. */
export async function readRows(name: string, matrix: Int8Matrix, count: number): Promise<void> {
  const file = await open(name, 'r');
  try {
    for (let first = 0; first < count; first += blockRows) {
      const block = blockOf(Math.min(blockRows, count - first), matrix.dim);
      const { bytesRead } = await file.read(block.bytes, 0, block.bytes.length);
      if (bytesRead < block.bytes.length) throw new Error('the file of rows ends early');
      for (const [i, photoId] of block.photoIds.entries()) {
        const scale = block.scales[i] as number;
        if (Number.isNaN(scale)) continue;
        matrix.setQuantised(photoId, { scale, values: block.rows.subarray(i * matrix.dim, (i + 1) * matrix.dim) });
      }
    }
  } finally {
    await file.close();
  }
}
