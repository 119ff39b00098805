// Finds size, EXIF, XMP and IPTC in TIFF files and in the raw formats built on TIFF (inference child process).
import { addIptc, addXmp, type Container, MAX_EXIF_BYTES, setSize } from './container.ts';
import { findIptcInPhotoshop } from './photoshop.ts';
import { entryBytes, entryNumber, type IfdEntry, listIfd, parseTiffHeader, type TiffHeader } from './tiff-ifd.ts';

const NEW_SUBFILE_TYPE = 0xfe;
const IMAGE_WIDTH = 0x100;
const IMAGE_LENGTH = 0x101;
const COMPRESSION = 0x103;
const SUB_IFDS = 0x14a;
const XMP = 0x2bc;
const IPTC = 0x83bb;
const PHOTOSHOP = 0x8649;
const DNG_VERSION = 0xc612;

/** Room for the directories and small values of RW2 and ORF, which previews and sensor data follow. */
const RAW_FRONT_BYTES = 1 << 20;

function byTag(entries: IfdEntry[], tag: number): IfdEntry | undefined {
  return entries.find((entry) => entry.tag === tag);
}

function isRaw(file: Buffer, header: TiffHeader, first: IfdEntry[]): boolean {
  const magic = file.toString('latin1', 2, 4);
  if (magic !== '*\0' && magic !== '\0*' && !header.isBig) return true;
  // CR2 and Phase One sign themselves right after the header.
  const signature = file.toString('latin1', 8, 12);
  if (['CR\x02\0', 'IIII', 'MMMM'].includes(signature) && header.firstIfdAt > 8) return true;
  if (byTag(first, DNG_VERSION)) return true;
  // NEF, ARW and others: the first directory is a preview and the sensor data lies in a sub-directory.
  if (!byTag(first, SUB_IFDS)) return false;
  const isReduced = entryNumber(file, header, byTag(first, NEW_SUBFILE_TYPE)) === 1;
  return isReduced || entryNumber(file, header, byTag(first, COMPRESSION)) === 6;
}

function sizeOf(file: Buffer, header: TiffHeader, entries: IfdEntry[]): [number, number] {
  const width = entryNumber(file, header, byTag(entries, IMAGE_WIDTH)) ?? 0;
  return [width, entryNumber(file, header, byTag(entries, IMAGE_LENGTH)) ?? 0];
}

/** Largest sub-directory: the sensor's pixels, where the first directory only describes a preview. */
function rawSize(file: Buffer, header: TiffHeader, first: IfdEntry[]): [number, number] {
  let best: [number, number] = [0, 0];
  for (let i = 0; i < 8; i += 1) {
    const at = entryNumber(file, header, byTag(first, SUB_IFDS), i);
    if (at === null) break;
    const size = sizeOf(file, header, listIfd(file, header, at));
    if (size[0] * size[1] > best[0] * best[1]) best = size;
  }
  return best;
}

/** Adds the file itself as the EXIF block, under the standard magic number that the decoder insists on. */
function addTiffAsExif(file: Buffer, into: Container): void {
  const magic = file.toString('latin1', 2, 4);
  if (magic === '*\0' || magic === '\0*') {
    into.exif.push(file);
    return;
  }
  // RW2 and ORF keep their directories at the front, so a copy of the front is enough.
  const copy = Buffer.from(file.subarray(0, RAW_FRONT_BYTES));
  if (copy.toString('latin1', 0, 2) === 'II') copy.writeUInt16LE(42, 2);
  else copy.writeUInt16BE(42, 2);
  into.exif.push(copy);
}

export function readTiff(file: Buffer, into: Container): void {
  const header = parseTiffHeader(file);
  if (header === null) return;
  const first = listIfd(file, header, header.firstIfdAt);
  into.format = isRaw(file, header, first) ? 'raw' : 'tiff';
  const [width, height] = into.format === 'raw' ? rawSize(file, header, first) : sizeOf(file, header, first);
  setSize(into, width, height);
  const xmp = entryBytes(file, byTag(first, XMP));
  if (xmp) addXmp(into, xmp);
  const iptc = entryBytes(file, byTag(first, IPTC));
  if (iptc) addIptc(into, iptc);
  const photoshop = entryBytes(file, byTag(first, PHOTOSHOP));
  if (photoshop) findIptcInPhotoshop(photoshop, into);
  // exifreader does not know BigTIFF, which no camera writes.
  if (!header.isBig) addTiffAsExif(file, into);
}

/** Minolta MRW: a list of blocks, of which TTW is a TIFF structure. */
export function readMrw(file: Buffer, into: Container): void {
  into.format = 'raw';
  for (let at = 8; at + 8 <= file.length; ) {
    const length = file.readUInt32BE(at + 4);
    if (file.toString('latin1', at + 1, at + 4) === 'TTW') {
      into.exif.push(file.subarray(at + 8, at + 8 + Math.min(length, MAX_EXIF_BYTES)));
      return;
    }
    at += 8 + length;
  }
}
