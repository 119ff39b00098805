// Puts files in place so that a cut of power, a full disk or a kill leaves the old one or the new one whole. Runs in the search process, and in the library thread for a check.
import { createHash } from 'node:crypto';
import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Small enough that hashing one does not hold up an answer. */
const portionBytes = 1024 * 1024;

/** Each portion of an open file in order, to its end. */
export async function* portionsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(portionBytes);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(buffer, 0, portionBytes, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Reads a file back as the disk has it, forces it down, and says what it is. */
export async function settleFile(name: string): Promise<{ bytes: number; sha256: string }> {
  // Windows forces only files that are open for writing.
  const file = await open(name, 'r+');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const portion of portionsOf(file)) {
      hash.update(portion);
      bytes += portion.length;
    }
    await file.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await file.close();
  }
}

/** SHA-256 of a file that may be large. */
export async function hashFile(name: string): Promise<string> {
  const file = await open(name, 'r');
  try {
    const hash = createHash('sha256');
    for await (const portion of portionsOf(file)) hash.update(portion);
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}

/** Renames, and forces the folder down, so that the new name outlives a cut of power. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  // Folders cannot be opened on Windows; its file systems keep the order of renames.
  if (process.platform === 'win32') return;
  const folder = await open(path.dirname(to), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
