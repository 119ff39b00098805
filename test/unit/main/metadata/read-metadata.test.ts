import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PhotoMetadata } from '../../../../main/metadata/photo-metadata.ts';
import { readMetadata } from '../../../../main/metadata/read-metadata.ts';
import { ascii, bag, buildIptc, buildJpeg, buildTiff, buildXmp, bytesOf, rationals, short } from './photo-builder.ts';

const exif = buildTiff(
  {
    270: ascii('from EXIF'),
    271: ascii('Maker'),
    272: ascii('Model 1'),
    274: short(6),
    18246: short(2),
    40094: bytesOf(Buffer.from('windows;shared\0', 'utf16le')),
  },
  {
    33434: rationals([1, 250]),
    33437: rationals([28, 10]),
    34855: short(400),
    36867: ascii('2019:07:04 18:03:11'),
    36881: ascii('+02:00'),
    37386: rationals([50, 1]),
    42036: ascii('Lens 50mm'),
  },
  {
    1: ascii('N'),
    2: rationals([47, 1], [22, 1], [12, 1]),
    3: ascii('E'),
    4: rationals([8, 1], [32, 1], [24, 1]),
  },
);
const iptc = buildIptc([
  [1, 90, '\x1b%G'],
  [2, 5, 'from IPTC'],
  [2, 25, 'größe'],
  [2, 25, 'shared'],
  [2, 55, '20010203'],
  [2, 60, '040506+0100'],
  [2, 120, 'IPTC caption'],
]);
const xmp = buildXmp(
  `${bag('dc:subject', ['xmp', 'shared'])}<dc:title>from XMP</dc:title>`,
  'xmp:Rating="5" tiff:Orientation="3"',
);
const jpeg = buildJpeg({ exif, iptc, xmp, width: 40, height: 30 });

const expected: PhotoMetadata = {
  takenAt: '2019-07-04T18:03:11',
  offset: '+02:00',
  gps: { lat: 47.37, lon: 8.54 },
  camera: { make: 'Maker', model: 'Model 1', lens: 'Lens 50mm' },
  exposureTimeSeconds: 1 / 250,
  fNumber: 2.8,
  iso: 400,
  focalLengthMm: 50,
  orientation: 6,
  rating: 5,
  keywords: ['größe', 'shared', 'windows', 'xmp'],
  title: 'from XMP',
  description: 'IPTC caption',
  width: 40,
  height: 30,
  format: 'jpeg',
  warnings: [],
};

const nothing: PhotoMetadata = {
  takenAt: null,
  offset: null,
  gps: null,
  camera: { make: null, model: null, lens: null },
  exposureTimeSeconds: null,
  fNumber: null,
  iso: null,
  focalLengthMm: null,
  orientation: null,
  rating: null,
  keywords: [],
  title: null,
  description: null,
  width: null,
  height: null,
  format: null,
  warnings: [],
};

describe('readMetadata', () => {
  it('joins EXIF, IPTC and XMP', () => expect(readMetadata(jpeg)).toEqual(expected));

  it('reads a window into a larger buffer as the same photo', () => {
    const larger = Buffer.concat([Buffer.alloc(5), jpeg, Buffer.alloc(9)]);
    expect(readMetadata(new Uint8Array(larger.buffer, larger.byteOffset + 5, jpeg.length))).toEqual(expected);
  });

  it.each([0, 1, 7, 100])('finds nothing in %i bytes of anything', (length) => {
    expect(readMetadata(Buffer.alloc(length, 'x'))).toEqual(nothing);
  });

  it('takes the IPTC date with its zone where nothing else has one', () => {
    expect(readMetadata(buildJpeg({ iptc }))).toMatchObject({ takenAt: '2001-02-03T04:05:06', offset: '+01:00' });
  });

  it('takes the zone from XMP where it names the same moment, but does not believe Z', () => {
    const block = buildTiff({}, { 36867: ascii('2019:07:04 18:03:11') });
    const read = (date: string) =>
      readMetadata(buildJpeg({ exif: block, xmp: buildXmp('', `exif:DateTimeOriginal="${date}"`) })).offset;
    expect([
      read('2019-07-04T18:03:11-07:00'),
      read('2019-07-04T18:03:11Z'),
      read('2018-01-01T00:00:00-07:00'),
    ]).toEqual(['-07:00', null, null]);
  });

  it('reads Latin-1 keywords of a record without a character set', () => {
    const latin = buildIptc([[2, 25, Buffer.from('Köln', 'latin1')]]);
    expect(readMetadata(buildJpeg({ iptc: latin })).keywords).toEqual(['Köln']);
  });

  it('keeps what it found in front of a break', () => {
    expect(readMetadata(jpeg.subarray(0, 6 + 4 + exif.length))).toMatchObject({
      takenAt: expected.takenAt,
      keywords: ['shared', 'windows'],
      width: null,
    });
  });
});

