import { describe, expect, it } from 'vitest';
import { sniff } from '../../../../native-models/image/sniff.ts';

function bytes(text: string): Uint8Array {
  return Uint8Array.from(text.padEnd(64, '\0'), (character) => character.charCodeAt(0));
}

/** A little-endian TIFF of one directory with the given 32-bit tags. */
function tiff(tags: [tag: number, value: number][], magic = 42): Uint8Array {
  const view = new DataView(new ArrayBuffer(256));
  view.setUint16(0, 0x4949);
  view.setUint16(2, magic, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, tags.length, true);
  for (const [i, [tag, value]] of tags.entries()) {
    view.setUint16(10 + i * 12, tag, true);
    view.setUint16(12 + i * 12, 4, true);
    view.setUint32(14 + i * 12, 1, true);
    view.setUint32(18 + i * 12, value, true);
  }
  return new Uint8Array(view.buffer);
}

describe('sniff', () => {
  it.each([
    ['jpeg', '\xff\xd8\xff\xe0'],
    ['png', '\x89PNG\r\n\x1a\n'],
    ['gif', 'GIF89a'],
    ['webp', 'RIFF\x10\0\0\0WEBP'],
    ['avif', '\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf'],
    ['avif', '\0\0\0\x18ftypmif1\0\0\0\0avifmiaf'],
    ['tiff', 'II*\0\x08'],
    ['tiff', 'MM\0+\0\x08'],
  ])('knows %s', (format, head) => {
    expect(sniff(bytes(head))).toEqual({ kind: 'image', format });
  });

  it.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
    ['a video or sound file', '\0\0\0\x18ftypqt  \0\0\0\0qt  '],
    ['a Canon raw file (CR3)', '\0\0\0\x18ftypcrx \0\0\0\x01crx isom'],
    ['a Canon raw file (CR2)', 'II*\0\x10\0\0\0CR\x02\0'],
    ['a Fujifilm raw file', 'FUJIFILMCCD-RAW 0201'],
    ['a BMP picture', 'BM\x36\0'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n'],
    ['JPEG XL', '\xff\x0a'],
    ['a PDF document', '%PDF-1.7'],
    ['an SVG drawing', '<?xml version="1.0"?><!-- x --><SVG>'],
    ['an SVG drawing', '\xef\xbb\xbf<svg xmlns="">'],
    ['a web page', '<!doctype html><html>'],
    ['a video or sound file', 'RIFF\x10\0\0\0AVI LIST'],
    ['unknown content', 'hello'],
    ['unknown content', ''],
  ])('names %s', (name, head) => {
    expect(sniff(bytes(head))).toEqual({ kind: 'refused', name });
  });

  it('survives content shorter than any header', () => {
    for (let length = 0; length < 16; length += 1) {
      for (const head of ['\0\0\0\x18ftypavif', 'II*\0', 'MM\0*', 'RIFF', '\xff\xd8']) {
        expect(() => sniff(bytes(head).subarray(0, length))).not.toThrow();
      }
    }
  });

  it('tells sensor data from a picture in TIFF clothes', () => {
    expect(
      sniff(
        tiff([
          [256, 10],
          [262, 2],
        ]),
      ),
    ).toEqual({ kind: 'image', format: 'tiff' });
    for (const tags of [[[262, 32803]], [[259, 34713]], [[50706, 0x01040000]], [[262, 34892]]] as [
      number,
      number,
    ][][]) {
      expect(sniff(tiff(tags))).toEqual({ kind: 'refused', name: 'a camera raw file' });
    }
  });

  it('does not follow a directory that points to itself or outside', () => {
    expect(sniff(tiff([[330, 8]]))).toMatchObject({ kind: 'image' });
    expect(sniff(tiff([[330, 0xffffffff]]))).toMatchObject({ kind: 'image' });
  });
});
