// Which cities are near a point. Any process.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { around, distance } from 'geokdbush';
import KDBush from 'kdbush';
import type { Point } from './gazetteer.ts';

/** Building one tree of all takes a tenth of a second in which nothing else runs; of so many it takes some milliseconds. */
const pointsPerTree = 6_000;

export interface CityPoints {
  /** Number of the nearest point within so many kilometres. */
  nearest(point: Point, withinKm: number): number | undefined;
  /** Numbers of all within so many kilometres, nearest first. */
  within(point: Point, km: number): readonly number[];
}

interface Box {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}

interface PartTree {
  /** Of the points, by their places in the tree. */
  readonly numbers: readonly number[];
  readonly tree: KDBush;
  readonly box: Box;
}

/** A degree of latitude is 111 km or more. */
const kmPerDegree = 110;

/** @param latitudes degrees, as `longitudes`: a point's place in them is its number */
export async function openCityPoints(latitudes: Float64Array, longitudes: Float64Array): Promise<CityPoints> {
  const trees: PartTree[] = [];
  const all = stripes(longitudes);
  await nextTurn();
  for (const numbers of all) {
    const tree = new KDBush(numbers.length);
    for (const i of numbers) tree.add(longitudes[i] as number, latitudes[i] as number);
    trees.push({ numbers, tree: tree.finish(), box: boxOf(latitudes, longitudes, numbers) });
    await nextTurn();
  }
  const kmTo = ({ latitude, longitude }: Point, i: number): number =>
    distance(longitude, latitude, longitudes[i] as number, latitudes[i] as number);

  return {
    nearest(point, withinKm) {
      let found: number | undefined;
      let reach = withinKm;
      for (const { numbers, tree, box } of trees) {
        if (!mayReach(box, point, reach)) continue;
        const [nearest] = around(tree, point.longitude, point.latitude, 1, reach);
        if (nearest === undefined) continue;
        const candidate = numbers[nearest] as number;
        const km = kmTo(point, candidate);
        if (km > reach || (km === reach && found !== undefined)) continue;
        found = candidate;
        reach = km;
      }
      return found;
    },
    within(point, km) {
      const all = trees
        .filter(({ box }) => mayReach(box, point, km))
        .flatMap(({ numbers, tree }) =>
          around(tree, point.longitude, point.latitude, undefined, km).map((i) => numbers[i] as number),
        );
      return all.sort((a, b) => kmTo(point, a) - kmTo(point, b));
    },
  };
}

function boxOf(latitudes: Float64Array, longitudes: Float64Array, numbers: readonly number[]): Box {
  const box = { south: 90, north: -90, west: 180, east: -180 };
  for (const i of numbers) {
    box.south = Math.min(box.south, latitudes[i] as number);
    box.north = Math.max(box.north, latitudes[i] as number);
    box.west = Math.min(box.west, longitudes[i] as number);
    box.east = Math.max(box.east, longitudes[i] as number);
  }
  return box;
}

/** False only where nothing of the box is within so many kilometres. */
function mayReach({ south, north, west, east }: Box, { latitude, longitude }: Point, km: number): boolean {
  const up = km / kmPerDegree;
  if (latitude < south - up || latitude > north + up) return false;
  const poleward = Math.abs(latitude) + up;
  const across = up / Math.cos((poleward * Math.PI) / 180);
  // Round the poles, and over the line where longitudes begin again, a box may be near on its other side.
  if (poleward > 89 || Math.abs(longitude) + across > 180) return true;
  return longitude >= west - across && longitude <= east + across;
}

/** Points from west to east, so many at a time: most questions are of one stripe. */
function stripes(longitudes: Float64Array): readonly (readonly number[])[] {
  const byDegree = Array.from({ length: 361 }, (): number[] => []);
  for (const [i, longitude] of longitudes.entries()) byDegree[Math.floor(longitude) + 180]?.push(i);
  const all: number[][] = [];
  for (const numbers of byDegree) {
    const last = all.at(-1);
    if (last && last.length + numbers.length <= pointsPerTree) last.push(...numbers);
    else if (numbers.length > 0) all.push(numbers);
  }
  return all;
}
