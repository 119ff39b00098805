// The int8 matrix as a file: what comes back is what was written, and a file that ends early gives nothing.
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createInt8Matrix } from '../../../../main/vectors/int8-matrix.ts';
import { loadKernel } from '../../../../main/vectors/kernel/load-kernel.ts';
import { readRows, rowsFileBytes, writeRows } from '../../../../main/vectors/side-index/rows-file.ts';
import { smallDim, smallVector } from '../../../helpers/small-index.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

it('reads every row, or says that some are missing', async () => {
  const kernel = loadKernel();
  const matrix = createInt8Matrix(kernel, smallDim);
  for (const photo of [3, 5, 8]) matrix.set(photo, smallVector(photo));
  const file = join(folderOf(), 'small.rows');
  await writeRows(file, matrix, matrix.photoIds());
  const whole = createInt8Matrix(kernel, smallDim);
  await readRows(file, whole, 3);
  expect(whole.quantised(8)).toEqual(matrix.quantised(8));
  truncateSync(file, rowsFileBytes(3, smallDim) - 1);
  await expect(readRows(file, createInt8Matrix(kernel, smallDim), 3)).rejects.toThrow('ends early');
});
