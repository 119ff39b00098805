// Files that must be whole under their name: written beside it, flushed, then renamed. Library thread, backup thread and search process.
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';

/** Small enough that hashing one does not hold up an answer. */
const portionBytes = 1024 * 1024;

/** Windows has no handle of a folder; its file systems keep the order of renames. */
const hasFolderHandles = process.platform !== 'win32';

/** Reads a file back as the disk has it, forces it down, and says what it is. Other work goes on between its portions. */
export async function settleFile(name: string): Promise<{ bytes: number; sha256: string }> {
  // Windows forces only files that are open for writing.
  return withHandle(name, 'r+', async (file) => {
    const hashed = await hashOf(file);
    await file.sync();
    return hashed;
  });
}

/** SHA-256 of a file's bytes, in hexadecimal. Other work goes on between its portions. */
export async function hashFile(name: string): Promise<string> {
  return (await withHandle(name, 'r', hashOf)).sha256;
}

/** Gives a complete file its name so that a cut of power leaves the old state or the new one. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  if (hasFolderHandles) await withHandle(path.dirname(to), 'r', (folder) => folder.sync());
}

/** Forces a file's bytes to the disk. */
export function flushFileSync(name: string): void {
  withHandleSync(name, 'r+', fsyncSync);
}

/** Forces the names in a folder to the disk. */
export function flushFolderSync(folder: string): void {
  if (hasFolderHandles) withHandleSync(folder, 'r', fsyncSync);
}

/** As `renameDurably`, within one step of the library thread. */
export function renameDurablySync(from: string, to: string): void {
  renameSync(from, to);
  flushFolderSync(path.dirname(to));
}

/** Puts a file with this text under its name: whole, or the one before. */
export function writeDurablySync(name: string, text: string): void {
  const part = `${name}.part`;
  writeFileSync(part, text);
  flushFileSync(part);
  renameDurablySync(part, name);
}

/** As `hashFile`, within one step of the library thread. */
export function hashFileSync(name: string): string {
  const hash = createHash('sha256');
  const portion = Buffer.allocUnsafe(portionBytes);
  withHandleSync(name, 'r', (file) => {
    for (let read = readSync(file, portion); read > 0; read = readSync(file, portion))
      hash.update(portion.subarray(0, read));
  });
  return hash.digest('hex');
}

async function hashOf(file: FileHandle): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const portion = Buffer.allocUnsafe(portionBytes);
  for (let bytes = 0; ; ) {
    const { bytesRead } = await file.read(portion, 0, portionBytes, bytes);
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') };
    bytes += bytesRead;
    hash.update(portion.subarray(0, bytesRead));
  }
}

async function withHandle<T>(name: string, flags: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await open(name, flags);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

function withHandleSync<T>(name: string, flags: string, use: (handle: number) => T): T {
  const handle = openSync(name, flags);
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}
