// What was seen of the parts of the latest photos: another sentence about one of them costs no further run of the image model. Shell process.
import type { PicturePart } from '../../../inference/protocol.ts';

export type SeenParts = (key: string, look: () => Promise<readonly PicturePart[]>) => Promise<readonly PicturePart[]>;

/** Some 50 kB each. */
const mostKept = 100;

/** A look that failed or was cancelled is not remembered. @param key names photo, its picture's revision and the model. */
export function createSeenParts(limit: number = mostKept): SeenParts {
  const kept = new Map<string, readonly PicturePart[]>();
  return async (key, look) => {
    const seen = kept.get(key) ?? (await look());
    // Taken out first, so that the order of the map is the order of use.
    kept.delete(key);
    kept.set(key, seen);
    const [oldest] = kept.keys();
    if (kept.size > limit && oldest !== undefined) kept.delete(oldest);
    return seen;
  };
}
