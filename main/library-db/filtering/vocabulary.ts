// The words of a library's own, counted: cameras, lenses, folders, keywords, places of its photos. Library thread.
import path from 'node:path';
import type { CountedWord, Vocabulary } from '../../services/search/language/vocabulary.ts';
import type { OpenStore } from '../open-store.ts';
import { type NamedCamera, type PhotoColumns, photoFlags } from './photo-columns.ts';

/** Past these nobody looks for a name in a list. */
const mostNames = 500;
const mostFolders = 2_000;
const mostPlaces = 5_000;
/** Keywords are counted in so many photos: counting those of a million takes seconds, and the last ones tell what is usual. */
const countedForKeywords = 20_000;

export function vocabularyOf(store: OpenStore, columns: PhotoColumns): Vocabulary {
  const { names } = columns;
  const cameras = countCodes(columns, columns.held().cameras, names.cameras.values.length);
  const lenses = countCodes(columns, columns.held().lenses, names.lenses.values.length);
  const places = countCodes(columns, columns.held().places, names.places.values.length);
  return {
    cameras: commonest(tally(names.cameras.values, cameras, cameraName), mostNames),
    lenses: commonest(
      tally(names.lenses.values, lenses, ({ name }) => [name]),
      mostNames,
    ),
    folders: commonest(folderNames(store, columns), mostFolders),
    keywords: store.filters
      .keywords(countedForKeywords, mostFolders)
      .map(({ name, photos }) => ({ text: String(name), photos })),
    places: names.places.values
      .flatMap((place, code) =>
        place && (places[code] ?? 0) > 0 ? [{ ...place, photos: places[code] as number }] : [],
      )
      .sort((a, b) => b.photos - a.photos)
      .slice(0, mostPlaces),
  };
}

function countCodes(columns: PhotoColumns, column: Uint32Array, codes: number): Uint32Array {
  const counts = new Uint32Array(codes);
  const [size, flags] = [columns.size(), columns.held().flags];
  for (let photoId = 0; photoId < size; photoId++) {
    const code = column[photoId] as number;
    if (((flags[photoId] as number) & photoFlags.live) !== 0) counts[code] = (counts[code] as number) + 1;
  }
  return counts;
}

/** Photos by name, where several values have one name, or one several. */
function tally<T>(
  values: readonly (T | undefined)[],
  counts: Uint32Array,
  namesOf: (value: T) => readonly string[],
): Map<string, number> {
  const photos = new Map<string, number>();
  for (const [code, value] of values.entries()) {
    const count = counts[code] ?? 0;
    if (value === undefined || count === 0) continue;
    for (const name of new Set(namesOf(value))) photos.set(name, (photos.get(name) ?? 0) + count);
  }
  return photos;
}

/** Many models are named with their make already. */
function cameraName({ make, model }: NamedCamera): readonly string[] {
  if (make === null || model === null) return [make ?? model ?? ''];
  return [model.toLowerCase().startsWith(make.toLowerCase()) ? model : `${make} ${model}`];
}

function folderNames(store: OpenStore, columns: PhotoColumns): Map<string, number> {
  const roots = new Map(store.folders.folders().map((folder) => [folder.id, path.basename(folder.path)]));
  const { values } = columns.names.folders;
  const counts = countCodes(columns, columns.held().folders, values.length);
  return tally(values, counts, ({ folderId, segments }) => {
    const root = roots.get(folderId);
    return root === undefined ? [] : [root, ...segments];
  });
}

function commonest(photos: ReadonlyMap<string, number>, most: number): CountedWord[] {
  return [...photos]
    .map(([text, count]) => ({ text, photos: count }))
    .sort((a, b) => b.photos - a.photos || (a.text < b.text ? -1 : 1))
    .slice(0, most);
}
