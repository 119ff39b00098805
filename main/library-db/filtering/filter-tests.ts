// Conditions as tests over columns. Library thread; pure.
import { folded, foldedWords } from '../../platform/folded-words.ts';
import type { Filter } from '../../services/search/parsed-query.ts';
import { codesWhere } from './dictionary.ts';
import { foldedFolder, noDay, type PhotoColumns, photoFlags, photoShapes } from './photo-columns.ts';

/** Whether a photo passes, by its number. */
export type PhotoTest = (photoId: number) => boolean;

/** What is not in the columns: names of the registered folders by id, and the photos whose texts hold a phrase. */
export interface OutsideFacts {
  readonly folderNames: ReadonlyMap<number, string>;
  readonly phrase: (words: readonly string[]) => PhotoTest;
}

const everyPhoto: PhotoTest = () => true;

/** The condition itself, without its `not`. */
export function testOf(columns: PhotoColumns, filter: Filter, outside: OutsideFacts): PhotoTest {
  switch (filter.kind) {
    case 'date':
      return betweenDays(columns, filter.from, filter.to);
    case 'yearly':
      return onDays(columns, filter.from, filter.to);
    case 'place':
      return byCode(
        columns.held().places,
        codesWhere(columns.names.places, (place) => place !== undefined && filter.places.some(isPlace(place))),
      );
    case 'near':
      return near(columns, filter.points, filter.radiusKm);
    case 'camera':
      return byCode(columns.held().cameras, holdingAll(columns.names.cameras, filter.words));
    case 'lens':
      return byCode(columns.held().lenses, holdingAll(columns.names.lenses, filter.words));
    case 'folder':
      return inFolder(columns, filter.text, outside.folderNames);
    case 'type': {
      const types = new Set<string>(filter.types);
      const codes = codesWhere(columns.names.formats, (format) => format !== undefined && types.has(format));
      return byCode(columns.held().formats, codes);
    }
    case 'orientation': {
      const [shapes, wanted] = [columns.held().shapes, photoShapes[filter.orientation]];
      return (photoId) => shapes[photoId] === wanted;
    }
    case 'rating': {
      const ratings = columns.held().ratings;
      return (photoId) => (ratings[photoId] as number) >= filter.least && (ratings[photoId] as number) <= filter.most;
    }
    case 'favourite':
      return withFlag(columns, photoFlags.favourite);
    case 'caption':
      return withFlag(
        columns,
        filter.of === 'person' ? photoFlags.ownCaption : photoFlags.ownCaption | photoFlags.generatedCaption,
      );
    case 'phrase': {
      const words = foldedWords(filter.text);
      return words.length === 0 ? everyPhoto : outside.phrase(words);
    }
    case 'any': {
      const groups = filter.of.map((group) =>
        group.map((one) => ({ not: one.not, test: testOf(columns, one, outside) })),
      );
      return (photoId) => groups.some((group) => group.every(({ not, test }) => test(photoId) !== not));
    }
  }
}

function withFlag(columns: PhotoColumns, flag: number): PhotoTest {
  const flags = columns.held().flags;
  return (photoId) => ((flags[photoId] as number) & flag) !== 0;
}

function byCode(column: Uint32Array, passes: Uint8Array): PhotoTest {
  return (photoId) => passes[column[photoId] as number] === 1;
}

function holdingAll(dictionary: Parameters<typeof codesWhere<{ foldedName: string }>>[0], words: readonly string[]) {
  const wanted = words.map(folded);
  return codesWhere(dictionary, (value) => wanted.every((word) => value?.foldedName.includes(word) === true));
}

/** Days since 1970; NaN where it is no date, which no photo passes. */
function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / 86_400_000;
}

function betweenDays(columns: PhotoColumns, from: string | null, to: string | null): PhotoTest {
  const days = columns.held().days;
  const first = from === null ? Number.NEGATIVE_INFINITY : dayOf(from);
  const end = to === null ? Number.POSITIVE_INFINITY : dayOf(to);
  return (photoId) => {
    const day = days[photoId] as number;
    return day !== noDay && day >= first && day < end;
  };
}

