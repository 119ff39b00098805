// Where this page finds pictures and packed columns. Renderer.
import { type MediaVariant, mediaPath, timelinePath } from '../../preload/contract/media.ts';

export interface MediaAddresses {
  /** As `mediaPath`. */
  photo(photoId: number, variant: MediaVariant, revision: number): string;
  /** As `timelinePath`. */
  timeline(revision: number): string;
}

/** @param base what the host wants before every path. */
export function mediaAddresses(base: () => string): MediaAddresses {
  return {
    photo: (photoId, variant, revision) => base() + mediaPath(photoId, variant, revision),
    timeline: (revision) => base() + timelinePath(revision),
  };
}
