// Where the arrow keys lead in the grid. Pure.
import type { Layout } from './justified-layout.ts';
import { nearestIn, placeRow, rowAt, rowOf } from './row-placement.ts';

/** The photo a key leads to from this one, null where the key leads nowhere in the grid. `viewport` is the height of a page. */
export function keyMove(key: string, layout: Layout, position: number, viewport: number): number | null {
  const last = (layout.rowStarts[layout.rowCount] ?? 1) - 1;
  const inBounds = (to: number): number => Math.max(0, Math.min(last, to));
  if (key === 'ArrowLeft') return inBounds(position - 1);
  if (key === 'ArrowRight') return inBounds(position + 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const row = rowOf(layout, position);
  if (key === 'ArrowUp') return inRow(layout, row - 1, position);
  if (key === 'ArrowDown') return inRow(layout, row + 1, position);
  const top = layout.rowTops[row] ?? 0;
  if (key === 'PageUp') {
    // The last row that is still whole a page up, as on the way down.
    const above = top <= viewport ? 0 : rowAt(layout, top - viewport - 1) + 1;
    return inRow(layout, Math.min(row - 1, above), position);
  }
  if (key === 'PageDown') return inRow(layout, Math.max(row + 1, rowAt(layout, top + viewport)), position);
  return null;
}

function inRow(layout: Layout, row: number, position: number): number {
  if (row < 0) return position;
  if (row >= layout.rowCount) return position;
  const here = placeRow(layout, rowOf(layout, position)).photos.find((photo) => photo.position === position);
  return nearestIn(placeRow(layout, row), here ? here.left + here.width / 2 : 0);
}
