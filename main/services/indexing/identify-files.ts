// One piece of background work: read claimed files' bytes, and link each file to the photo it holds. Shell process.

import type { IdentifiedFile, InferenceService, Outcome } from '../../inference/protocol.ts';
import type { ClaimedFile, Failure, LibraryDb } from '../../library-db/library-db.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { Remote } from '../../platform/rpc.ts';
import { type Crashed, withCrashesBlamed } from './crash-blame.ts';

/** Time for one file: reading 512 MB from a slow disk. A call over it ends the process, which may hang. */
const timeoutMsPerFile = 60_000;

export interface IdentifyOutcome {
  readonly failed: number;
  /** Files whose bytes the library had already. */
  readonly copies: number;
}

export async function identifyFiles(
  parts: { readonly db: LibraryDb; now(): number },
  lane: Remote<InferenceService>,
  files: readonly ClaimedFile[],
  signal: AbortSignal,
): Promise<IdentifyOutcome> {
  const outcomes = await withCrashesBlamed<ClaimedFile, Outcome<IdentifiedFile>>(files, (some) => {
    throwIfCancelled(signal);
    return lane.identify({ paths: some.map((file) => file.path) }, { timeoutMs: timeoutMsPerFile * some.length });
  });
  const known = files.flatMap((file, index) => {
    const outcome = outcomes[index];
    return outcome && outcome !== 'crashed' && outcome.ok ? [{ fileId: file.fileId, ...outcome.value }] : [];
  });
  const failed = files.flatMap((file, index) => failureOf(file, outcomes[index]));
  // A process that ended while the run was being stopped is no file's fault; the claim is given back with the run's end.
  const crashed = signal.aborted ? [] : files.filter((_, index) => outcomes[index] === 'crashed');
  const linked = known.length > 0 ? await parts.db.identifyFiles({ files: known, now: parts.now() }) : [];
  if (failed.length > 0) await parts.db.failFiles({ files: failed, now: parts.now() });
  if (crashed.length > 0) await parts.db.strikeFiles({ fileIds: crashed.map((file) => file.fileId), now: parts.now() });
  return { failed: failed.length, copies: linked.filter((file) => file.known).length };
}

function failureOf(
  file: ClaimedFile,
  outcome: Outcome<IdentifiedFile> | Crashed | undefined,
): ({ fileId: number } & Failure)[] {
  if (!outcome || outcome === 'crashed' || outcome.ok) return [];
  return [{ fileId: file.fileId, code: outcome.error.code, message: outcome.error.message }];
}
