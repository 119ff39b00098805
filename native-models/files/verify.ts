// Proves that a pack's files are the ones its manifest names: size and SHA-256, taken once per file and mtime. Inference process.
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ModelError } from '../errors.ts';
import type { Pack, PackFile } from '../pack.ts';

/** What was once proved of a file: its hash at this size and time of change. Keyed by the file's path; may be kept between runs. */
export interface VerifiedFiles {
  get(path: string): VerifiedFile | undefined;
  set(path: string, fact: VerifiedFile): void;
}

export interface VerifiedFile {
  bytes: number;
  /** Milliseconds since the epoch, as the file system gives it. */
  mtimeMs: number;
  sha256: string;
}

/**
 * Checks every file of the manifest, and returns the absolute path of each by its path in the pack.
 * @throws ModelError `model/missing` or `model/checksum`, naming the file and what to do.
 */
export async function verifyPack(folder: string, pack: Pack, verified: VerifiedFiles): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const file of pack.files) paths.set(file.path, await verifyFile(folder, pack.id, file, verified));
  return paths;
}

async function verifyFile(folder: string, packId: string, file: PackFile, verified: VerifiedFiles): Promise<string> {
  const { path, stats } = await resolveInside(folder, packId, file.path);
  if (stats.size !== file.bytes) {
    throw new ModelError(
      'model/checksum',
      `Pack ${packId}: ${file.path} has ${stats.size} bytes instead of ${file.bytes}. Fetch the pack again.`,
    );
  }
  const known = verified.get(path);
  const isKnown = known?.bytes === stats.size && known.mtimeMs === stats.mtimeMs;
  const sha256 = isKnown ? known.sha256 : await hashFile(path);
  if (sha256 !== file.sha256) {
    throw new ModelError('model/checksum', `Pack ${packId}: ${file.path} is damaged or changed. Fetch the pack again.`);
  }
  if (!isKnown) verified.set(path, { bytes: stats.size, mtimeMs: stats.mtimeMs, sha256 });
  return path;
}

/** Walks the segments one by one, so that a symbolic link anywhere on the way is seen and refused. */
async function resolveInside(
  folder: string,
  packId: string,
  packPath: string,
): Promise<{ path: string; stats: Stats }> {
  let path = folder;
  let stats: Stats | undefined;
  for (const segment of packPath.split('/')) {
    path = join(path, segment);
    stats = await lstat(path).catch((cause: unknown) => {
      throw new ModelError('model/missing', `Pack ${packId}: ${packPath} is missing. Fetch the pack again.`, { cause });
    });
    if (stats.isSymbolicLink()) {
      throw new ModelError(
        'model/manifest',
        `Pack ${packId}: ${packPath} is reached through a symbolic link. Use the real file.`,
      );
    }
  }
  if (!stats?.isFile()) throw new ModelError('model/missing', `Pack ${packId}: ${packPath} is not a file.`);
  return { path, stats };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
