// Finds size, EXIF and XMP in the RIFF chunks of a WebP (inference child process).
import { addExif, addXmp, type Container, setSize } from './container.ts';

const MAX_CHUNKS = 10_000;

function readSize(type: string, body: Buffer, into: Container): void {
  // WebP container specification: VP8X holds 24-bit sizes less one, VP8L 14-bit ones less one, VP8 14-bit ones.
  if (type === 'VP8X') setSize(into, body.readUIntLE(4, 3) + 1, body.readUIntLE(7, 3) + 1);
  else if (type === 'VP8L') {
    const bits = body.readUInt32LE(1);
    setSize(into, (bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  } else if (type === 'VP8 ') setSize(into, body.readUInt16LE(6) & 0x3fff, body.readUInt16LE(8) & 0x3fff);
}

export function readWebp(file: Buffer, into: Container): void {
  for (let at = 12, count = 0; at + 8 <= file.length && count < MAX_CHUNKS; count += 1) {
    const type = file.toString('latin1', at, at + 4);
    const length = file.readUInt32LE(at + 4);
    const body = file.subarray(at + 8, at + 8 + length);
    readSize(type, body, into);
    // Some writers keep JPEG's "Exif\0\0" in front of the TIFF structure.
    if (type === 'EXIF') addExif(into, body.toString('latin1', 0, 4) === 'Exif' ? body.subarray(6) : body);
    else if (type === 'XMP ') addXmp(into, body);
    at += 8 + length + (length & 1);
  }
}
