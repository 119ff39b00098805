import { describe, expect, it } from 'vitest';
import { readXmp } from '../../../../main/metadata/xmp.ts';
import { decodeXmp } from '../../../../main/metadata/xmp-document.ts';
import { bag, buildXmp } from './photo-builder.ts';

function facts(packet: string): ReturnType<typeof readXmp> & { warnings: string[] } {
  const warnings: string[] = [];
  return { ...readXmp(packet, warnings), warnings };
}

describe('readXmp', () => {
  it('reads attributes and elements alike', () => {
    const packet = buildXmp(
      bag('dc:subject', ['sea', 'dog']),
      'xmp:Rating="4" exif:DateTimeOriginal="2005-06-09T20:09:27+02:00"',
    );
    expect(facts(packet)).toMatchObject({
      rating: 4,
      keywords: ['sea', 'dog'],
      taken: { local: '2005-06-09T20:09:27', offset: '+02:00' },
      warnings: [],
    });
  });

  it('goes by namespace, not by prefix', () => {
    const packet = `<q:RDF xmlns:q="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><q:Description xmlns:dc="urn:other" dc:title="no" xmlns:w="http://purl.org/dc/elements/1.1/"><w:title><q:Alt><q:li xml:lang="de">nein</q:li><q:li xml:lang="x-default">yes</q:li></q:Alt></w:title></q:Description></q:RDF>`;
    expect(facts(packet).title).toBe('yes');
  });

  it.each([
    ['59,26.5167N', '18,4.5E', { lat: 59.441945, lon: 18.075 }],
    ['33,52,10S', '151,12,30W', { lat: -33.869444, lon: -151.208333 }],
    ['-12.5', '7.25', { lat: -12.5, lon: 7.25 }],
    ['north', '18,4.5E', null],
    ['95,0N', '18,4.5E', null],
  ])('reads the place %s %s', (lat, lon, expected) => {
    const { gps } = facts(buildXmp('', `exif:GPSLatitude="${lat}" exif:GPSLongitude="${lon}"`));
    if (expected === null) expect(gps).toBeNull();
    else expect([gps?.lat, gps?.lon]).toEqual([expect.closeTo(expected.lat, 5), expect.closeTo(expected.lon, 5)]);
  });

  it.each([
    ['xmp:Rating="-1"', -1],
    ['xmp:Rating="3.0"', 3],
    ['xmp:Rating="6"', null],
    ['xmp:Rating=""', null],
    ['MicrosoftPhoto:Rating="75"', 4],
    ['MicrosoftPhoto:Rating="1"', 1],
    ['MicrosoftPhoto:Rating="99" xmp:Rating="2"', 2],
  ])('reads the rating of %s', (attributes, rating) => expect(facts(buildXmp('', attributes)).rating).toBe(rating));

  it('expands the five entities and nothing else', () => {
    expect(facts(buildXmp('<dc:title>a &amp; &#x42;</dc:title>')).title).toBe('a & B');
    expect(facts(buildXmp('<dc:title>&name;</dc:title>')).title).toBeNull();
  });
});

describe('hostile XML', () => {
  const inside = buildXmp('<dc:title>&a;</dc:title>');
  it.each([
    ['internal entities', `<!DOCTYPE x [<!ENTITY a "boom">]>${inside}`, 'document type'],
    ['external entities', `<!DOCTYPE x SYSTEM "file:///etc/passwd">${inside}`, 'document type'],
    ['depth', buildXmp('<a>'.repeat(100_000)), 'nested too deeply'],
    ['many elements', buildXmp('<a/>'.repeat(30_000)), 'too many parts'],
    ['many comments', buildXmp('<!---->'.repeat(30_000)), 'too many parts'],
    ['many attributes', buildXmp('', Array.from({ length: 1500 }, (_, i) => `a${i}=""`).join(' ')), 'too many parts'],
    ['an end that never comes', buildXmp('<a b="'), 'breaks off'],
    ['tags that do not match', '<a><b></a>', 'not well-formed'],
    ['no XML', 'hello', 'no elements'],
  ])('is refused with a reason: %s', (_name, packet, reason) => {
    expect(facts(packet)).toMatchObject({ title: null, keywords: [], warnings: [expect.stringContaining(reason)] });
  });

  it('leaves a greater-than sign in a value alone', () => {
    expect(facts(buildXmp('', 'dc:title="a > b"')).title).toBe('a > b');
  });
});

describe('decodeXmp', () => {
  it.each([
    ['UTF-8', Buffer.from('<é>')],
    ['UTF-16LE with a mark', Buffer.from('\ufeff<é>', 'utf16le')],
    ['UTF-16BE without one', Buffer.from('<é>', 'utf16le').swap16()],
    ['Latin-1', Buffer.from('<é>', 'latin1')],
  ])('takes %s', (_name, bytes) => expect(decodeXmp(bytes).replace('\ufeff', '')).toBe('<é>'));
});
