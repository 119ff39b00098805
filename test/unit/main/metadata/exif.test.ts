import { describe, expect, it } from 'vitest';
import { readExif } from '../../../../main/metadata/exif.ts';
import { ascii, buildTiff, bytesOf, rationals, short } from './photo-builder.ts';

const north = { 1: ascii('N'), 2: rationals([47, 1], [30, 1], [0, 1]) };

function facts(block: Buffer): NonNullable<ReturnType<typeof readExif>> {
  const read = readExif(block, []);
  if (read === null) throw new Error('refused');
  return read;
}

describe('readExif', () => {
  it('falls back to the digitised date with its own offset where the original is nonsense', () => {
    const exif = {
      36867: ascii('0000:00:00 00:00:00'),
      36868: ascii('2005:05:05 05:05:05'),
      36881: ascii('+09:00'),
      36882: ascii('-03:00'),
    };
    expect(facts(buildTiff({}, exif))).toMatchObject({ takenAt: '2005-05-05T05:05:05', offset: '-03:00' });
  });

  it('does not take the date of the last change for the date of capture', () => {
    expect(facts(buildTiff({ 306: ascii('2005:05:05 05:05:05') })).takenAt).toBeNull();
  });

  it.each([
    ['south and west', { 1: ascii('S'), 3: ascii('W') }, { lat: -47.5, lon: -8.5 }],
    ['north and east', { 1: ascii('N'), 3: ascii('E') }, { lat: 47.5, lon: 8.5 }],
    ['no reference', {}, null],
  ])('signs places: %s', (_name, references, expected) => {
    const gps = { ...references, 2: north[2], 4: rationals([8, 1], [30, 1], [0, 0]) };
    expect(facts(buildTiff({}, undefined, gps)).gps).toEqual(expected);
  });

  it.each([
    ['out of range', rationals([181, 1], [0, 1], [0, 1]), null],
    ['no number', rationals([8, 0], [0, 1], [0, 1]), null],
    ['a real zero', rationals([0, 1], [0, 1], [0, 1]), { lat: 47.5, lon: 0 }],
  ])('checks places: %s', (_name, longitude, expected) => {
    const gps = { ...north, 3: ascii('W'), 4: longitude };
    expect(facts(buildTiff({}, undefined, gps)).gps).toEqual(expected);
  });

  it('trims names, drops NULs and what every picture of a camera says', () => {
    const main = { 270: ascii('OLYMPUS DIGITAL CAMERA         '), 271: ascii(' Nikon  \0\0junk'), 272: ascii('   ') };
    expect(facts(buildTiff(main))).toMatchObject({ make: 'Nikon', model: null, description: null });
  });

  it('refuses orientations, ratings and exposures that cannot be', () => {
    const read = facts(
      buildTiff(
        { 274: short(9), 18246: short(77) },
        { 33434: rationals([0, 1]), 33437: rationals([28, 0]), 34855: short(0) },
      ),
    );
    expect(read).toMatchObject({
      orientation: null,
      rating: null,
      exposureTimeSeconds: null,
      fNumber: null,
      iso: null,
    });
  });

  it("reads Windows' UTF-16 texts", () => {
    const main = {
      40091: bytesOf(Buffer.from('Zoë\0', 'utf16le')),
      40094: bytesOf(Buffer.from('été;海\0', 'utf16le')),
    };
    expect(facts(buildTiff(main))).toMatchObject({ title: 'Zoë', keywords: ['été', '海'] });
  });

  it('refuses values too large to be real, in whatever directory', () => {
    const huge = { type: 2, count: 70_000, bytes: Buffer.alloc(70_000, 'x') };
    for (const block of [
      buildTiff({ 270: huge }),
      buildTiff({}, { 42036: huge }),
      buildTiff({}, undefined, { 1: huge }),
    ]) {
      const warnings: string[] = [];
      expect([readExif(block, warnings), warnings]).toEqual([null, [expect.stringContaining('too large')]]);
    }
  });

  it('throws where the block is no TIFF structure', () => {
    expect(() => facts(Buffer.from('not a TIFF structure'))).toThrow();
  });
});
