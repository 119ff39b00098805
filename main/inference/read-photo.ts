// Reads a photo's bytes, whole and once, for every later step. Inference child. Originals are only ever opened for reading.
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { millisecondsOf } from '../platform/file-time.ts';

export interface PhotoBytes {
  readonly bytes: Buffer;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
}

/** @throws AppError `fs/*`, or `decode/empty` for a file without bytes. */
export async function readPhoto(path: string, maxBytes: number): Promise<PhotoBytes> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stats = await handle.stat({ bigint: true });
    const sizeBytes = Number(stats.size);
    if (!stats.isFile()) throw new AppError('fs/not-a-file', `${basename(path)} is not a regular file`);
    if (sizeBytes > maxBytes) {
      const sizeMb = Math.round(sizeBytes / 1e6);
      throw new AppError(
        'fs/too-large',
        `${basename(path)} has ${sizeMb} MB; files above ${Math.round(maxBytes / 1e6)} MB are not read`,
      );
    }
    if (sizeBytes === 0) throw new AppError('decode/empty', `${basename(path)} is empty`);
    return { bytes: await handle.readFile(), sizeBytes, mtimeMs: millisecondsOf(stats.mtimeNs) };
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await handle?.close();
  }
}

function fileError(error: unknown, path: string): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('fs/missing', `${basename(path)} is not there (any more); check the path`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('fs/denied', `${basename(path)} may not be read; give yourself permission to read it`, {
      cause: error,
    });
  }
  if (code === 'EIO' || code === 'ESTALE' || code === 'ETIMEDOUT') {
    return new AppError('fs/unreadable', `${basename(path)} could not be read from its disk (${code})`, {
      cause: error,
    });
  }
  return error;
}
