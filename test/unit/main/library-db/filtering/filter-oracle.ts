// What conditions mean, in the plainest way: one photo, one condition, from what the test itself gave the library. Nothing here is shared with the program.
import type { Filter } from '../../../../../main/services/search/parsed-query.ts';

export interface ToldPhoto {
  readonly photoId: number;
  /** Relative paths below registered folders, with the folder's name first. */
  files: { folder: string; relPath: string }[];
  readonly format: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: number | null;
  /** Local time, or null where the photo has no date and its file's is 1970. */
  readonly takenAt: string | null;
  readonly gps: { lat: number; lon: number } | null;
  readonly make: string | null;
  readonly model: string | null;
  readonly lens: string | null;
  readonly rating: number | null;
  readonly tags: readonly string[];
  place: { country: string; region: string | null; city: string | null } | null;
  own: readonly string[];
  generated: readonly string[];
  favourite: boolean;
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const wordsOf = (text: string): string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/** Whether `words` stand in `text` one after the other; with `begun`, the last may be a beginning. */
function stands(text: string, words: readonly string[], begun: boolean): boolean {
  const all = wordsOf(text);
  return all.some((_, at) =>
    words.every((word, i) => {
      const found = all[at + i];
      if (found === undefined) return false;
      return begun && i === words.length - 1 ? found.startsWith(word) : found === word;
    }),
  );
}

function kilometres(a: { lat: number; lon: number }, b: { latitude: number; longitude: number }): number {
  const rad = (degrees: number): number => (degrees * Math.PI) / 180;
  const point = (lat: number, lon: number): number[] => [
    Math.cos(rad(lat)) * Math.cos(rad(lon)),
    Math.cos(rad(lat)) * Math.sin(rad(lon)),
    Math.sin(rad(lat)),
  ];
  const [p, q] = [point(a.lat, a.lon), point(b.latitude, b.longitude)];
  const chord = Math.hypot(...p.map((value, i) => value - (q[i] as number)));
  return 2 * 6_371 * Math.asin(Math.min(1, chord / 2));
}

export function fulfils(photo: ToldPhoto, filter: Filter): boolean {
  return holds(photo, filter) !== filter.not;
}

function holds(photo: ToldPhoto, filter: Filter): boolean {
  const date = photo.takenAt?.slice(0, 10) ?? null;
  switch (filter.kind) {
    case 'date':
      return date !== null && (filter.from === null || date >= filter.from) && (filter.to === null || date < filter.to);
    case 'yearly': {
      if (date === null) return false;
      const day = date.slice(5);
      const { from, to } = filter;
      return from <= to ? day >= from && day <= to : day >= from || day <= to;
    }
    case 'place': {
      const { place } = photo;
      if (!place) return false;
      return filter.places.some(
        ({ country, region = place.region, city = place.city }) =>
          country === place.country && region === place.region && city === place.city,
      );
    }
    case 'near': {
      const { gps } = photo;
      return gps !== null && filter.points.some((point) => kilometres(gps, point) <= filter.radiusKm);
    }
    case 'camera':
      return filter.words.every((word) =>
        [photo.make, photo.model].some((name) => name !== null && plain(name).includes(plain(word))),
      );
    case 'lens':
      return filter.words.every((word) => photo.lens !== null && plain(photo.lens).includes(plain(word)));
    case 'folder': {
      const words = wordsOf(filter.text);
      return photo.files.some(({ folder, relPath }) =>
        [folder, ...relPath.split('/').slice(0, -1)].some((name) => stands(name, words, true)),
      );
    }
    case 'type':
      return (filter.types as readonly string[]).includes(photo.format);
    case 'orientation': {
      if (photo.width === null || photo.height === null) return false;
      const isTurned = photo.orientation !== null && photo.orientation > 4;
      const [x, y] = isTurned ? [photo.height, photo.width] : [photo.width, photo.height];
      const shape = Math.abs(x - y) / Math.max(x, y) <= 0.02 ? 'square' : x > y ? 'landscape' : 'portrait';
      return shape === filter.orientation;
    }
    case 'rating': {
      const stars = Math.max(0, Math.min(5, Math.round(photo.rating ?? 0)));
      return stars >= filter.least && stars <= filter.most;
    }
    case 'favourite':
      return photo.favourite;
    case 'caption':
      return photo.own.length > 0 || (filter.of === 'anyone' && photo.generated.length > 0);
    case 'phrase': {
      const words = wordsOf(filter.text);
      const names = photo.files.flatMap(({ folder, relPath }) => [folder, ...relPath.replace(/\.jpg$/, '').split('/')]);
      return [...photo.own, ...photo.generated, ...photo.tags, ...names].some((text) => stands(text, words, false));
    }
    case 'any':
      return filter.of.some((group) => group.every((one) => fulfils(photo, one)));
  }
}
