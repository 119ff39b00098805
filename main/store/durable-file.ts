// Files that must be whole under their name: written or moved beside it, flushed, then renamed. Library thread.

import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Forces a file's bytes to the disk. */
export function flushFile(file: string): void {
  withHandle(file, 'r+', fsyncSync);
}

/** Gives a complete file its name so that a power cut leaves the old state or the new one. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  flushFolder(path.dirname(to));
}

export function flushFolder(folder: string): void {
  // Windows has no handle of a folder; its rename is ordered by the file system's own log.
  if (process.platform !== 'win32') withHandle(folder, 'r', fsyncSync);
}

export function writeDurably(file: string, text: string): void {
  const part = `${file}.part`;
  writeFileSync(part, text);
  flushFile(part);
  renameDurably(part, file);
}

/** SHA-256 of a file's bytes, in hexadecimal. */
export function hashFile(file: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1 << 20);
  withHandle(file, 'r', (handle) => {
    for (let read = readSync(handle, chunk); read > 0; read = readSync(handle, chunk))
      hash.update(chunk.subarray(0, read));
  });
  return hash.digest('hex');
}

function withHandle<T>(file: string, flags: string, use: (handle: number) => T): T {
  const handle = openSync(file, flags);
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}
