// Recognises an image format by its first bytes and lets that format's reader find the metadata (inference child process).
import type { PhotoFormat } from '../photo-metadata.ts';
import { readBmff } from './bmff.ts';
import { type Container, emptyContainer, setSize } from './container.ts';
import { readJpeg } from './jpeg.ts';
import { readJpegXlSize } from './jpeg-xl.ts';
import { readPng } from './png.ts';
import { readMrw, readTiff } from './tiff.ts';
import { parseTiffHeader } from './tiff-ifd.ts';
import { readWebp } from './webp.ts';

function readGif(file: Buffer, into: Container): void {
  setSize(into, file.readUInt16LE(6), file.readUInt16LE(8));
}

function readBmp(file: Buffer, into: Container): void {
  // The 12-byte OS/2 header has 16-bit sizes; a negative height means top-down rows.
  const isCore = file.readUInt32LE(14) === 12;
  if (isCore) setSize(into, file.readUInt16LE(18), file.readUInt16LE(20));
  else setSize(into, file.readInt32LE(18), Math.abs(file.readInt32LE(22)));
}

/** Fujifilm RAF: the facts are in the EXIF of the JPEG preview; its size is not that of the photo. */
function readRaf(file: Buffer, into: Container): void {
  const at = file.readUInt32BE(84);
  readJpeg(file.subarray(at, at + file.readUInt32BE(88)), into);
  into.width = null;
  into.height = null;
}

type Reader = (file: Buffer, into: Container) => void;

function choose(file: Buffer): [PhotoFormat | null, Reader] | null {
  const head = file.toString('latin1', 0, 16);
  if (head.startsWith('\xff\xd8')) return ['jpeg', readJpeg];
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return ['png', readPng];
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return ['webp', readWebp];
  if (head.startsWith('GIF8')) return ['gif', readGif];
  if (head.startsWith('FUJIFILMCCD-RAW')) return ['raw', readRaf];
  if (head.startsWith('\0MRM')) return ['raw', readMrw];
  if (head.startsWith('\xff\x0a')) return ['jxl', readJpegXlSize];
  if (['ftyp', 'JXL ', 'jP  '].includes(head.slice(4, 8))) return [null, readBmff];
  if (parseTiffHeader(file)) return [null, readTiff];
  if (head.startsWith('BM')) return ['bmp', readBmp];
  return null;
}

/** Never throws: a reader that meets damage leaves what it found before, and a warning. */
export function readContainer(file: Buffer): Container {
  const container = emptyContainer();
  try {
    const chosen = choose(file);
    if (chosen === null) return container;
    container.format = chosen[0];
    chosen[1](file, container);
  } catch {
    container.warnings.push('the file is cut off or damaged in its header');
  }
  return container;
}
