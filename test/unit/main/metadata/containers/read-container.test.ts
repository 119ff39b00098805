import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readContainer } from '../../../../../main/metadata/containers/read-container.ts';
import { ascii, buildTiff, long } from '../photo-builder.ts';

const tiff = buildTiff({ 256: long(70), 257: long(50), 271: ascii('Maker') });

function chunk(type: string, body: Buffer): Buffer {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(type, 4, 'latin1');
  body.copy(out, 8);
  return out;
}

function box(type: string, ...bodies: Buffer[]): Buffer {
  const body = Buffer.concat(bodies);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, body]);
}

function u32(...values: number[]): Buffer {
  const out = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => void out.writeUInt32BE(value, 4 * i));
  return out;
}

const bytes = (...values: number[]): Buffer => Buffer.from(values);

describe('PNG', () => {
  const start = [
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([u32(70, 50), Buffer.alloc(5)])),
  ];

  it('finds size, EXIF, and XMP behind the picture', () => {
    const xmp = chunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\0\0\0\0<xmp/>'));
    const found = readContainer(Buffer.concat([...start, chunk('eXIf', tiff), chunk('IDAT', Buffer.alloc(9)), xmp]));
    expect(found).toMatchObject({ format: 'png', width: 70, height: 50, exif: [tiff], xmp: [Buffer.from('<xmp/>')] });
  });

  it("reads ImageMagick's compressed hexadecimal profile", () => {
    const profile = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
    const text = `\nexif\n    ${profile.length}\n${profile.toString('hex').replace(/(.{72})/g, '$1\n')}\n`;
    const body = Buffer.concat([Buffer.from('Raw profile type exif\0\0'), deflateSync(text)]);
    expect(readContainer(Buffer.concat([...start, chunk('zTXt', body)])).exif).toEqual([tiff]);
  });

  it('refuses a text that inflates beyond all measure', () => {
    const bomb = Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\0'), deflateSync(Buffer.alloc(8 << 20))]);
    const found = readContainer(Buffer.concat([...start, chunk('zTXt', bomb)]));
    expect(found).toMatchObject({ width: 70, xmp: [], warnings: ['a PNG text chunk is damaged'] });
  });
});

describe('WebP', () => {
  const riff = (...chunks: Buffer[]): Buffer => Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), ...chunks]);
  const little = (type: string, body: Buffer): Buffer => {
    const out = chunk(type, body).subarray(0, 8 + body.length);
    return Buffer.concat([
      Buffer.from(type),
      bytes(body.length, 0, 0, 0),
      out.subarray(8),
      Buffer.alloc(body.length & 1),
    ]);
  };

  it.each([
    ['extended', little('VP8X', bytes(0, 0, 0, 0, 69, 0, 0, 49, 0, 0))],
    ['lossless', little('VP8L', bytes(0x2f, 69, 49 << 6, 49 >> 2, 0))],
    ['lossy', little('VP8 ', bytes(0, 0, 0, 0x9d, 1, 0x2a, 70, 0, 50, 0))],
  ])('finds the size of the %s kind', (_name, body) => {
    expect(readContainer(riff(body))).toMatchObject({ format: 'webp', width: 70, height: 50 });
  });

  it("takes EXIF with and without JPEG's prefix", () => {
    const prefixed = Buffer.concat([Buffer.from('Exif\0\0'), tiff]);
    expect(readContainer(riff(little('EXIF', tiff), little('EXIF', prefixed))).exif).toEqual([tiff, tiff]);
  });
});

