// Reads the columns of all photos shown and puts them into the order of the gallery. Library thread.
import { packTimeline, type Timeline, timelineFlags, undatedDay } from '../../preload/contract/timeline.ts';
import { reading } from '../store/open-database.ts';
import type { OpenStore } from './open-store.ts';
import { undatedMs } from './photo-facts.ts';

const dayMs = 86_400_000;
/** Seconds from the latest time a photo may have (the year 10,000) back to the earliest: 39 bits. */
const latestSeconds = 253_402_300_800;
const earliestSeconds = -62_167_219_200;
/** Bits of a row's place below its age in a sort key: 33 million photos. */
const placeBits = 25;

/** Each list a column of the same rows, by rising id, and lists of ids that a flag is set for. */
export interface GalleryColumns {
  readonly revision: number;
  readonly ids: readonly number[];
  /** Epoch milliseconds of local time. */
  readonly newest: readonly number[];
  /** Bits as in `store/migrations/0050-gallery.ts`. */
  readonly cells: readonly number[];
  readonly favourites: readonly number[];
  readonly failed: readonly number[];
  readonly away: readonly number[];
}

/** @returns the packed form of `preload/contract/timeline.ts`. */
export function readTimeline({ library, gallery, folders }: OpenStore): Uint8Array {
  const columns = reading(library, () => ({
    revision: gallery.revision(),
    ids: gallery.ids(),
    newest: gallery.newest(),
    cells: gallery.cells(),
    favourites: gallery.favourites(),
    failed: gallery.failed(),
    away: gallery.away(
      folders
        .folders()
        .filter((folder) => folder.isOffline)
        .map((folder) => folder.id),
    ),
  }));
  return packTimeline(toTimeline(columns));
}

/** Newest first, undated last; photos of the same second by falling id. */
export function toTimeline(columns: GalleryColumns): Timeline {
  const count = columns.ids.length;
  const timeline: Timeline = {
    revision: columns.revision,
    count,
    ids: new Uint32Array(count),
    days: new Int32Array(count),
    ratios: new Uint16Array(count),
    colours: new Uint16Array(count),
    flags: new Uint8Array(count),
  };
  const flagsById = listedFlags(columns);
  const order = newestFirst(columns.newest);
  for (let at = 0; at < count; at++) {
    const row = order[at] as number;
    const id = columns.ids[row] as number;
    const newest = columns.newest[row] as number;
    const cell = columns.cells[row] as number;
    // Past 32 bits JavaScript's bit operators do not reach.
    const low = cell >>> 0;
    const isAnimated = cell >= 2 ** 32;
    timeline.ids[at] = id;
    timeline.days[at] = newest <= undatedMs ? undatedDay : Math.floor(newest / dayMs);
    timeline.colours[at] = low & 0xffff;
    timeline.ratios[at] = (low >>> 16) & 0x3fff;
    timeline.flags[at] =
      (flagsById[id] ?? 0) |
      (((low >>> 30) & 1) * timelineFlags.damaged) |
      ((low >>> 31) * timelineFlags.waiting) |
      (isAnimated ? timelineFlags.animated : 0);
  }
  return timeline;
}

/** Places of the rows in the gallery's order, by one native sort over 64-bit keys: a comparing sort of a million takes ten times as long. */
function newestFirst(newest: readonly number[]): Uint32Array {
  const count = newest.length;
  const keys = new BigUint64Array(count);
  const halves = new Uint32Array(keys.buffer);
  const [high, low] = highAndLow;
  for (let row = 0; row < count; row++) {
    const seconds = Math.floor((newest[row] as number) / 1000);
    const age = latestSeconds - Math.min(latestSeconds, Math.max(earliestSeconds, seconds));
    // Undated ones come after the oldest there can be.
    const rank = newest[row] === undatedMs ? latestSeconds - earliestSeconds + 1 : age;
    const lowBits = 32 - placeBits;
    halves[2 * row + high] = Math.floor(rank / 2 ** lowBits);
    // From the back, so that of two photos of one second the later id comes first.
    halves[2 * row + low] = (rank % 2 ** lowBits) * 2 ** placeBits + (count - 1 - row);
  }
  keys.sort();
  const order = new Uint32Array(count);
  const placeMask = 2 ** placeBits - 1;
  for (let at = 0; at < count; at++) order[at] = count - 1 - ((halves[2 * at + low] as number) & placeMask);
  return order;
}

/** Which half of a 64-bit number holds its higher bits depends on the machine. */
const highAndLow = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? ([1, 0] as const) : ([0, 1] as const);

/** Flags by photo id. */
function listedFlags({ ids, favourites, failed, away }: GalleryColumns): Uint8Array {
  const flags = new Uint8Array((ids.at(-1) ?? 0) + 1);
  const lists = [
    [favourites, timelineFlags.favourite],
    [failed, timelineFlags.failed],
    [away, timelineFlags.missing],
  ] as const;
  for (const [list, flag] of lists) {
    // Photos that are not shown may have a higher id than any that is: writing past the end does nothing.
    for (const id of list) flags[id] = (flags[id] ?? 0) | flag;
  }
  return flags;
}
