// Names of places and where they are: the interface of the gazetteer. Types only; any process.

/** ISO 3166-1 alpha-2; GeoNames admin1 as `FR.11`; the city by its name in the gazetteer. */
export interface PlaceCode {
  readonly country: string;
  readonly region?: string;
  readonly city?: string;
}

/** Degrees. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

export interface NamedPlace {
  readonly kind: 'country' | 'region' | 'city';
  readonly name: string;
  readonly code: PlaceCode;
  /** Of a city. */
  readonly point: Point | null;
}

export interface Gazetteer {
  /** All of that name in any spelling: countries, regions, then cities with the greatest first. Takes microseconds. */
  named(name: string): readonly NamedPlace[];
  /** A city and its quarters, which are cities of the gazetteer, too; of others themselves alone. */
  parts(place: NamedPlace): readonly PlaceCode[];
  /** The great city that a quarter belongs to; of any other city itself. */
  cityOf(code: PlaceCode): PlaceCode;
  /** The city nearest to a point within 50 km, with its region and country; null far from any. */
  nearest(latitude: number, longitude: number): PlaceCode | null;
  /** In English; undefined where there is none of that code. */
  regionName(region: string): string | undefined;
  countryName(country: string): string;
}
