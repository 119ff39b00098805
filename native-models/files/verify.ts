// Proves that a pack's files are the ones its manifest names: size and SHA-256, taken once per file, its times and day. Inference process.
import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ModelError } from '../errors.ts';
import type { Pack, PackFile } from '../pack.ts';
import { externalFiles } from './external-data.ts';

/** What was once proved of a file: its hash at this size and these times. Keyed by the file's path; may be kept between runs. */
export interface VerifiedFiles {
  get(path: string): VerifiedFile | undefined;
  set(path: string, fact: VerifiedFile): void;
}

export interface VerifiedFile {
  bytes: number;
  /** Milliseconds since the epoch, as the file system gives it. */
  mtimeMs: number;
  /** Of the last change of the file's entry, which no program can set back as it can the time above. */
  ctimeMs: number;
  /** When it was hashed: a disk may spoil bytes without changing any time. */
  provedAtMs: number;
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
  const isKnown = known !== undefined && isSame(known, stats, Date.now());
  const sha256 = isKnown ? known.sha256 : await hashFile(path);
  if (sha256 !== file.sha256) {
    throw new ModelError('model/checksum', `Pack ${packId}: ${file.path} is damaged or changed. Fetch the pack again.`);
  }
  const { size: bytes, mtimeMs, ctimeMs } = stats;
  if (!isKnown) verified.set(path, { bytes, mtimeMs, ctimeMs, provedAtMs: Date.now(), sha256 });
  return path;
}

/** A proof holds for a day: hashing the largest pack takes seconds, the shipped one a tenth of one. */
const proofHoldsMs = 86_400_000;

function isSame(known: VerifiedFile, stats: Stats, now: number): boolean {
  const isUnchanged = known.bytes === stats.size && known.mtimeMs === stats.mtimeMs && known.ctimeMs === stats.ctimeMs;
  return isUnchanged && Math.abs(now - known.provedAtMs) < proofHoldsMs;
}

/**
 * Refuses a graph that keeps tensors anywhere but in listed files of its pack: the runtime would open whatever is named. To be called before a session is made.
 * @param graph its path in the pack. @param path the same, absolute. @throws ModelError `model/manifest`, `model/load`
 */
export function refuseForeignData(pack: Pack, graph: string, path: string): void {
  const folder = graph.includes('/') ? `${posix.dirname(graph)}/` : '';
  const listed = new Set(pack.files.map((file) => file.path));
  const foreign = externalFiles(path).find((location) => !listed.has(`${folder}${location}`));
  if (foreign === undefined) return;
  throw new ModelError(
    'model/manifest',
    `Pack ${pack.id}: ${graph} names a file that is not part of the pack. Fetch the pack again.`,
  );
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
