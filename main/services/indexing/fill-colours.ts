// Finds out the colours of thumbnails made before colours were kept, a few at a time, when there is nothing else to do. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';

/** About a tenth of a second of one child. */
const portion = 64;
const timeoutMs = 60_000;

/** @throws CancelledError when the signal was aborted; a later call goes on. */
export async function fillColours(
  parts: {
    readonly db: Pick<LibraryDb, 'thumbnailsWithoutColour' | 'setColours'>;
    readonly inference: Pick<InferencePool, 'lanes'>;
  },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    throwIfCancelled(signal);
    const thumbnails = await parts.db.thumbnailsWithoutColour({ limit: portion });
    const [lane] = parts.inference.lanes;
    if (thumbnails.length === 0 || !lane) return;
    const colours = await lane.colours({ thumbnails: thumbnails.map(({ bytes }) => bytes) }, { signal, timeoutMs });
    await parts.db.setColours({
      colours: thumbnails.map(({ photoId }, i) => ({ photoId, colour: colours[i] ?? null })),
    });
  }
}
