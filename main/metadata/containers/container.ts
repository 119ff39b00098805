// The metadata blocks that one image file carries, found without decoding pixels (inference child process).
import type { PhotoFormat } from '../photo-metadata.ts';

/** Filled step by step by a format's reader, so that a reader that meets damage keeps what it has found so far. */
export interface Container {
  format: PhotoFormat | null;
  width: number | null;
  height: number | null;
  /** Only what the container itself says (HEIF `irot` and `imir`), never EXIF. */
  orientation: number | null;
  /** TIFF structures in the order found: EXIF blocks, or the whole file for TIFF and raw. */
  exif: Buffer[];
  /** XMP packets, as stored. */
  xmp: Buffer[];
  /** IPTC-IIM records (starting with 0x1C), not the Photoshop resource block around them. */
  iptc: Buffer[];
  warnings: string[];
}

/** More blocks of one kind than this are a sign of damage, not of facts. */
const MAX_BLOCKS = 4;
/** EXIF blocks beyond this are cut: JPEG allows 64 KB, and decoding costs about 16 bytes of heap a byte. */
export const MAX_EXIF_BYTES = 1 << 18;
/** XMP beyond this is not read: real packets are below 100 KB, edit histories of a few MB exist in sidecars only. */
export const MAX_XMP_BYTES = 4 << 20;

export function emptyContainer(): Container {
  return { format: null, width: null, height: null, orientation: null, exif: [], xmp: [], iptc: [], warnings: [] };
}

/** Sets the size once: the first frame or the first header counts. */
export function setSize(into: Container, width: number, height: number): void {
  if (into.width !== null || width < 1 || height < 1) return;
  into.width = width;
  into.height = height;
}

export function addExif(into: Container, block: Buffer): void {
  if (block.length > 8 && into.exif.length < MAX_BLOCKS) into.exif.push(block.subarray(0, MAX_EXIF_BYTES));
}

export function addXmp(into: Container, packet: Buffer): void {
  if (packet.length === 0 || into.xmp.length >= MAX_BLOCKS) return;
  if (packet.length > MAX_XMP_BYTES) into.warnings.push('XMP is larger than 4 MB and was not read');
  else into.xmp.push(packet);
}

/** Takes a record that starts as IPTC-IIM does; others are something else under the same name. */
export function addIptc(into: Container, record: Buffer): void {
  if (record[0] === 0x1c && into.iptc.length < MAX_BLOCKS) into.iptc.push(record);
}
