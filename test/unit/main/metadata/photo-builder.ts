// Builds the smallest JPEG, EXIF, IPTC and XMP structures byte by byte, so that tests know every value (test process).

type Value = { type: number; count: number; bytes: Buffer };

export const ascii = (text: string): Value => {
  const bytes = Buffer.from(`${text}\0`, 'utf8');
  return { type: 2, count: bytes.length, bytes };
};
export const short = (value: number): Value => ({ type: 3, count: 1, bytes: Buffer.from([value & 255, value >> 8]) });
export const long = (value: number): Value => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return { type: 4, count: 1, bytes };
};
export const bytesOf = (bytes: Buffer): Value => ({ type: 1, count: bytes.length, bytes });
export const rationals = (...pairs: [number, number][]): Value => {
  const bytes = Buffer.alloc(8 * pairs.length);
  pairs.forEach(([numerator, denominator], i) => {
    bytes.writeUInt32LE(numerator, 8 * i);
    bytes.writeUInt32LE(denominator, 8 * i + 4);
  });
  return { type: 5, count: pairs.length, bytes };
};

export type Ifd = Record<number, Value>;

/** One directory at `at`, its long values right behind it. */
function directory(ifd: Ifd, at: number): Buffer {
  const entries = Object.entries(ifd).map(([tag, value]) => ({ tag: Number(tag), ...value }));
  const table = Buffer.alloc(2 + 12 * entries.length + 4);
  table.writeUInt16LE(entries.length, 0);
  const values: Buffer[] = [];
  let valueAt = at + table.length;
  entries.forEach(({ tag, type, count, bytes }, i) => {
    const entry = 2 + 12 * i;
    table.writeUInt16LE(tag, entry);
    table.writeUInt16LE(type, entry + 2);
    table.writeUInt32LE(count, entry + 4);
    if (bytes.length <= 4) bytes.copy(table, entry + 8);
    else {
      table.writeUInt32LE(valueAt, entry + 8);
      values.push(bytes);
      valueAt += bytes.length;
    }
  });
  return Buffer.concat([table, ...values]);
}

/** A little-endian TIFF structure with an EXIF and a GPS directory where they are given. */
export function buildTiff(main: Ifd, exif?: Ifd, gps?: Ifd): Buffer {
  const pointers = (exifAt: number, gpsAt: number): Ifd => ({
    ...main,
    ...(exif ? { 34665: long(exifAt) } : {}),
    ...(gps ? { 34853: long(gpsAt) } : {}),
  });
  const exifAt = 8 + directory(pointers(0, 0), 8).length;
  const exifBytes = exif ? directory(exif, exifAt) : Buffer.alloc(0);
  const gpsAt = exifAt + exifBytes.length;
  const gpsBytes = gps ? directory(gps, gpsAt) : Buffer.alloc(0);
  const header = Buffer.from('II*\0\x08\0\0\0', 'latin1');
  return Buffer.concat([header, directory(pointers(exifAt, gpsAt), 8), exifBytes, gpsBytes]);
}

export function buildIptc(datasets: [record: number, dataset: number, value: Buffer | string][]): Buffer {
  return Buffer.concat(
    datasets.map(([record, dataset, value]) => {
      const bytes = Buffer.from(value as string, 'utf8');
      const head = Buffer.from([0x1c, record, dataset, 0, 0]);
      head.writeUInt16BE(bytes.length, 3);
      return Buffer.concat([head, bytes]);
    }),
  );
}

const NAMESPACES = [
  'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
  'xmlns:dc="http://purl.org/dc/elements/1.1/"',
  'xmlns:xmp="http://ns.adobe.com/xap/1.0/"',
  'xmlns:exif="http://ns.adobe.com/exif/1.0/"',
  'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"',
  'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"',
  'xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"',
].join(' ');

/** A packet with `content` inside its one `rdf:Description`. */
export function buildXmp(content: string, attributes = ''): string {
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${NAMESPACES}><rdf:Description ${attributes}>${content}</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

export function bag(name: string, values: string[]): string {
  return `<${name}><rdf:Bag>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join('')}</rdf:Bag></${name}>`;
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
}

export interface Blocks {
  exif?: Buffer;
  xmp?: string | Buffer;
  iptc?: Buffer;
  width?: number;
  height?: number;
}

/** A JPEG that ends where its picture would begin. */
export function buildJpeg({ exif, xmp, iptc, width = 4, height = 3 }: Blocks): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(height, 1);
  frame.writeUInt16BE(width, 3);
  const resource = Buffer.from('Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\0', 'latin1');
  if (iptc) resource.writeUInt32BE(iptc.length, resource.length - 4);
  const xmpId = Buffer.from('http://ns.adobe.com/xap/1.0/\0');
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...(exif ? [segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif]))] : []),
    ...(xmp ? [segment(0xe1, Buffer.concat([xmpId, Buffer.from(xmp as string)]))] : []),
    ...(iptc ? [segment(0xed, Buffer.concat([resource, iptc]))] : []),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0, 0xff, 0xd9]),
  ]);
}
