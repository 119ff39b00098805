// Metadata of real files in a folder: written by another program's encoder, and sidecars beside them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSidecar, readSidecar } from '../../main/metadata/find-sidecar.ts';
import { readMetadata } from '../../main/metadata/read-metadata.ts';

const SAMPLE = join(import.meta.dirname, '../../docs/sample-photos/cat.jpg');

const PACKET = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">
<dc:subject><rdf:Bag><rdf:li>cat</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>`;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'photoseek-metadata-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a sample photo with EXIF and XMP written by sharp', () => {
  // Not TIFF: sharp writes no EXIF into it.
  it.each(['jpeg', 'png', 'webp', 'avif'] as const)('is read back from %s', async (format) => {
    const { info, data } = await sharp(SAMPLE)
      .resize(60, 40)
      .withExif({
        IFD0: { Make: 'Maker', Model: 'Model 1' },
        IFD2: { DateTimeOriginal: '2019:07:04 18:03:11', OffsetTimeOriginal: '-03:00' },
        IFD3: {
          GPSLatitudeRef: 'S',
          GPSLatitude: '33/1 30/1 0/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '151/1 15/1 0/1',
        },
      })
      .withXmp(PACKET)
      .toFormat(format)
      .toBuffer({ resolveWithObject: true });
    writeFileSync(join(folder, `photo.${format}`), data);
    expect(readMetadata(readFileSync(join(folder, `photo.${format}`)))).toMatchObject({
      takenAt: '2019-07-04T18:03:11',
      offset: '-03:00',
      gps: { lat: -33.5, lon: 151.25 },
      camera: { make: 'Maker', model: 'Model 1' },
      rating: 4,
      keywords: ['cat'],
      width: info.width,
      height: info.height,
      format,
      warnings: [],
    });
  });
});

describe('findSidecar', () => {
  const photo = (): string => join(folder, 'IMG.1.jpg');
  const put = (name: string, content: string | Buffer = PACKET): void => writeFileSync(join(folder, name), content);

  it.each(['IMG.1.xmp', 'IMG.1.XMP', 'IMG.1.jpg.xmp', 'IMG.1.jpg.XMP'])('finds %s', async (name) => {
    put(name);
    expect(await findSidecar(photo())).toBe(join(folder, name));
    expect(await readSidecar(photo())).toBe(PACKET);
  });

  it('prefers the name that says which file it belongs to', async () => {
    put('IMG.1.xmp');
    put('IMG.1.jpg.xmp');
    expect(await findSidecar(photo())).toBe(join(folder, 'IMG.1.jpg.xmp'));
  });

  it('reads UTF-16', async () => {
    put('IMG.1.xmp', Buffer.from(`\ufeff${PACKET}`, 'utf16le'));
    expect(readMetadata(new Uint8Array(0), (await readSidecar(photo())) ?? undefined).rating).toBe(4);
  });

  it('passes over what is none: nothing, a folder, an empty file, more than 4 MB, another name', async () => {
    put('IMG.xmp');
    expect(await findSidecar(photo())).toBeNull();
    mkdirSync(join(folder, 'IMG.1.xmp'));
    put('IMG.1.jpg.xmp', '');
    put('IMG.1.jpg.XMP', Buffer.alloc((4 << 20) + 1, ' '));
    expect([await findSidecar(photo()), await readSidecar(photo())]).toEqual([null, null]);
  });
});
