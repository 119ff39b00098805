// Refuses TIFF structures whose values would cost the decoder more than photo facts ever need (inference child process).
import { entryNumber, type IfdEntry, listIfd, parseTiffHeader } from './containers/tiff-ifd.ts';
import { EXIF_TAGS } from './exif-tags.ts';

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const DECODED: ReadonlySet<number> = new Set(Object.values(EXIF_TAGS));

/**
 * Cameras fill a few hundred bytes; only descriptions are longer. exifreader itself allows four times the file, at 16
 * bytes of heap each, and takes microseconds for each string that is not UTF-8.
 */
const MAX_DECODED_BYTES = 1 << 16;

/** The reason to leave this structure alone, or `null`. Throws where it is no TIFF structure. */
export function refuseExif(block: Buffer): string | null {
  const header = parseTiffHeader(block);
  if (header === null || header.isBig) throw new TypeError('not a classic TIFF structure');
  const entries: IfdEntry[] = listIfd(block, header, header.firstIfdAt);
  // The decoder follows the last of repeated pointers; all are counted here.
  for (const pointer of entries.filter(({ tag }) => tag === EXIF_IFD || tag === GPS_IFD).slice(0, 8)) {
    entries.push(...listIfd(block, header, entryNumber(block, header, pointer) ?? 0));
  }
  // Values that reach past the end are never decoded; damaged files have many.
  const decoded = entries.filter(({ tag, valueAt, bytes }) => DECODED.has(tag) && valueAt + bytes <= block.length);
  const bytes = decoded.reduce((sum, entry) => sum + entry.bytes, 0);
  return bytes > MAX_DECODED_BYTES ? 'EXIF values are too large to be real and were not read' : null;
}
