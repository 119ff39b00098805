// What queries are read with in tests: a small library, and places without the gazetteer's files. Test processes.
import type { Gazetteer, NamedPlace } from '../../../../../../main/platform/gazetteer/gazetteer.ts';
import { createPlaceNames } from '../../../../../../main/services/search/language/places/place-names.ts';
import type { Knowledge } from '../../../../../../main/services/search/language/recognise.ts';

const cities: readonly NamedPlace[] = [
  city('Paris', 'FR', 'FR.11', 48.85, 2.35),
  city('Paris', 'US', 'US.TX', 33.66, -95.56),
  city('London', 'GB', 'GB.ENG', 51.51, -0.13),
  city('Orange', 'FR', 'FR.93', 44.14, 4.81),
];
const wide: readonly NamedPlace[] = [
  { kind: 'country', name: 'France', code: { country: 'FR' }, point: null },
  { kind: 'region', name: 'Texas', code: { country: 'US', region: 'US.TX' }, point: null },
];

export const fewPlaces: Gazetteer = {
  named: (name) => [...wide, ...cities].filter((place) => place.name.toLowerCase() === name.toLowerCase()),
  parts: ({ code }) => [code],
  cityOf: (code) => code,
  nearest: () => null,
  regionName: (region) => (region === 'US.TX' ? 'Texas' : undefined),
  countryName: (country) => (country === 'FR' ? 'France' : country),
};

export const knowledge: Knowledge = {
  today: '2026-06-17',
  isSouthern: false,
  places: createPlaceNames([{ country: 'FR', region: 'FR.11', city: 'Paris', photos: 4 }], fewPlaces),
  cameras: ['apple iphone 12', 'nikon corporation nikon d750'],
};

function city(name: string, country: string, region: string, latitude: number, longitude: number): NamedPlace {
  return { kind: 'city', name, code: { country, region, city: name }, point: { latitude, longitude } };
}
