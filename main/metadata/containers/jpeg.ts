// Finds size, EXIF, XMP and IPTC in the marker segments of a JPEG (inference child process).
import { addExif, addXmp, type Container, setSize } from './container.ts';
import { findIptcInPhotoshop } from './photoshop.ts';

const EXIF = Buffer.from('Exif\0');
const XMP = Buffer.from('http://ns.adobe.com/xap/1.0/\0');
const PHOTOSHOP = Buffer.from('Photoshop 3.0\0');

/** A JPEG with more segments than this before its picture is made to waste time. */
const MAX_SEGMENTS = 2000;

// SOF0..SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range (ITU-T T.81, table B.1).
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix);
}

function readSegment(marker: number, body: Buffer, into: Container): void {
  if (isFrameHeader(marker)) setSize(into, body.readUInt16BE(3), body.readUInt16BE(1));
  else if (marker === 0xe1 && startsWith(body, EXIF)) addExif(into, body.subarray(6));
  // Extended XMP (a second identifier) is left out: it holds previews and depth maps, not what people typed.
  else if (marker === 0xe1 && startsWith(body, XMP)) addXmp(into, body.subarray(XMP.length));
  else if (marker === 0xed && startsWith(body, PHOTOSHOP)) findIptcInPhotoshop(body.subarray(PHOTOSHOP.length), into);
}

/** Reads up to the first scan. A file that starts like a JPEG and breaks off gives what came before the break. */
export function readJpeg(file: Buffer, into: Container): void {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS && at + 4 <= file.length; count += 1) {
    if (file[at] !== 0xff) {
      // Some writers count a segment's length wrong; decoders go on at the next marker, so we do too.
      at = file.indexOf(0xff, at);
      if (at < 0) return;
    }
    while (file[at + 1] === 0xff) at += 1;
    const marker = file[at + 1] ?? 0xd9;
    at += 2;
    if (marker === 0xda || marker === 0xd9) return;
    const isBare = marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (isBare) continue;
    const length = file.readUInt16BE(at);
    readSegment(marker, file.subarray(at + 2, at + length), into);
    at += Math.max(2, length);
  }
}
