// Opens a photo's own file for a browser to show: read only, told by its content and not by its name. Shell process.
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError } from '../../platform/app-error.ts';

/** An open file; `read` hands it over to the stream, else `close` has to be called. */
export interface Original {
  readonly sizeBytes: number;
  readonly contentType: string;
  /** Bytes `start` to `end`, both included; the file is closed with the stream. */
  read(range: { start: number; end: number }): Readable;
  close(): Promise<void>;
}

/** What every browser shows by itself. A drawing (SVG) is none of ours: it can carry script. */
export const browserTypes: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
};

/** Enough for every signature. */
const headBytes = 4096;

/** A link put in the photo's place is not followed: the library knows files, and reads no others. Where the system has no such flag, it is 0. */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * @param known the file's size as the library knows it: another one has other content.
 * @param sniff names the format of a file that begins so, null for an unknown one.
 * @throws AppError `fs/*`, or `decode/unsupported` for a format that browsers do not show.
 */
export async function openOriginal(
  path: string,
  known: { readonly sizeBytes: number },
  sniff: (head: Uint8Array) => string | null,
): Promise<Original> {
  const handle = await openForReading(path);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new AppError('fs/not-a-file', `${basename(path)} is not a regular file`);
    if (stats.size !== known.sizeBytes)
      throw new AppError('fs/changed', `${basename(path)} has changed; it will be read again`);
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await handle.read(head, 0, headBytes, 0);
    const format = sniff(head.subarray(0, bytesRead));
    const contentType = format === null ? undefined : browserTypes[format];
    if (!contentType)
      throw new AppError('decode/unsupported', 'browsers do not show this kind of picture by themselves');
    return {
      sizeBytes: stats.size,
      contentType,
      read: ({ start, end }) => handle.createReadStream({ start, end, autoClose: true }),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, readOnly);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const name = basename(path);
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new AppError('fs/missing', `${name} is not there now; plug in its drive, or look whether it was moved`, {
        cause: error,
      });
    if (code === 'EACCES' || code === 'EPERM')
      throw new AppError('fs/denied', `${name} may not be read; give yourself permission to read it`, { cause: error });
    if (code === 'ELOOP')
      throw new AppError('fs/not-a-file', `${name} is now a link to another file; links are not followed`, {
        cause: error,
      });
    throw new AppError('fs/unreadable', `${name} could not be read from its disk (${code ?? 'unknown error'})`, {
      cause: error,
    });
  }
}
