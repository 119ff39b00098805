// Pictures of a photo as large as a screen: taken from the cache, else made by an inference child, each once. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { PhotoFile } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import type { PreviewCache } from './preview-cache.ts';

export interface Previews {
  /** WebP, oriented. @throws AppError `fs/*`, `decode/*`, `inference/*`, `model/*` */
  of(file: PhotoFile): Promise<Uint8Array>;
}

/** Longest side in pixels: sharp on today's screens, and 12 MB while it is being made. */
const longestSide = 2048;
/** Part of the key: pictures made in another way are made again. */
const version = 1;

/**
 * A picture whose making ended the child is not tried again while the program runs: it would take the work in that child's hand with it each time.
 * A making that is under way is not stopped when nobody waits for it any more: whoever left often comes back.
 */
export function createPreviews(parts: {
  readonly inference: Pick<InferencePool, 'preview' | 'lanes'>;
  readonly cache: PreviewCache;
}): Previews {
  const running = new Map<string, Promise<Uint8Array>>();
  const fatal = new Set<string>();
  const queue = createQueue(() => parts.inference.lanes.length);

  async function make(file: PhotoFile): Promise<Uint8Array> {
    const key = `${file.sha256}-${version}`;
    const kept = await parts.cache.get(key);
    if (kept) return kept;
    if (fatal.has(file.sha256))
      throw new AppError('decode/poison', 'reading this file ended the process that reads photos');
    try {
      const { bytes } = await queue(() =>
        parts.inference.preview(
          { path: file.path, sha256: file.sha256, longestSide },
          { signal: new AbortController().signal },
        ),
      );
      await parts.cache.put(key, bytes);
      return bytes;
    } catch (error) {
      if (error instanceof AppError && ['inference/crashed', 'inference/timeout'].includes(error.code))
        fatal.add(file.sha256);
      throw error;
    }
  }

  return {
    of(file) {
      const known = running.get(file.sha256);
      if (known) return known;
      const made = make(file).finally(() => running.delete(file.sha256));
      running.set(file.sha256, made);
      return made;
    },
  };
}

/** As many at once as there are children. The newest goes first: it is what a person looks at now. */
function createQueue(width: () => number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let busy = 0;
  return async (work) => {
    // Whoever ends hands its place to one that waits, so that nobody slips in between.
    if (busy < Math.max(1, width())) busy++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.pop();
      if (next) next();
      else busy--;
    }
  };
}
