// Turns a TIFF structure (an EXIF block, a TIFF file, a raw file) into photo facts with exifreader (inference child process).
import exifReader from 'exifreader';
import { parseDate, parseOffset } from './dates.ts';
import { refuseExif } from './exif-guard.ts';
import { EXIF_TAGS, type ExifTag } from './exif-tags.ts';
import { cleanDescription, cleanText } from './text.ts';

export interface ExifFacts {
  takenAt: string | null;
  offset: string | null;
  gps: { lat: number; lon: number } | null;
  make: string | null;
  model: string | null;
  lens: string | null;
  exposureTimeSeconds: number | null;
  fNumber: number | null;
  iso: number | null;
  focalLengthMm: number | null;
  orientation: number | null;
  rating: number | null;
  keywords: string[];
  title: string | null;
  description: string | null;
}

const WANTED = Object.keys(EXIF_TAGS);

/** What exifreader puts where a value lies outside the block. */
const FAULTY = '<faulty value>';

type Tags = Partial<Record<ExifTag, { value?: unknown }>>;

function isByteArray(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number');
}

/** First string of an ASCII tag; bytes of a wrongly typed one are taken as Latin-1. */
function text(tags: Tags, name: ExifTag): string | null {
  const value = tags[name]?.value;
  if (isByteArray(value)) return Buffer.from(value).toString('latin1');
  const first = Array.isArray(value) ? value.find((item) => typeof item === 'string' && item !== '') : value;
  return typeof first === 'string' && first !== FAULTY ? first : null;
}

/** Windows stores its own texts as UTF-16LE bytes, padded with NULs. */
function windowsText(tags: Tags, name: ExifTag): string | null {
  const value = tags[name]?.value;
  return isByteArray(value) ? Buffer.from(value).toString('utf16le').replaceAll('\0', '') : null;
}

function rational(value: unknown): number | null {
  if (!Array.isArray(value) || value.length !== 2) return null;
  const [numerator, denominator] = value as unknown[];
  if (typeof numerator !== 'number' || typeof denominator !== 'number' || denominator === 0) return null;
  return numerator / denominator;
}

function positiveRational(tags: Tags, name: ExifTag): number | null {
  const value = rational(tags[name]?.value);
  return value !== null && value > 0 ? value : null;
}

function integer(tags: Tags, name: ExifTag, low: number, high: number): number | null {
  const value = tags[name]?.value;
  const first = Array.isArray(value) ? (value[0] as unknown) : value;
  return typeof first === 'number' && Number.isInteger(first) && first >= low && first <= high ? first : null;
}

/** Degrees from one to three rationals; the reference letter gives the sign, and without one there is no place. */
function degrees(
  tags: Tags,
  name: 'GPSLatitude' | 'GPSLongitude',
  negative: 'S' | 'W',
  positive: 'N' | 'E',
): number | null {
  const parts = tags[name]?.value;
  const reference = text(tags, `${name}Ref`)?.trim().charAt(0).toUpperCase();
  if (!Array.isArray(parts) || parts.length !== 3 || (reference !== negative && reference !== positive)) return null;
  const [whole, minutes, seconds] = parts.map(rational);
  if (whole === null || whole === undefined) return null;
  // A zero denominator stands for "not given" in minutes and seconds.
  const value = whole + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600;
  return reference === negative ? -value : value;
}

/** `null` unless both numbers are places on Earth. */
export function checkPlace(lat: number | null, lon: number | null): { lat: number; lon: number } | null {
  if (lat === null || lon === null || !(Math.abs(lat) <= 90) || !(Math.abs(lon) <= 180)) return null;
  // Plain zero instead of minus zero, which JSON and equality treat differently.
  return { lat: lat + 0, lon: lon + 0 };
}

function capture(tags: Tags): { takenAt: string | null; offset: string | null } {
  for (const [date, offset] of [
    ['DateTimeOriginal', 'OffsetTimeOriginal'],
    ['DateTimeDigitized', 'OffsetTimeDigitized'],
  ] as const) {
    const parsed = parseDate(text(tags, date));
    if (parsed) return { takenAt: parsed.local, offset: parseOffset(text(tags, offset)) ?? parsed.offset };
  }
  // DateTime (0x132) is the last change of the file and is left out on purpose.
  return { takenAt: null, offset: null };
}

/** Facts of one block, or `null` and a warning where it is refused; throws where it is no TIFF structure at all. */
export function readExif(block: Buffer, warnings: string[]): ExifFacts | null {
  const refusal = refuseExif(block);
  if (refusal !== null) {
    warnings.push(refusal);
    return null;
  }
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  const tags = (exifReader.loadView(view, { expanded: true, includeTags: { exif: WANTED } }).exif ?? {}) as Tags;
  return {
    ...capture(tags),
    gps: checkPlace(degrees(tags, 'GPSLatitude', 'S', 'N'), degrees(tags, 'GPSLongitude', 'W', 'E')),
    make: cleanText(text(tags, 'Make')),
    model: cleanText(text(tags, 'Model')),
    lens: cleanText(text(tags, 'LensModel')),
    exposureTimeSeconds: positiveRational(tags, 'ExposureTime'),
    fNumber: positiveRational(tags, 'FNumber'),
    iso: integer(tags, 'ISOSpeedRatings', 1, 10_000_000),
    focalLengthMm: positiveRational(tags, 'FocalLength'),
    orientation: integer(tags, 'Orientation', 1, 8),
    rating: integer(tags, 'Rating', 0, 5),
    keywords: windowsText(tags, 'XPKeywords')?.split(';') ?? [],
    title: cleanText(windowsText(tags, 'XPTitle')),
    description: cleanDescription(text(tags, 'ImageDescription')) ?? cleanText(windowsText(tags, 'XPComment')),
  };
}
