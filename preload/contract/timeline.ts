// The packed timeline: what a gallery must know of every photo before it can be laid out, as columns of typed arrays. Used by every process.

/** Photos newest first (by date taken, else by file date), undated last. Every column has one entry a photo. */
export interface Timeline {
  /** The library's revision that these columns show. */
  readonly revision: number;
  readonly count: number;
  readonly ids: Uint32Array;
  /** Days since 1970-01-01 of the local date taken; `undatedDay` where nothing is known. */
  readonly days: Int32Array;
  /** Width divided by height after orientation, in thousandths, 100 to 10,000; 1,000 where unknown. */
  readonly ratios: Uint16Array;
  /** Dominant colour, RGB 5-6-5; mid-grey where there is no thumbnail yet. */
  readonly colours: Uint16Array;
  /** Sum of `timelineFlags`. */
  readonly flags: Uint8Array;
}

export const undatedDay = -2_147_483_648;

export const timelineFlags = {
  favourite: 1,
  /** The picture could be shown only in part. */
  damaged: 2,
  /** No file of it is present: its folder is away or it was deleted. */
  missing: 4,
  /** No thumbnail is stored yet. */
  waiting: 8,
  /** It could not be read. */
  failed: 16,
  animated: 32,
} as const;

/** First 32-bit word of the packed form, little-endian `PST1`. */
const magic = 0x31545350;
const headerBytes = 16;
const bytesPerPhoto = 4 + 4 + 2 + 2 + 1;

/** The packed form: magic, count, revision (two 32-bit words, low first), then ids, days, ratios, colours, flags; little-endian. */
export function packTimeline(timeline: Timeline): Uint8Array {
  const { count, revision } = timeline;
  const bytes = new Uint8Array(headerBytes + count * bytesPerPhoto);
  new Uint32Array(bytes.buffer, 0, 4).set([magic, count, revision >>> 0, Math.floor(revision / 2 ** 32)]);
  const at = offsets(count);
  new Uint32Array(bytes.buffer, at.ids, count).set(timeline.ids);
  new Int32Array(bytes.buffer, at.days, count).set(timeline.days);
  new Uint16Array(bytes.buffer, at.ratios, count).set(timeline.ratios);
  new Uint16Array(bytes.buffer, at.colours, count).set(timeline.colours);
  new Uint8Array(bytes.buffer, at.flags, count).set(timeline.flags);
  return bytes;
}

/** Views into `buffer`, nothing is copied. Throws a RangeError where it is not a whole packed timeline. */
export function unpackTimeline(buffer: ArrayBuffer): Timeline {
  if (buffer.byteLength < headerBytes) throw new RangeError('a packed timeline is at least 16 bytes long');
  const [found, count = 0, low = 0, high = 0] = new Uint32Array(buffer, 0, 4);
  if (found !== magic || buffer.byteLength !== headerBytes + count * bytesPerPhoto)
    throw new RangeError('not a whole packed timeline');
  const at = offsets(count);
  return {
    revision: low + high * 2 ** 32,
    count,
    ids: new Uint32Array(buffer, at.ids, count),
    days: new Int32Array(buffer, at.days, count),
    ratios: new Uint16Array(buffer, at.ratios, count),
    colours: new Uint16Array(buffer, at.colours, count),
    flags: new Uint8Array(buffer, at.flags, count),
  };
}

function offsets(count: number): { ids: number; days: number; ratios: number; colours: number; flags: number } {
  const ids = headerBytes;
  const days = ids + 4 * count;
  const ratios = days + 4 * count;
  const colours = ratios + 2 * count;
  return { ids, days, ratios, colours, flags: colours + 2 * count };
}
