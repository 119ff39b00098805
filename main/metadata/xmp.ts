// Turns the properties of an XMP packet, embedded or sidecar, into photo facts (inference child process).
import { type LocalTime, parseDate } from './dates.ts';
import { checkPlace } from './exif.ts';
import { cleanDescription, cleanText } from './text.ts';
import { NS, parseXmp, type XmpProperties } from './xmp-document.ts';

export interface XmpFacts {
  taken: LocalTime | null;
  gps: { lat: number; lon: number } | null;
  make: string | null;
  model: string | null;
  lens: string | null;
  orientation: number | null;
  rating: number | null;
  keywords: string[];
  title: string | null;
  description: string | null;
}

/** Capture before digitisation; `xmp:CreateDate` last, because editors set it to the date of the file. */
const DATES = [
  [NS.exif, 'DateTimeOriginal'],
  [NS.photoshop, 'DateCreated'],
  [NS.exif, 'DateTimeDigitized'],
  [NS.xmp, 'CreateDate'],
] as const;

function readTaken(xmp: XmpProperties): LocalTime | null {
  for (const [namespace, name] of DATES) {
    const parsed = parseDate(xmp(namespace, name)[0]);
    if (parsed) return parsed;
  }
  return null;
}

/** `DDD,MM.mmk` or `DDD,MM,SSk` (XMP specification part 2, GPSCoordinate); plain signed degrees as some tools write. */
function parseCoordinate(text: string | undefined): number | null {
  const match = /^(\d{1,3}(?:\.\d+)?)(?:,(\d{1,2}(?:\.\d+)?))?(?:,(\d{1,2}(?:\.\d+)?))? ?([NSEW])$/i.exec(
    text?.trim() ?? '',
  );
  if (!match) return /^-?\d{1,3}\.\d+$/.test(text ?? '') ? Number(text) : null;
  const value = Number(match[1]) + Number(match[2] ?? 0) / 60 + Number(match[3] ?? 0) / 3600;
  return /[SW]/i.test(match[4] ?? '') ? -value : value;
}

function wholeNumber(text: string | undefined, low: number, high: number): number | null {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  // Some writers store the rating as "3.0" or with halves; there are no half stars here.
  const rounded = Math.floor(value);
  return rounded >= low && rounded <= high ? rounded : null;
}

/** Windows counts in percent: 1, 25, 50, 75 and 99 for one to five stars. */
function windowsRating(percent: string | undefined): number | null {
  const value = wholeNumber(percent, 0, 100);
  return value === null ? null : value === 0 ? 0 : 1 + Math.round(value / 25);
}

/** All facts of one packet. */
export function readXmp(packet: string, warnings: string[]): XmpFacts {
  const xmp = parseXmp(packet, warnings);
  const first = (namespace: string, name: string): string | undefined => xmp(namespace, name)[0];
  const rating = wholeNumber(first(NS.xmp, 'Rating'), -1, 5);
  return {
    taken: readTaken(xmp),
    gps: checkPlace(parseCoordinate(first(NS.exif, 'GPSLatitude')), parseCoordinate(first(NS.exif, 'GPSLongitude'))),
    make: cleanText(first(NS.tiff, 'Make')),
    model: cleanText(first(NS.tiff, 'Model')),
    lens: cleanText(first(NS.exifEx, 'LensModel') ?? first(NS.aux, 'Lens')),
    orientation: wholeNumber(first(NS.tiff, 'Orientation'), 1, 8),
    rating: rating ?? windowsRating(first(NS.microsoft, 'Rating')),
    keywords: xmp(NS.dc, 'subject'),
    title: cleanText(first(NS.dc, 'title')),
    description: cleanDescription(first(NS.dc, 'description')),
  };
}
