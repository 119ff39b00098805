// Turns an IPTC-IIM record into photo facts with exifreader (inference child process).
import exifReader from 'exifreader';
import { type LocalTime, parseDate } from './dates.ts';
import { cleanText } from './text.ts';

export interface IptcFacts {
  taken: LocalTime | null;
  keywords: string[];
  title: string | null;
  description: string | null;
}

type Tag = { description?: unknown };
type Tags = Record<string, Tag | Tag[] | undefined>;

const WANTED = [
  'Coded Character Set',
  'Keywords',
  'Object Name',
  'Caption/Abstract',
  'Date Created',
  'Time Created',
  'Digital Creation Date',
  'Digital Creation Time',
];

/** A segment can be 65,535 bytes long; 30 of them go to the markers around the record. */
const MAX_RECORD = 65_500;

/** The record inside the smallest JPEG that exifreader accepts, since it takes files and not records. */
function wrapInJpeg(record: Buffer): Buffer {
  const name = Buffer.from('Photoshop 3.0\0');
  const resource = Buffer.from('8BIM\x04\x04\0\0\0\0\0\0', 'latin1');
  resource.writeUInt32BE(record.length, 8);
  const marker = Buffer.from([0xff, 0xd8, 0xff, 0xed, 0, 0]);
  marker.writeUInt16BE(2 + name.length + resource.length + record.length, 4);
  return Buffer.concat([marker, name, resource, record, Buffer.from([0xff, 0xd9, 0, 0, 0, 0, 0, 0, 0, 0])]);
}

function texts(tag: Tag | Tag[] | undefined): string[] {
  const list = tag === undefined ? [] : Array.isArray(tag) ? tag : [tag];
  return list.flatMap((item) => (typeof item.description === 'string' ? [item.description] : []));
}

function readTaken(tags: Tags): LocalTime | null {
  for (const [date, time] of [
    ['Date Created', 'Time Created'],
    ['Digital Creation Date', 'Digital Creation Time'],
  ] as const) {
    const day = texts(tags[date])[0];
    const parsed = parseDate(`${day} ${texts(tags[time])[0] ?? ''}`) ?? parseDate(day);
    if (parsed) return parsed;
  }
  return null;
}

/** Character sets as exifreader takes them: the record's UTF-8 mark, else UTF-8 where valid, else Windows-1252. */
export function readIptc(record: Buffer): IptcFacts {
  const jpeg = wrapInJpeg(record.subarray(0, MAX_RECORD));
  const view = new DataView(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
  const tags = (exifReader.loadView(view, { expanded: true, includeTags: { iptc: WANTED } }).iptc ?? {}) as Tags;
  return {
    taken: readTaken(tags),
    keywords: texts(tags['Keywords']),
    title: cleanText(texts(tags['Object Name'])[0]),
    description: cleanText(texts(tags['Caption/Abstract'])[0]),
  };
}
