// A library of made-up photos of which everything is known beside it, and changes of both. Test processes.
import type { LibraryDb } from '../../../../../main/library-db/library-db.ts';
import type { Filter } from '../../../../../main/services/search/parsed-query.ts';
import { factsOf, fileNamed, identifyAll, resultOf, scan, temporaryLibrary } from '../../../../helpers/library-db.ts';
import { seededRandom } from '../../vectors/synthetic-vectors.ts';
import type { ToldPhoto } from './filter-oracle.ts';

export const gazetteer = 7;

/** Chooses by a seed. */
export function chooser(seed: number) {
  const random = seededRandom(seed);
  const below = (most: number): number => Math.floor(random() * most);
  const of = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const maybe = <T>(value: () => T): T | null => (random() < 0.3 ? null : value());
  return { random, below, of, maybe };
}

const roots = ['Holiday Pictures', 'Work'];
const folders = ['', '2019/Paris in May', '2019/paris', 'Été à Nice', 'New York', 'new york city/day 1', 'x.y_z/Париж'];
const cameras = [
  ['Canon', 'Canon EOS 5D'],
  ['SONY', 'ILCE-7M3'],
  ['Apple', 'iPhone 12'],
  ['Kodak', null],
] as const;
const lenses = ['EF24-70mm f/2.8L', 'FE 85mm F1.8', 'Sigma 35mm'];
const formats = ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif'] as const;
const places = [
  { country: 'FR', region: 'FR.11', city: 'Paris' },
  { country: 'FR', region: 'FR.93', city: 'Nice' },
  { country: 'US', region: 'US.NY', city: 'New York City' },
  { country: 'US', region: 'US.TX', city: 'Paris' },
  { country: 'IS', region: null, city: null },
];
const texts = [
  'a dog runs',
  'two dogs running on a beach',
  'the red café',
  'A Red Cafe at night',
  'Straße',
  'собака на пляже',
];
const tags = ['Family', 'birthday party', 'été', 'New York'];

export interface ToldLibrary {
  readonly db: LibraryDb;
  readonly photos: ToldPhoto[];
  readonly folder: string;
  /** Something is changed in the library and in what is told of it. */
  change(): Promise<void>;
}

export async function toldLibrary(count: number, seed: number): Promise<ToldLibrary> {
  const choose = chooser(seed);
  const { below, of, maybe } = choose;
  const library = await temporaryLibrary();
  const { db } = library;
  const told = new Map<string, Omit<ToldPhoto, 'photoId'>>();
  const paths = new Map<string, string[]>(roots.map((root) => [root, []]));
  for (let n = 0; n < count; n++) {
    const [make, model] = maybe(() => of(cameras)) ?? [null, null];
    const photo: Omit<ToldPhoto, 'photoId'> = {
      files: Array.from({ length: below(9) === 0 ? 2 : 1 }, (_, copy) => {
        const folder = of(roots);
        const name = `${['dog', 'IMG', 'Café'][below(3)]}_${n}-${copy}.jpg`;
        return { folder, relPath: [of(folders), name].filter((part) => part !== '').join('/') };
      }),
      format: of(formats),
      width: maybe(() => 100 + below(20)),
      height: 100 + below(20),
      orientation: maybe(() => 1 + below(8)),
      takenAt: maybe(() => dateOf(choose)),
      gps: maybe(() => ({ lat: below(1_200) / 10 - 60, lon: below(3_600) / 10 - 180 })),
      make,
      model,
      lens: maybe(() => of(lenses)),
      rating: maybe(() => below(8) - 1),
      tags: below(3) === 0 ? [of(tags), of(tags)] : [],
      place: null,
      own: below(4) === 0 ? [of(texts)] : [],
      generated: below(3) > 0 ? [of(texts), of(texts)] : [],
      favourite: below(5) === 0,
    };
    told.set(String(n), photo);
    for (const { folder, relPath } of photo.files) paths.get(folder)?.push(`${relPath}?${n}`);
  }
  const contents = new Map<string, string>();
  for (const root of roots) {
    const { folder } = await db.registerFolder({ path: `/pictures/${root}`, now: 1_000 });
    const files = (paths.get(root) ?? []).map((entry) => entry.split('?') as [string, string]);
    for (const [relPath, content] of files) contents.set(`/pictures/${root}/${relPath}`, content);
    await scan(
      db,
      folder.id,
      files.map(([relPath]) => fileNamed(relPath, { inode: `${root}:${relPath}` })),
    );
  }
  const numbers = new Map<number, string>();
  const identified = await identifyAll(db, (file) => {
    const content = contents.get(file) as string;
    return factsFrom(content, told.get(content) as ToldPhoto);
  });
  const byPath = new Map<string, number>();
  for (const [file, content] of contents) byPath.set(content, (await db.photoByPath({ path: file }))?.photoId ?? 0);
  for (const [content, photoId] of byPath) numbers.set(photoId, content);
  const photos = [...numbers].map(
    ([photoId, content]): ToldPhoto => ({ ...(told.get(content) as ToldPhoto), photoId }),
  );
  await db.completePhotos({
    results: photos.map(({ photoId, generated }) => ({
      ...resultOf(photoId),
      ...(generated.length > 0 ? { captions: { model: 'captioner', texts: generated } } : {}),
    })),
    now: 5_000,
  });
  for (const { photoId, own } of photos)
    if (own.length > 0) await db.setOwnCaptions({ photoId, texts: own, now: 6_000 });
  const favourites = photos.filter(({ favourite }) => favourite).map(({ photoId }) => photoId);
  await db.setFavourite({ photoIds: favourites, favourite: true, now: 7_000 });
  await placeAll(db, photos, choose);
  if (identified.length !== contents.size) throw new Error('a file was not identified');
  return { db, photos, folder: library.folder, change: () => changeOne(db, photos, choose) };
}

