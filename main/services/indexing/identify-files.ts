// One piece of background work: read claimed files' bytes, and link each file to the photo it holds. Shell process.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { IdentifiedFile, InferenceService, Outcome } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ClaimedFile, Failure } from '../../library-db/library-rows.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { Remote } from '../../platform/rpc.ts';
import { type Crashed, withCrashesBlamed } from './crash-blame.ts';

/** Time for one file: reading 512 MB from a slow disk. A call over it ends the process, which may hang. */
const timeoutMsPerFile = 60_000;

export interface IdentifyOutcome {
  readonly failed: number;
  /** Files whose bytes the library had already. */
  readonly copies: number;
  /** Of these, files that hold what they held before. */
  readonly same: number;
}

export async function identifyFiles(
  parts: {
    readonly db: LibraryDb;
    /** Hashes of files that are not to be read, as `LibraryDb.useDecoder` gave them; new ones are added. */
    readonly poisons: Set<string>;
    now(): number;
  },
  lane: Remote<InferenceService>,
  files: readonly ClaimedFile[],
  signal: AbortSignal,
): Promise<IdentifyOutcome> {
  // They may have been claimed long before, and waited until they were whole.
  const readAt = parts.now();
  const outcomes = await withCrashesBlamed<ClaimedFile, Outcome<IdentifiedFile>>(files, (some) => {
    throwIfCancelled(signal);
    return lane.identify(
      { paths: some.map((file) => file.path), poisons: [...parts.poisons] },
      { timeoutMs: timeoutMsPerFile * some.length },
    );
  });
  const known = files.flatMap((file, index) => {
    const outcome = outcomes[index];
    return outcome && outcome !== 'crashed' && outcome.ok ? [{ fileId: file.fileId, ...outcome.value, readAt }] : [];
  });
  const failed = files.flatMap((file, index) => failureOf(file, outcomes[index]));
  // A process that ended while the run was being stopped is no file's fault; the claim is given back with the run's end.
  const crashed = signal.aborted ? [] : files.filter((_, index) => outcomes[index] === 'crashed');
  const linked = known.length > 0 ? await parts.db.identifyFiles({ files: known, now: parts.now() }) : [];
  if (failed.length > 0) await parts.db.failFiles({ files: failed, now: parts.now() });
  await strike(parts, crashed);
  return {
    failed: failed.length,
    copies: linked.filter((file) => file.known).length,
    same: linked.filter((file) => file.same).length,
  };
}

/** The bytes get the strike as well as the file: a copy of it would end the next process. Hashing them is no reading of what they say. */
async function strike(
  parts: { readonly db: LibraryDb; readonly poisons: Set<string>; now(): number },
  crashed: readonly ClaimedFile[],
): Promise<void> {
  if (crashed.length === 0) return;
  const files: { fileId: number; sha256: string | null }[] = [];
  for (const { fileId, path } of crashed) files.push({ fileId, sha256: await hashOf(path) });
  const { poisoned } = await parts.db.strikeFiles({ files, now: parts.now() });
  for (const { fileId, sha256 } of files) if (sha256 !== null && poisoned.includes(fileId)) parts.poisons.add(sha256);
}

async function hashOf(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch {
    return null; // gone meanwhile: the file alone pays
  }
}

function failureOf(
  file: ClaimedFile,
  outcome: Outcome<IdentifiedFile> | Crashed | undefined,
): ({ fileId: number } & Failure)[] {
  if (!outcome || outcome === 'crashed' || outcome.ok) return [];
  return [{ fileId: file.fileId, code: outcome.error.code, message: outcome.error.message }];
}
