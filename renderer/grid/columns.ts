// The facts of the photos of one list, in the order shown, as columns. Pure.
import type { Timeline } from '../../preload/contract/timeline.ts';
import type { IdIndex } from './id-index.ts';
import type { LayoutInput } from './justified-layout.ts';
import type { PhotoList } from './photo-list.ts';

export interface Columns extends LayoutInput {
  readonly ids: Uint32Array;
  readonly colours: Uint16Array;
  readonly flags: Uint8Array;
  /** -1 where the photo is not in the list. */
  readonly positionOf: IdIndex;
}

/** Photos that the timeline does not have are left out. `indexOf` finds a photo in the timeline. */
export function columnsOf(list: PhotoList, timeline: Timeline, indexOf: IdIndex): Columns {
  if (list.ids === timeline.ids) {
    const { ids, ratios, days, colours, flags } = timeline;
    return { ids, ratios, days: list.grouped ? days : null, colours, flags, positionOf: indexOf };
  }
  const ids = list.ids.filter((id) => indexOf(id) >= 0);
  const at = Int32Array.from(ids, indexOf);
  return {
    ids,
    ratios: Uint16Array.from(at, (i) => timeline.ratios[i] ?? 1000),
    days: list.grouped ? Int32Array.from(at, (i) => timeline.days[i] ?? 0) : null,
    colours: Uint16Array.from(at, (i) => timeline.colours[i] ?? 0),
    flags: Uint8Array.from(at, (i) => timeline.flags[i] ?? 0),
    positionOf: (id) => ids.indexOf(id),
  };
}

/** Photos of the day of this one: from its first up to, not including, the end. */
export function dayAround({ days, ids }: Columns, position: number): { start: number; end: number } {
  if (!days) return { start: 0, end: ids.length };
  let start = position;
  let end = position + 1;
  while (start > 0 && days[start - 1] === days[position]) start--;
  while (end < ids.length && days[end] === days[position]) end++;
  return { start, end };
}

/** RGB 5-6-5 as CSS writes it. */
export function cssColour(packed: number): string {
  const red = Math.round(((packed >>> 11) * 255) / 31);
  const green = Math.round((((packed >>> 5) & 63) * 255) / 63);
  const blue = Math.round(((packed & 31) * 255) / 31);
  return `rgb(${red} ${green} ${blue})`;
}
