// Where pictures and packed columns are fetched: bytes travel by URL, on the application's own scheme or over the web host. Used by every process.

/**
 * `thumbnail`: WebP of at most 320 pixels a side, oriented. `preview`: at most 2,048 pixels a side, oriented, in a format every browser shows.
 * `original`: the file's bytes, for formats a browser shows by itself; answers 415 for others.
 */
export type MediaVariant = 'thumbnail' | 'preview' | 'original';
export const mediaVariants: readonly MediaVariant[] = ['thumbnail', 'preview', 'original'];

/** Path of a photo's bytes below the interface's base; `revision` changes when the bytes do, so the answer may be kept for ever. */
export function mediaPath(photoId: number, variant: MediaVariant, revision: number): string {
  return `media/${photoId}/${variant}?v=${revision}`;
}

/** Path of the packed timeline, see `timeline.ts`. */
export function timelinePath(revision: number): string {
  return `media/timeline?v=${revision}`;
}
