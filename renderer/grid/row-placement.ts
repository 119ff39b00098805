// Where the photos of one row are, and which row is where: what is asked of a layout for the few rows on the screen. Pure.
import { beginsDay, dayPadding, type Layout, shownRatio } from './justified-layout.ts';

export interface PlacedPhoto {
  readonly position: number;
  readonly left: number;
  readonly width: number;
}

/** A day's header in a row. */
export interface PlacedDay {
  readonly position: number;
  readonly left: number;
  readonly width: number;
}

export interface PlacedRow {
  readonly row: number;
  /** Of the row with its header. */
  readonly top: number;
  /** Height of the header's band, 0 where there is none. */
  readonly headerHeight: number;
  readonly photoHeight: number;
  readonly photos: readonly PlacedPhoto[];
  readonly days: readonly PlacedDay[];
}

export function placeRow(layout: Layout, row: number): PlacedRow {
  const { input, options } = layout;
  const start = layout.rowStarts[row] ?? 0;
  const end = layout.rowStarts[row + 1] ?? start;
  const height = layout.rowHeights[row] ?? 0;
  const hasHeader = beginsDay(input, start);
  const photos: PlacedPhoto[] = [];
  const days: { position: number; left: number; width: number }[] = [];
  let x = 0;
  let dayStart = start;
  let ratioSum = 0;

  for (let position = start; position < end; position++) {
    if (position > start) {
      x += options.gap;
      if (beginsDay(input, position)) {
        x += dayPadding(ratioSum, position - dayStart, options) + options.dayGap - options.gap;
        ratioSum = 0;
        dayStart = position;
      }
    }
    const ratio = shownRatio(input, position);
    const left = Math.round(x);
    x += ratio * height;
    ratioSum += ratio;
    const photo = { position, left, width: Math.max(1, Math.min(options.width, Math.round(x)) - left) };
    photos.push(photo);
    if (beginsDay(input, position)) days.push({ position, left, width: 0 });
  }
  days.forEach((day, i) => {
    const next = days[i + 1];
    day.width = (next ? next.left - options.dayGap : options.width) - day.left;
  });
  return {
    row,
    top: layout.rowTops[row] ?? 0,
    headerHeight: hasHeader ? options.headerHeight : 0,
    photoHeight: Math.max(1, Math.round(height)),
    photos,
    days,
  };
}

export function layoutHeight(layout: Layout): number {
  return layout.rowTops[layout.rowCount] ?? 0;
}

/** The row at this height, the nearest one beyond the ends; -1 where there is none. */
export function rowAt(layout: Layout, y: number): number {
  return Math.min(layout.rowCount - 1, lastNotAbove(layout.rowTops, layout.rowCount, y));
}

/** The row that holds this photo. */
export function rowOf(layout: Layout, position: number): number {
  return lastNotAbove(layout.rowStarts, layout.rowCount, position);
}

/** The photo of a row that is nearest to `x` on its way up or down. */
export function nearestIn(row: PlacedRow, x: number): number {
  let best = row.photos[0];
  for (const photo of row.photos) {
    if (best && distance(photo, x) < distance(best, x)) best = photo;
  }
  return best?.position ?? 0;
}

function distance(photo: PlacedPhoto, x: number): number {
  return Math.max(photo.left - x, x - photo.left - photo.width, 0);
}

/** Index of the last of the first `count` ascending values that is at most `value`; 0 where none is. */
function lastNotAbove(values: Uint32Array, count: number, value: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((values[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
