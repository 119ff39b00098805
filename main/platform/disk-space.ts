// How much room the disk of a folder has, and how little is too little to go on storing. Any process.
import { statfs } from 'node:fs/promises';

export interface DiskSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/** Photos are not worked on below this: what else runs on the computer needs room too, and a library that cannot grow can still be searched. */
const leastBytes = 500 * 1024 * 1024;
/** One hundredth of the disk is as little, up to what is much on any disk. */
const mostOfShare = 5 * 1024 * 1024 * 1024;

/** Null where the system does not say. */
export async function diskSpace(folder: string): Promise<DiskSpace | null> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}

export function isNearlyFull({ freeBytes, totalBytes }: DiskSpace): boolean {
  return freeBytes < Math.max(leastBytes, Math.min(totalBytes / 100, mostOfShare));
}
