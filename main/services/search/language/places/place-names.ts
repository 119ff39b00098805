// What places a name may mean, with the library's own before all others. Shell process; pure.
import { createCountries } from '../../../../platform/gazetteer/countries.ts';
import { foldedName } from '../../../../platform/gazetteer/folded-name.ts';
import type { Gazetteer, NamedPlace, PlaceCode, Point } from '../../../../platform/gazetteer/gazetteer.ts';
import type { CountedPlace } from '../vocabulary.ts';

/** What a name means: all places it may mean, or those among them that the library has photos of. */
export interface PlaceReading {
  readonly label: string;
  places(): readonly PlaceCode[];
  /** Of cities. */
  readonly points: readonly Point[];
  /** The library has photos there. */
  readonly hasPhotos: boolean;
  /** A country or a region. */
  readonly isWide: boolean;
}

const mostRemembered = 4_000;

export interface PlaceNames {
  /** False where it is known that no photo of the library says where it was taken. */
  readonly libraryHasPlaces: boolean;
  /** @param within name of a region or country that it lies in, where one was typed */
  read(name: string, within?: string): PlaceReading | null;
}

/** @param counted null where nothing is known of the library; @param gazetteer null until it is open: countries and the library's own cities are known without it. */
export function createPlaceNames(counted: readonly CountedPlace[] | null, gazetteer: Gazetteer | null): PlaceNames {
  const known = knownKeys(counted ?? []);
  const named = gazetteer ? (name: string) => gazetteer.named(name) : namedWithout(counted ?? []);
  const partsOf = (place: NamedPlace): readonly PlaceCode[] => gazetteer?.parts(place) ?? [place.code];
  /** Quarters are asked for only where the region has photos at all: most names that a text holds are of elsewhere. */
  const isKnown = (place: NamedPlace): boolean => {
    if (known.has(keyOf(place.code))) return true;
    if (place.kind !== 'city' || !known.has(regionKeyOf(place.code))) return false;
    return partsOf(place).some((part) => known.has(keyOf(part)));
  };

  function read(name: string, within: string | undefined): PlaceReading | null {
    const around = within === undefined ? null : wide(named(within));
    if (around?.length === 0) return null;
    const all = named(name).filter(
      (place) => around === null || around.some((outer) => liesIn(place.code, outer.code)),
    );
    const meant = likeliest(all);
    const own = meant.filter(isKnown);
    const chosen = own.length > 0 ? own : meant;
    const [first] = chosen;
    if (!first) return null;
    const outer = around?.[0];
    return {
      label: outer ? `${first.name}, ${outer.name}` : first.name,
      places: () => chosen.flatMap(partsOf),
      points: pointsOf(all, isKnown),
      hasPhotos: own.length > 0,
      isWide: first.kind !== 'city',
    };
  }

  /** With every key the same names are asked for again. */
  const readBefore = new Map<string, PlaceReading | null>();
  return {
    libraryHasPlaces: counted === null || counted.length > 0,
    read(name, within) {
      const key = within === undefined ? name : `${name}\n${within}`;
      const before = readBefore.get(key);
      if (before !== undefined) return before;
      const reading = read(name, within);
      if (readBefore.size >= mostRemembered) readBefore.clear();
      readBefore.set(key, reading);
      return reading;
    },
  };
}

/** Who says the name of a country means it, or a region of that name; of a region, it or cities of that name elsewhere. */
function likeliest(places: readonly NamedPlace[]): readonly NamedPlace[] {
  if (places.some(({ kind }) => kind === 'country')) return places.filter(({ kind }) => kind !== 'city');
  const regions = wide(places);
  return places.filter((place) => place.kind === 'region' || !regions.some(({ code }) => liesIn(place.code, code)));
}

/** Near a city is meant also where a region has its name. */
function pointsOf(places: readonly NamedPlace[], isKnown: (place: NamedPlace) => boolean): readonly Point[] {
  const cities = places.filter(({ kind }) => kind === 'city');
  const own = cities.filter(isKnown);
  return (own.length > 0 ? own : cities).flatMap(({ point }) => (point ? [point] : []));
}

function wide(places: readonly NamedPlace[]): readonly NamedPlace[] {
  return places.filter(({ kind }) => kind !== 'city');
}

function liesIn(inner: PlaceCode, outer: PlaceCode): boolean {
  return inner.country === outer.country && (outer.region === undefined || inner.region === outer.region);
}

function keyOf({ country, region, city }: PlaceCode): string {
  return `${country}/${region ?? ''}/${city ?? ''}`;
}

function regionKeyOf({ country, region }: PlaceCode): string {
  return keyOf({ country, ...(region !== undefined && { region }) });
}

/** A photo in a city is one in its region and its country, too. */
function knownKeys(counted: readonly CountedPlace[]): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { country, region, city } of counted) {
    keys.add(keyOf({ country }));
    if (region !== null) keys.add(keyOf({ country, region }));
    if (city !== null) keys.add(keyOf({ country, ...(region !== null && { region }), city }));
  }
  return keys;
}

function namedWithout(counted: readonly CountedPlace[]): (name: string) => readonly NamedPlace[] {
  const countries = createCountries();
  const cities = new Map<string, NamedPlace[]>();
  for (const { country, region, city } of counted) {
    if (city === null) continue;
    const code = { country, ...(region !== null && { region }), city };
    const folded = foldedName(city);
    cities.set(folded, [...(cities.get(folded) ?? []), { kind: 'city', name: city, code, point: null }]);
  }
  return (name) => {
    const folded = foldedName(name);
    const country = countries.named(folded);
    const own = cities.get(folded) ?? [];
    return country
      ? [{ kind: 'country', name: countries.nameOf(country), code: { country }, point: null }, ...own]
      : own;
  };
}
