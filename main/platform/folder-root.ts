// Tells whether a registered folder is where it was: on the volume it was on, and open to us. Any process.
import { constants } from 'node:fs';
import { access, lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a folder lies. */
export interface Volume {
  /** Number of the device (`st_dev`), as decimal text; it may be another after a restart. */
  readonly device: string;
  /** UUID of the file system, where the system tells it. */
  readonly volume: string | null;
}

/** What is known of a folder's volume: nulls where nothing is. `sample` lists files that were on it. */
export interface FolderRoot {
  readonly device: string | null;
  readonly volume: string | null;
  readonly sample: readonly { readonly relPath: string; readonly sizeBytes: number }[];
}

/** `offline`: not there; `other-volume`: another volume is mounted there, or none; `denied`: closed to us; `file`: no folder any more. */
export type RootState = 'online' | 'offline' | 'other-volume' | 'denied' | 'file';

export interface RootLook {
  readonly state: RootState;
  /** Null where there is no folder to look at. */
  readonly at: Volume | null;
}

/** This much of the sample proves that a volume with another number, or a copy of it, is the one known: numbers change when a computer starts. */
const proofShare = 0.5;

/** Never rejects. @param path absolute. @param known absent where nothing is known of the volume. */
export async function lookAtRoot(path: string, known?: FolderRoot): Promise<RootLook> {
  try {
    const stats = await stat(path, { bigint: true });
    if (!stats.isDirectory()) return { state: 'file', at: null };
    await access(path, constants.R_OK | constants.X_OK);
    const at = { device: String(stats.dev), volume: await volumeOf(stats.dev) };
    return { state: (await isKnown(path, at, known)) ? 'online' : 'other-volume', at };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { state: code === 'EACCES' || code === 'EPERM' ? 'denied' : 'offline', at: null };
  }
}

async function isKnown(path: string, at: Volume, known: FolderRoot | undefined): Promise<boolean> {
  if (!known || known.device === null) return true;
  const isOtherVolume = known.volume !== null && at.volume !== null && known.volume !== at.volume;
  if (known.volume !== null && known.volume === at.volume) return true;
  if (known.device === at.device && !isOtherVolume) return true;
  if (known.sample.length === 0) return true;
  const found = await Promise.all(
    known.sample.map(async ({ relPath, sizeBytes }) => {
      const stats = await lstat(join(path, relPath)).catch(() => undefined);
      return stats?.size === sizeBytes;
    }),
  );
  return found.filter(Boolean).length >= known.sample.length * proofShare;
}

const byUuid = '/dev/disk/by-uuid';

/** Linux lists file systems by UUID as links to their devices; elsewhere, and for network drives, there is nothing to ask. */
async function volumeOf(device: bigint): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  const names = await readdir(byUuid).catch(() => []);
  for (const name of names) {
    const stats = await stat(join(byUuid, name), { bigint: true }).catch(() => undefined);
    if (stats?.rdev === device) return name;
  }
  return null;
}
