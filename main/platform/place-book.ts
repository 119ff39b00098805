// Names folders by ids that only the host hands out, so that no path ever comes in from a window. Shell process.
import { randomUUID } from 'node:crypto';

export interface PlaceBook {
  /** The id of a folder's path; the same path keeps its id while it is remembered. */
  name(path: string): string;
  /** The path that an id stands for; null for an id that was never handed out, or long ago. */
  resolve(placeId: string): string | null;
}

/** Far more folders than a person opens in one sitting; the book lives as long as the host. */
const mostKept = 50_000;

export function createPlaceBook(limit: number = mostKept): PlaceBook {
  const pathById = new Map<string, string>();
  const idByPath = new Map<string, string>();
  return {
    name(path) {
      const known = idByPath.get(path);
      const placeId = known ?? randomUUID();
      // Taken out first, so that the order of the map is the order of use.
      pathById.delete(placeId);
      pathById.set(placeId, path);
      idByPath.set(path, placeId);
      const [oldest] = pathById;
      if (pathById.size > limit && oldest) {
        pathById.delete(oldest[0]);
        idByPath.delete(oldest[1]);
      }
      return placeId;
    },
    resolve: (placeId) => pathById.get(placeId) ?? null,
  };
}
