// The values of `place:` and `near:` — a name, codes of the gazetteer, or coordinates with a distance. Shell process; pure.
import type { PlaceCode, Point } from '../../../../platform/gazetteer/gazetteer.ts';
import type { KeyedValue } from '../keyed-conditions.ts';
import type { Knowledge } from '../recognise.ts';
import type { PlaceReading } from './place-names.ts';
import { nearFilter, nearKm } from './place-phrase.ts';

const mostKm = 20_100;

/** `Paris`, `Paris, France`, `FR`, `FR.11`, `FR.11/Paris`, several codes with a bar between them. */
export function keyedPlace(value: string, { places }: Knowledge): KeyedValue {
  const codes = value.split('|').map(codeOf);
  if (codes.every((code) => code !== null))
    return { filter: { kind: 'place', not: false, places: codes }, label: value };
  const reading = named(value, places);
  return reading
    ? { filter: { kind: 'place', not: false, places: reading.places() }, label: reading.label }
    : { problem: `No place called “${value}” is known.` };
}

/** `Paris`, `Paris,10km`, `48.85,2.35`, `48.85,2.35,10km`, several points with a semicolon between them. */
export function keyedNear(value: string, { places }: Knowledge): KeyedValue {
  const distance = /^(.*?)[, ]\s*(\d+(?:\.\d+)?)\s*km$/iu.exec(value);
  const radiusKm = Math.min(mostKm, distance ? Number(distance[2]) : nearKm);
  const where = (distance?.[1] ?? value).trim();
  const points = where.split(';').map(pointOf);
  if (points.every((point) => point !== null))
    return { filter: { kind: 'near', not: false, points, radiusKm }, label: `near ${where} (${radiusKm} km)` };
  const reading = named(where, places);
  if (!reading) return { problem: `No place called “${where}” is known.` };
  return { filter: nearFilter(reading, radiusKm), label: `near ${reading.label} (${radiusKm} km)` };
}

function named(value: string, places: Knowledge['places']): PlaceReading | null {
  const [name = '', ...outer] = value.split(',').map((part) => part.trim());
  const within = outer.at(-1);
  if (name === '') return null;
  // "Paris, Île-de-France, France": any of the outer names may be what is known.
  return within === undefined ? places.read(name) : (places.read(name, outer[0]) ?? places.read(name, within));
}

/** Codes are upper case, names hardly ever are as short. */
function codeOf(text: string): PlaceCode | null {
  const match = /^([A-Z]{2})(?:\.([A-Z0-9]+))?(?:\/(.+))?$/u.exec(text);
  if (!match) return null;
  const [, country = '', region, city] = match;
  if (region === undefined && city === undefined && country === 'UK') return null;
  return {
    country,
    ...(region !== undefined && { region: `${country}.${region}` }),
    ...(city !== undefined && { city }),
  };
}

function pointOf(text: string): Point | null {
  const match = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*$/u.exec(text);
  const [latitude, longitude] = [Number(match?.[1]), Number(match?.[2])];
  return match && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