describe('HEIF', () => {
  function heif(brand: string, properties: Buffer[]): Buffer {
    const exif = Buffer.concat([u32(0), tiff]);
    const infe = box('infe', bytes(2, 0, 0, 0, 0, 2, 0, 0), Buffer.from('Exif\0'));
    const iloc = box('iloc', bytes(1, 0, 0, 0, 0x44, 0, 0, 1, 0, 2, 0, 1, 0, 0, 0, 1), u32(0, exif.length));
    const ipma = box('ipma', u32(0, 1), bytes(0, 1, properties.length, ...properties.map((_, i) => i + 1)));
    const iprp = box('iprp', box('ipco', ...properties), ipma);
    const pitm = box('pitm', bytes(0, 0, 0, 0, 0, 1));
    const meta = box('meta', u32(0), pitm, box('iinf', bytes(0, 0, 0, 0, 0, 1), infe), iloc, iprp, box('idat', exif));
    return Buffer.concat([box('ftyp', Buffer.from(`${brand}\0\0\0\0mif1`)), meta]);
  }
  const ispe = box('ispe', u32(0, 70, 50));

  it('finds size and EXIF of the primary item', () => {
    const found = readContainer(heif('heic', [ispe]));
    expect(found).toMatchObject({ format: 'heic', width: 70, height: 50, orientation: null, exif: [tiff] });
  });

  it.each([
    [0, null, 1],
    [1, null, 8],
    [2, null, 3],
    [3, null, 6],
    [0, 0, 4],
    [0, 1, 2],
    [1, 0, 5],
    [3, 0, 7],
  ])('turns %i quarters and mirror axis %j into an EXIF orientation', (turns, axis, orientation) => {
    const mirror = axis === null ? [] : [box('imir', bytes(axis))];
    expect(readContainer(heif('avif', [ispe, box('irot', bytes(turns)), ...mirror]))).toMatchObject({
      format: 'avif',
      orientation,
    });
  });

  it('is not lost in an item table that claims billions of extents', () => {
    const claims = Buffer.concat(Array.from({ length: 20_000 }, () => bytes(0, 1, 0, 0, 255, 255)));
    const iloc = box('iloc', bytes(0, 0, 0, 0, 0, 0, 0x4e, 0x20), claims);
    const infe = box('infe', bytes(2, 0, 0, 0, 0, 1, 0, 0), Buffer.from('Exif\0'));
    const meta = box('meta', u32(0), box('iinf', bytes(0, 0, 0, 0, 0, 1), infe), iloc);
    const started = performance.now();
    readContainer(Buffer.concat([box('ftyp', Buffer.from('heic\0\0\0\0')), meta]));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('TIFF and raw', () => {
  it('takes the size from the first directory', () => {
    expect(readContainer(tiff)).toMatchObject({ format: 'tiff', width: 70, height: 50, exif: [tiff] });
  });

  it("takes a raw file's size from the sensor's sub-directory, not from the preview", () => {
    const sub = buildTiff({ 256: long(6000), 257: long(4000) });
    const subAt = 8 + 2 + 12 * 4 + 4;
    const nef = Buffer.concat([
      buildTiff({ 254: long(1), 256: long(160), 257: long(106), 330: long(subAt) }),
      sub.subarray(8),
    ]);
    expect(readContainer(nef)).toMatchObject({ format: 'raw', width: 6000, height: 4000 });
  });

  it('gives RW2 the magic number that decoders insist on, in a copy', () => {
    const rw2 = Buffer.from(tiff);
    rw2[2] = 0x55;
    expect(readContainer(rw2)).toMatchObject({ format: 'raw', exif: [tiff] });
    expect(rw2[2]).toBe(0x55);
  });
});

describe('other formats', () => {
  it.each([
    ['gif', Buffer.from('GIF89a\x46\0\x32\0'), 70, 50],
    [
      'bmp',
      Buffer.concat([Buffer.from('BM'), Buffer.alloc(12), bytes(40, 0, 0, 0, 70, 0, 0, 0, 0xce, 255, 255, 255)]),
      70,
      50,
    ],
    ['jp2', Buffer.concat([box('jP  ', u32(0)), box('jp2h', box('ihdr', u32(50, 70)))]), 70, 50],
    ['jxl', bytes(0xff, 0x0a, 0x4f, 0, 0, 0, 0, 0, 0, 0, 0, 0), 64, 64],
    [null, Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0isom\0\0\0\0'), null, null],
    [null, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), null, null],
  ])('%s', (format, file, width, height) => {
    expect(readContainer(file)).toMatchObject({ format, width, height });
  });
});
