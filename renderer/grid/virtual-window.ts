// Which rows are drawn, and how the browser's scroll position stands for a place in a layout that may be taller than a browser allows. Pure.
import type { Layout } from './justified-layout.ts';
import { layoutHeight, rowAt, rowOf } from './row-placement.ts';

/**
 * [Note: scroll space]
 * Browsers cap the height of an element (Chromium at 33.5 million pixels, Firefox at 17.9) and place things coarsely long before that. The element that
 * scrolls is therefore at most this high and stands for a stretch of the layout that begins at `base`: a place in the layout is `base` plus the scroll
 * position, so that every way of scrolling keeps its own pace. Near an end of the stretch it is moved on, see `recentred`. Below this height `base` is 0.
 */
export const scrollSpaceHeight = 4_000_000;
/** So near an end of the stretch it is moved. */
const edge = 500_000;

export interface ScrollPlace {
  readonly base: number;
  readonly scrollTop: number;
}

/** The scroll position that shows this place of the layout at the top, with as much room as there is on both sides. */
export function scrollPlaceOf(y: number, height: number, viewport: number): ScrollPlace {
  const target = Math.max(0, Math.min(y, height - viewport));
  const base = Math.round(Math.max(0, Math.min(target - scrollSpaceHeight / 2, height - scrollSpaceHeight)));
  return { base, scrollTop: target - base };
}

/** The same place with room on both sides, or null where there is room enough or no more layout on that side. */
export function recentred(place: ScrollPlace, height: number, viewport: number): ScrollPlace | null {
  const below = Math.min(height, scrollSpaceHeight) - viewport - place.scrollTop;
  const stretchEnd = place.base + scrollSpaceHeight;
  const needsRoom = (place.scrollTop < edge && place.base > 0) || (below < edge && stretchEnd < height);
  return needsRoom ? scrollPlaceOf(place.base + place.scrollTop, height, viewport) : null;
}

export interface RowWindow {
  readonly first: number;
  /** Not included. */
  readonly end: number;
}

/**
 * Rows that meet the view, and as many around it as `maxPhotos` allows up to half a view on each side. What meets the view is always in.
 */
export function rowWindow(layout: Layout, top: number, viewport: number, maxPhotos: number): RowWindow {
  if (layout.rowCount === 0) return { first: 0, end: 0 };
  const { rowStarts } = layout;
  const photosIn = (first: number, end: number): number => (rowStarts[end] ?? 0) - (rowStarts[first] ?? 0);
  let first = rowAt(layout, top);
  let end = rowAt(layout, top + viewport - 1) + 1;
  const firstWanted = rowAt(layout, top - viewport / 2);
  const endWanted = rowAt(layout, top + viewport * 1.5) + 1;
  for (;;) {
    const { first: firstBefore, end: endBefore } = { first, end };
    if (end < endWanted && photosIn(first, end + 1) <= maxPhotos) end++;
    if (first > firstWanted && photosIn(first - 1, end) <= maxPhotos) first--;
    if (first === firstBefore && end === endBefore) return { first, end };
  }
}

/** What is looked at: a photo, and how far below the top of the view its row begins. */
export interface Anchor {
  readonly position: number;
  readonly offset: number;
}

/** Null at the very top: who is there wants to see what comes in at the top. */
export function anchorAt(layout: Layout, top: number): Anchor | null {
  if (top <= 0 || layout.rowCount === 0) return null;
  const row = rowAt(layout, top);
  // A row cut by the top edge is not what is looked at where the next one begins within the view.
  const chosen = (layout.rowTops[row] ?? 0) < top && row + 1 < layout.rowCount ? row + 1 : row;
  return { position: layout.rowStarts[chosen] ?? 0, offset: (layout.rowTops[chosen] ?? 0) - top };
}

/** The place of the layout at which the anchor is where it was. */
export function topOf(layout: Layout, anchor: Anchor, viewport: number): number {
  const y = (layout.rowTops[rowOf(layout, anchor.position)] ?? 0) - anchor.offset;
  return Math.max(0, Math.min(y, layoutHeight(layout) - viewport));
}
