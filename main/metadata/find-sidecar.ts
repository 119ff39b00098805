// Finds and reads the `.xmp` file that an editor left beside a photo; never writes one (inference child process).
import { open, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { decodeXmp } from './xmp-document.ts';

/** Real sidecars are below 100 KB, those with a long edit history a few MB. */
const MAX_SIDECAR_BYTES = 4 << 20;

/** Spelt out, because listing a folder of 100,000 photos for each of them would cost more than all else. */
const EXTENSIONS = ['.xmp', '.XMP', '.Xmp'];

async function isSmallFile(path: string): Promise<boolean> {
  try {
    const entry = await stat(path);
    return entry.isFile() && entry.size > 0 && entry.size <= MAX_SIDECAR_BYTES;
  } catch {
    return false;
  }
}

/**
 * Path of the sidecar, or `null`. `photo.jpg.xmp` (darktable, digiKam) is looked for before `photo.xmp` (Adobe), which
 * may belong to a raw file of the same name. Empty files and files over 4 MB do not count.
 */
export async function findSidecar(photoPath: string): Promise<string | null> {
  const stem = photoPath.slice(0, photoPath.length - extname(photoPath).length);
  for (const base of [photoPath, stem]) {
    for (const extension of EXTENSIONS) {
      if (await isSmallFile(base + extension)) return base + extension;
    }
  }
  return null;
}

/** Text of the sidecar for `readMetadata`, or `null` where there is none or it cannot be read. Never throws. */
export async function readSidecar(photoPath: string): Promise<string | null> {
  const path = await findSidecar(photoPath);
  if (path === null) return null;
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    // Checked again on the open file, which may have been replaced since.
    if (size > MAX_SIDECAR_BYTES) return null;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return decodeXmp(buffer.subarray(0, bytesRead));
  } catch {
    return null;
  }
}
