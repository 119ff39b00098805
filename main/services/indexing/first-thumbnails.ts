// Makes the thumbnails of the first photos that a person waits to see, before any model looks at a photo. Shell process.
import type { InferenceService } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { ClaimedPhoto } from '../../library-db/library-rows.ts';
import { AppError, throwIfCancelled } from '../../platform/app-error.ts';
import type { Remote } from '../../platform/rpc.ts';

/** Reading and decoding the largest photo on a slow machine. */
const timeoutMsPerPhoto = 60_000;

/**
 * Stores what can be shown of claimed photos at once; they stay claimed, and are decoded a second time for the models: a few dozen times that costs less
 * than it is worth. A photo that fails, or ends the process, is passed over here and gets its blame with the models' work.
 *
 * @returns the photos that have their thumbnail now.
 */
export async function makeFirstThumbnails(
  parts: { readonly db: Pick<LibraryDb, 'completePhotos'>; now(): number },
  lane: Pick<Remote<InferenceService>, 'analyse'>,
  photos: readonly ClaimedPhoto[],
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  throwIfCancelled(signal);
  const wish = { thumbnail: true, embedding: false, caption: false };
  const requests = photos.map(({ path, sha256 }) => ({ path, sha256, ...wish }));
  const outcomes = await lane
    .analyse({ photos: requests }, { signal, timeoutMs: timeoutMsPerPhoto * requests.length })
    .catch((error) => {
      if (isCrash(error)) return [];
      throw error;
    });
  const results = photos.flatMap(({ photoId }, at) => {
    const outcome = outcomes[at];
    if (!outcome?.ok || !outcome.value.thumbnail) return [];
    const { thumbnail, damaged, animated } = outcome.value;
    return [{ photoId, done: [], vectors: [], thumbnail, damaged, animated }];
  });
  if (results.length > 0) await parts.db.completePhotos({ results, now: parts.now() });
  return new Set(results.map(({ photoId }) => photoId));
}

function isCrash(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'inference/crashed' || error.code === 'inference/timeout');
}