function onDays(columns: PhotoColumns, from: string, to: string): PhotoTest {
  const days = columns.held().days;
  const [first, last] = [dayOfYear(from), dayOfYear(to)];
  const isOver = first > last;
  const passes = (day: number): boolean => {
    const date = monthAndDay(day);
    return isOver ? date >= first || date <= last : date >= first && date <= last;
  };
  // Nearly all photos are of a few thousand days.
  const usual = Uint8Array.from({ length: usualDays }, (_, day) => (passes(day) ? 1 : 0));
  return (photoId) => {
    const day = days[photoId] as number;
    return day >= 0 && day < usualDays ? usual[day] === 1 : day !== noDay && passes(day);
  };
}

/** Days of 1970 to 2052. */
const usualDays = 30_000;

/** `MM-DD` as a number that orders like it. */
function dayOfYear(date: string): number {
  return 100 * Number(date.slice(0, 2)) + Number(date.slice(3, 5));
}

/** The same of a day since 1970, without a `Date` for each of a million (Hinnant, "chrono-compatible low-level date algorithms"). */
function monthAndDay(day: number): number {
  const shifted = day + 719_468;
  const ofEra = shifted - 146_097 * Math.floor(shifted / 146_097);
  const year = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const month = Math.floor((5 * ofYear + 2) / 153);
  return 100 * (month < 10 ? month + 3 : month - 9) + (ofYear - Math.floor((153 * month + 2) / 5) + 1);
}

type AskedPlace = Extract<Filter, { kind: 'place' }>['places'][number];

function isPlace(place: { country: string; region: string | null; city: string | null }) {
  return (asked: AskedPlace): boolean =>
    asked.country === place.country &&
    (asked.region === undefined || asked.region === place.region) &&
    (asked.city === undefined || asked.city === place.city);
}

const earthRadiusKm = 6_371;

function near(
  columns: PhotoColumns,
  points: readonly { readonly latitude: number; readonly longitude: number }[],
  radiusKm: number,
): PhotoTest {
  const [latitudes, longitudes] = [columns.held().latitudes, columns.held().longitudes];
  const radian = Math.PI / 180;
  // Where the degrees of latitude alone are too many there is nothing to calculate.
  const mostDegrees = radiusKm / earthRadiusKm / radian + 1e-6;
  return (photoId) => {
    const [latitude, longitude] = [latitudes[photoId] as number, longitudes[photoId] as number];
    return points.some((point) => {
      if (!(Math.abs(latitude - point.latitude) <= mostDegrees)) return false;
      const [dLat, dLon] = [(latitude - point.latitude) * radian, (longitude - point.longitude) * radian];
      const haversine =
        Math.sin(dLat / 2) ** 2 +
        Math.cos(latitude * radian) * Math.cos(point.latitude * radian) * Math.sin(dLon / 2) ** 2;
      return 2 * earthRadiusKm * Math.asin(Math.min(1, Math.sqrt(haversine))) <= radiusKm;
    });
  };
}

/** The last word may be a beginning, so that a name that is being typed is found. */
function inFolder(columns: PhotoColumns, text: string, folderNames: ReadonlyMap<number, string>): PhotoTest {
  const wanted = ` ${foldedWords(text).join(' ')}`;
  const roots = new Map([...folderNames].map(([id, name]) => [id, foldedFolder(name).includes(wanted)]));
  const passes = codesWhere(
    columns.names.folders,
    (folder) => folder !== undefined && (roots.get(folder.folderId) === true || folder.foldedPath.includes(wanted)),
  );
  const { moreFolders } = columns;
  const folders = columns.held().folders;
  return (photoId) =>
    passes[folders[photoId] as number] === 1 ||
    (moreFolders.get(photoId)?.some((folder) => passes[folder] === 1) ?? false);
}
