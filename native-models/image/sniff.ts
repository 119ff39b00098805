// Tells what a file is by its first bytes, whatever its name says. Inference process; pure.
import { isRawTiff } from './raw-tiff.ts';

/** Formats Photoseek decodes. */
export type ImageFormat = 'jpeg' | 'png' | 'webp' | 'tiff' | 'gif' | 'avif';

export type Sniffed = { kind: 'image'; format: ImageFormat } | { kind: 'refused'; name: string };

const mimeByFormat = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  tiff: 'image/tiff',
  gif: 'image/gif',
  avif: 'image/avif',
} as const satisfies Record<ImageFormat, string>;

export function mimeType(format: ImageFormat): string {
  return mimeByFormat[format];
}

/** `refused` names the format as a person would; content nobody recognises is "unknown content". */
export function sniff(bytes: Uint8Array): Sniffed {
  const head = latin1(bytes, 0, 64);
  const format = decodedFormat(bytes, head);
  if (format) return format;
  for (const [name, offset, magic] of refusedByMagic) {
    if (head.startsWith(magic, offset)) return refused(name);
  }
  if (head.startsWith('RIFF')) return refused(riffNames[head.slice(8, 12)] ?? 'a RIFF file');
  if (isMarkup(bytes, 'svg')) return refused('an SVG drawing');
  if (isMarkup(bytes, 'html')) return refused('a web page');
  return refused('unknown content');
}

function decodedFormat(bytes: Uint8Array, head: string): Sniffed | undefined {
  if (head.startsWith('\xff\xd8\xff')) return { kind: 'image', format: 'jpeg' };
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return { kind: 'image', format: 'png' };
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return { kind: 'image', format: 'gif' };
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return { kind: 'image', format: 'webp' };
  if (head.startsWith('ftyp', 4)) return isoMedia(bytes);
  const rawName = rawByMagic.find(([, offset, magic]) => head.startsWith(magic, offset))?.[0];
  if (rawName) return refused(rawName);
  if (/^(II[*+]\0|MM\0[*+])/.test(head)) {
    return isRawTiff(bytes) ? refused('a camera raw file') : { kind: 'image', format: 'tiff' };
  }
  return undefined;
}

/** ISO base media: the brands say whether it holds AV1 pictures, HEVC pictures or a video. */
function isoMedia(bytes: Uint8Array): Sniffed {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const box = latin1(bytes, 0, Math.min(Math.max(size, 16), 256));
  const brands = [box.slice(8, 12), ...(box.slice(16).match(/.{4}/gs) ?? [])];
  if (brands.some((brand) => brand === 'avif' || brand === 'avis')) return { kind: 'image', format: 'avif' };
  if (brands.some((brand) => /^(he[iv][cxms]|mif1|msf1)$/.test(brand))) return refused('HEIC');
  if (brands.includes('crx ')) return refused('a Canon raw file (CR3)');
  if (brands.some((brand) => /^(j2|jp2|jpx|jpm)/.test(brand))) return refused('JPEG 2000');
  return refused('a video or sound file');
}

type Magic = readonly [name: string, offset: number, magic: string];

const rawByMagic: readonly Magic[] = [
  ['a Canon raw file (CR2)', 8, 'CR\x02'],
  ['a Canon raw file (CRW)', 6, 'HEAPCCDR'],
  ['an Olympus raw file', 0, 'IIRO'],
  ['an Olympus raw file', 0, 'IIRS'],
  ['an Olympus raw file', 0, 'MMOR'],
  ['a Panasonic raw file', 0, 'IIU\0'],
  ['a Fujifilm raw file', 0, 'FUJIFILMCCD-RAW'],
  ['a Phase One raw file', 8, 'IIII'],
  ['a Phase One raw file', 8, 'MMMM'],
  ['a Minolta raw file', 0, '\0MRM'],
  ['a Sigma raw file', 0, 'FOVb'],
];

const refusedByMagic: readonly Magic[] = [
  ['a BMP picture', 0, 'BM'],
  ['JPEG 2000', 0, '\0\0\0\x0cjP  '],
  ['JPEG 2000', 0, '\xff\x4f\xff\x51'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 0, '\0\0\0\x0cJXL '],
  ['a PDF document', 0, '%PDF'],
  ['a PostScript document', 0, '%!PS'],
  ['a Photoshop document', 0, '8BPS'],
  ['an icon', 0, '\0\0\x01\0'],
  ['a cursor', 0, '\0\0\x02\0'],
  ['an icon', 0, 'icns'],
  ['a DDS texture', 0, 'DDS '],
  ['a BLP texture', 0, 'BLP'],
  ['a QOI picture', 0, 'qoif'],
  ['a GIMP picture', 0, 'gimp xcf'],
  ['an OpenEXR picture', 0, '\x76\x2f\x31\x01'],
  ['a Radiance picture', 0, '#?RADIANCE'],
  ['an SGI picture', 0, '\x01\xda'],
  ['a Sun raster picture', 0, '\x59\xa6\x6a\x95'],
  ['a netpbm picture', 0, 'P1'],
  ['a netpbm picture', 0, 'P2'],
  ['a netpbm picture', 0, 'P3'],
  ['a netpbm picture', 0, 'P4'],
  ['a netpbm picture', 0, 'P5'],
  ['a netpbm picture', 0, 'P6'],
  ['a netpbm picture', 0, 'P7'],
  ['an MNG animation', 0, '\x8aMNG'],
  ['a FLIC animation', 4, '\x11\xaf'],
  ['a FLIC animation', 4, '\x12\xaf'],
  ['a PCX picture', 0, '\x0a\x05\x01'],
  ['a Windows Metafile', 0, '\xd7\xcd\xc6\x9a'],
  ['a video or sound file', 4, 'moov'],
  ['a video or sound file', 4, 'mdat'],
  ['a video or sound file', 4, 'wide'],
  ['a video or sound file', 4, 'skip'],
  ['a video or sound file', 0, '\x1aE\xdf\xa3'],
  ['a video or sound file', 0, 'ID3'],
  ['a video or sound file', 0, 'OggS'],
  ['a video or sound file', 0, 'fLaC'],
  ['a Zip archive', 0, 'PK\x03\x04'],
  ['compressed data', 0, '\x1f\x8b'],
];

const riffNames: Record<string, string> = { 'AVI ': 'a video or sound file', WAVE: 'a video or sound file' };

function refused(name: string): Sniffed {
  return { kind: 'refused', name };
}

/** An element of this name opens within the first kilobyte, in UTF-8 or UTF-16. */
function isMarkup(bytes: Uint8Array, element: string): boolean {
  const text = latin1(bytes, 0, 2048).replaceAll('\0', '').toLowerCase();
  return (
    text
      .trimStart()
      .replace(/^[\xff\xfe\xef\xbb\xbf]+/, '')
      .startsWith('<') && text.includes(`<${element}`)
  );
}

function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, end));
}