describe('a sidecar', () => {
  it('overrides what people type, and fills the rest only where the file is silent', () => {
    const sidecar = buildXmp(
      `${bag('dc:subject', ['only'])}<dc:title>T</dc:title><dc:description>D</dc:description>`,
      'xmp:Rating="-1" exif:DateTimeOriginal="2000-01-01T00:00:00" tiff:Orientation="1"',
    );
    expect(readMetadata(jpeg, sidecar)).toEqual({
      ...expected,
      keywords: ['only'],
      title: 'T',
      description: 'D',
      rating: -1,
    });
    expect(readMetadata(buildJpeg({}), sidecar)).toMatchObject({ takenAt: '2000-01-01T00:00:00', orientation: 1 });
  });

  it('leaves what it does not mention', () => expect(readMetadata(jpeg, buildXmp(''))).toEqual(expected));

  it('that is damaged changes nothing and leaves a warning', () => {
    expect(readMetadata(jpeg, '<broken>')).toEqual({ ...expected, warnings: ['XMP is not well-formed XML'] });
  });
});

describe('damage', () => {
  it('never throws, whatever bytes change or go missing', () => {
    const change = fc.record({ at: fc.nat(jpeg.length - 1), byte: fc.nat(255) });
    const facts = fc.record({ changes: fc.array(change, { minLength: 1, maxLength: 24 }), end: fc.nat(jpeg.length) });
    fc.assert(
      fc.property(facts, fc.boolean(), ({ changes, end }, isCut) => {
        const mutated = Buffer.from(jpeg);
        for (const { at, byte } of changes) mutated[at] = byte;
        const result = readMetadata(isCut ? mutated.subarray(0, end) : mutated);
        expect(Object.keys(result)).toEqual(Object.keys(expected));
        const { orientation, rating, gps, takenAt } = result;
        expect(orientation === null || (orientation >= 1 && orientation <= 8)).toBe(true);
        expect(rating === null || (rating >= -1 && rating <= 5)).toBe(true);
        expect(gps === null || (Math.abs(gps.lat) <= 90 && Math.abs(gps.lon) <= 180)).toBe(true);
        expect(takenAt === null || !Number.isNaN(Date.parse(`${takenAt}Z`))).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('never throws on bytes that only start like a known format', () => {
    const starts = [
      '\xff\xd8',
      '\x89PNG\r\n\x1a\n',
      'RIFF0000WEBP',
      'GIF89a',
      'II*\0',
      'MM\0*',
      'II+\0',
      '\0\0\0\x18ftypheic',
      'BM',
      '\0MRM',
      'FUJIFILMCCD-RAW',
      '\xff\x0a',
      '\0\0\0\x0cJXL ',
      'IIU\0',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 300 }), (start, rest) => {
        expect(readMetadata(Buffer.concat([Buffer.from(start, 'latin1'), rest]))).toHaveProperty('warnings');
      }),
      { numRuns: 1500 },
    );
  });
});