function dateOf({ below }: ReturnType<typeof chooser>): string {
  return new Date(Date.UTC(1998 + below(27), below(12), 1 + below(31), below(24), below(60)))
    .toISOString()
    .slice(0, 19);
}

function factsFrom(content: string, photo: Omit<ToldPhoto, 'photoId'>) {
  const { format, width, height, orientation, takenAt, gps, make, model, lens, rating, tags: keywords } = photo;
  return factsOf(content, {
    format,
    width,
    height,
    orientation,
    takenAt,
    gps,
    camera: { make, model, lens },
    rating,
    keywords,
  });
}

async function placeAll(db: LibraryDb, photos: readonly ToldPhoto[], { below, of }: ReturnType<typeof chooser>) {
  const byId = new Map(photos.map((photo) => [photo.photoId, photo]));
  for (;;) {
    const points = await db.photosToPlace({ gazetteer, limit: 100 });
    if (points.length === 0) return;
    const named = points.map((point) => ({ ...point, place: below(5) === 0 ? null : of(places) }));
    for (const { photoId, place } of named) (byId.get(photoId) as ToldPhoto).place = place;
    await db.setPlaces({ gazetteer, places: named });
  }
}

/** What a person does, and what the background does. */
async function changeOne(db: LibraryDb, photos: ToldPhoto[], { below, of }: ReturnType<typeof chooser>) {
  const photo = of(photos);
  const { photoId } = photo;
  switch (below(3)) {
    case 0:
      photo.favourite = !photo.favourite;
      await db.setFavourite({ photoIds: [photoId], favourite: photo.favourite, now: 9_000 });
      return;
    case 1:
      photo.own = below(2) === 0 ? [] : [of(texts)];
      await db.setOwnCaptions({ photoId, texts: photo.own, now: 9_000 });
      return;
    default:
      photo.generated = [of(texts)];
      await db.completePhotos({
        results: [{ ...resultOf(photoId), captions: { model: 'captioner', texts: photo.generated } }],
        now: 9_000,
      });
  }
}

/** Any condition there is, of values that some photos have and of others. */
export function anyFilter(choose: ReturnType<typeof chooser>, depth = 0): Filter {
  const { below, of, maybe } = choose;
  const not = below(4) === 0;
  const day = (): string => dateOf(choose).slice(0, 10);
  const place = () => {
    const { country, region, city } = of(places);
    return { country, ...(region && below(2) ? { region } : {}), ...(city && below(2) ? { city } : {}) };
  };
  const point = () => ({ latitude: below(120) - 60, longitude: below(360) - 180 });
  const made: (() => Filter)[] = [
    () => ({ kind: 'date', not, from: maybe(day), to: maybe(day) }),
    () => ({ kind: 'yearly', not, from: day().slice(5), to: day().slice(5) }),
    () => ({ kind: 'place', not, places: [place(), place()].slice(below(2)) }),
    () => ({ kind: 'near', not, points: [point(), point()].slice(below(2)), radiusKm: of([1, 500, 3_000, 12_000]) }),
    () => ({
      kind: 'camera',
      not,
      words: of([['canon'], ['EOS', '5d'], ['iphone'], ['ilce', 'Sony'], ['nikon'], ['kodak']]),
    }),
    () => ({ kind: 'lens', not, words: of([['85mm'], ['f/2.8'], ['sigma', '35'], ['zeiss']]) }),
    () => ({
      kind: 'folder',
      not,
      text: of(['paris', 'Holiday', 'ete a', 'new york', 'york city', 'day', 'париж', 'y z', 'pictures', 'no such']),
    }),
    () => ({ kind: 'type', not, types: [of(formats), of(formats)] }),
    () => ({ kind: 'orientation', not, orientation: of(['landscape', 'portrait', 'square'] as const) }),
    () => ({ kind: 'rating', not, least: below(6), most: of([5, 3, 0]) }),
    () => ({ kind: 'favourite', not }),
    () => ({ kind: 'caption', not, of: of(['anyone', 'person'] as const) }),
    () => ({
      kind: 'phrase',
      not,
      text: of([
        'a dog',
        'dogs running',
        'dog',
        'red cafe',
        'RED CAFÉ',
        'strasse',
        'собака',
        'New York',
        'birthday',
        'dog runs two',
        'ete',
      ]),
    }),
  ];
  if (depth < 2)
    made.push(() => ({
      kind: 'any',
      not,
      of: Array.from({ length: 1 + below(3) }, () =>
        Array.from({ length: 1 + below(2) }, () => anyFilter(choose, depth + 1)),
      ),
    }));
  return of(made)();
}
