// Finds size, EXIF, XMP and IPTC in the chunks of a PNG (inference child process).
import { inflateSync } from 'node:zlib';
import { addExif, addIptc, addXmp, type Container, MAX_EXIF_BYTES, MAX_XMP_BYTES, setSize } from './container.ts';
import { findIptcInPhotoshop } from './photoshop.ts';

const MAX_CHUNKS = 100_000;
/** Of the kinds read below: each may inflate to megabytes, and a file has one of a kind. */
const MAX_TEXT_CHUNKS = 4;
const TEXT_TYPES = ['tEXt', 'zTXt', 'iTXt'];
const KEYWORDS = ['XML:com.adobe.xmp', 'Raw profile type '];

interface TextChunk {
  keyword: string;
  text: Buffer;
}

function inflate(bytes: Buffer): Buffer {
  return inflateSync(bytes, { maxOutputLength: MAX_XMP_BYTES });
}

/** Keyword and bytes of a tEXt, zTXt or iTXt chunk (PNG specification, 11.3.4); throws on damage. */
function parseText(type: string, body: Buffer): TextChunk {
  const end = body.indexOf(0);
  if (end < 0) throw new RangeError('no keyword');
  const keyword = body.toString('latin1', 0, end);
  if (type === 'tEXt') return { keyword, text: body.subarray(end + 1) };
  if (type === 'zTXt') return { keyword, text: inflate(body.subarray(end + 2)) };
  const isCompressed = body[end + 1] === 1;
  const language = body.indexOf(0, end + 3);
  const translated = body.indexOf(0, language + 1);
  if (language < 0 || translated < 0) throw new RangeError('iTXt is cut off');
  const text = body.subarray(translated + 1);
  return { keyword, text: isCompressed ? inflate(text) : text };
}

/** ImageMagick's `Raw profile type X`: a line with the name, one with the length, then hexadecimal lines. */
function decodeRawProfile(text: Buffer): Buffer {
  const lines = text
    .toString('latin1', 0, 2 * MAX_EXIF_BYTES)
    .trimStart()
    .split('\n');
  return Buffer.from(lines.slice(2).join('').replace(/\s/g, ''), 'hex');
}

function readText({ keyword, text }: TextChunk, into: Container): void {
  if (keyword === 'XML:com.adobe.xmp') addXmp(into, text);
  else if (keyword === 'Raw profile type xmp') addXmp(into, decodeRawProfile(text));
  else if (keyword === 'Raw profile type exif' || keyword === 'Raw profile type APP1') {
    const profile = decodeRawProfile(text);
    const hasPrefix = profile.toString('latin1', 0, 4) === 'Exif';
    addExif(into, hasPrefix ? profile.subarray(6) : profile);
  } else if (keyword === 'Raw profile type iptc') {
    const profile = decodeRawProfile(text);
    addIptc(into, profile);
    findIptcInPhotoshop(profile, into);
  }
}

/** Decided before anything is inflated. */
function isWanted(body: Buffer): boolean {
  return KEYWORDS.some((keyword) => body.toString('latin1', 0, keyword.length) === keyword);
}

/** Walks all chunks, since text may stand after the picture; picture data is stepped over, checksums are not checked. */
export function readPng(file: Buffer, into: Container): void {
  let texts = 0;
  for (let at = 8, count = 0; at + 12 <= file.length && count < MAX_CHUNKS; count += 1) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    at += 12 + length;
    if (type === 'IHDR') setSize(into, body.readUInt32BE(0), body.readUInt32BE(4));
    else if (type === 'eXIf') addExif(into, body);
    else if (type === 'IEND') return;
    else if (TEXT_TYPES.includes(type) && isWanted(body) && texts < MAX_TEXT_CHUNKS) {
      texts += 1;
      try {
        readText(parseText(type, body), into);
      } catch {
        into.warnings.push('a PNG text chunk is damaged');
      }
    }
  }
}
