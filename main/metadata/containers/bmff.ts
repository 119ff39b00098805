// Tells the formats built on ISO boxes apart and reads CR3, JPEG XL and JPEG 2000 (inference child process).
import { type Box, findBox, listBoxes } from './bmff-boxes.ts';
import { addExif, addXmp, type Container, setSize } from './container.ts';
import { readHeif } from './heif.ts';
import { readJpegXlSize } from './jpeg-xl.ts';

const HEIC_BRANDS = ['heic', 'heix', 'hevc', 'hevx', 'heim', 'heis', 'hevm', 'hevs', 'mif1', 'msf1'];

/**
 * Canon keeps the EXIF directory as a TIFF structure of its own, where decoders look for IFD0. A directory of one entry
 * that points at it is put behind the block, and the header points there.
 */
function wrapExifDirectory(block: Buffer): Buffer {
  const isLittleEndian = block.toString('latin1', 0, 2) === 'II';
  const wrapped = Buffer.concat([block, Buffer.alloc(18)]);
  const short = (value: number, at: number): number =>
    isLittleEndian ? wrapped.writeUInt16LE(value, at) : wrapped.writeUInt16BE(value, at);
  const long = (value: number, at: number): number =>
    isLittleEndian ? wrapped.writeUInt32LE(value, at) : wrapped.writeUInt32BE(value, at);
  const directory = isLittleEndian ? block.readUInt32LE(4) : block.readUInt32BE(4);
  short(1, block.length);
  short(0x8769, block.length + 2);
  short(4, block.length + 4);
  long(1, block.length + 6);
  long(directory, block.length + 10);
  long(block.length, 4);
  return wrapped;
}

function readCr3(boxes: readonly Box[], into: Container): void {
  into.format = 'raw';
  const moov = listBoxes(findBox(boxes, 'moov') ?? Buffer.alloc(0));
  const canon = listBoxes((findBox(moov, 'uuid') ?? Buffer.alloc(0)).subarray(16));
  const main = findBox(canon, 'CMT1');
  const exif = findBox(canon, 'CMT2');
  if (main) addExif(into, main);
  if (exif && exif.length > 8) addExif(into, wrapExifDirectory(exif.subarray(0, 1 << 20)));
  // The XMP packet is a `uuid` box of the file itself (XMP specification part 3, 1.1.4 for the identifier).
  const xmp = boxes.find((box) => box.type === 'uuid' && box.body.toString('hex', 0, 4) === 'be7acfcb');
  if (xmp) addXmp(into, xmp.body.subarray(16));
}

function readJpegXl(file: Buffer, boxes: readonly Box[], into: Container): void {
  into.format = 'jxl';
  readJpegXlSize(file, into);
  const exif = findBox(boxes, 'Exif');
  const xmp = findBox(boxes, 'xml ');
  if (exif && exif.length > 4) addExif(into, exif.subarray(4 + exif.readUInt32BE(0)));
  if (xmp) addXmp(into, xmp);
}

function readJpeg2000(boxes: readonly Box[], into: Container): void {
  into.format = 'jp2';
  const ihdr = findBox(listBoxes(findBox(boxes, 'jp2h') ?? Buffer.alloc(0)), 'ihdr');
  if (ihdr) setSize(into, ihdr.readUInt32BE(4), ihdr.readUInt32BE(0));
}

function readByBrand(file: Buffer, boxes: readonly Box[], into: Container): void {
  const ftyp = findBox(boxes, 'ftyp') ?? Buffer.alloc(0);
  const brands = [ftyp.toString('latin1', 0, 4), ...(ftyp.toString('latin1', 8, 8 + 64).match(/.{4}/gs) ?? [])];
  // AVIF before HEIC: AVIF files also list the general brand mif1.
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) into.format = 'avif';
  else if (brands.some((brand) => HEIC_BRANDS.includes(brand))) into.format = 'heic';
  if (brands[0] === 'crx ') readCr3(boxes, into);
  else if (into.format !== null) readHeif(file, boxes, into);
}

/** Leaves `format` null for films and sound in the same container. */
export function readBmff(file: Buffer, into: Container): void {
  const boxes = listBoxes(file);
  const first = boxes[0]?.type;
  if (first === 'JXL ') readJpegXl(file, boxes, into);
  else if (first === 'jP  ') readJpeg2000(boxes, into);
  else readByBrand(file, boxes, into);
}
