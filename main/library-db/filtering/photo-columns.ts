// What conditions ask of every photo, as columns in memory: a million photos are gone through in some milliseconds. Library thread; pure.
import { folded, foldedWords } from '../../platform/folded-words.ts';
import type { FilePlaceRow, FilterRow } from '../../store/statements/filter-rows.ts';
import { undatedMs } from '../photo-facts.ts';
import { createDictionary, type Dictionary } from './dictionary.ts';

/** Bits of `flags`. */
export const photoFlags = { live: 1, favourite: 2, ownCaption: 4, generatedCaption: 8 } as const;
/** Values of `shapes`; 0 where the size is not known. */
export const photoShapes = { landscape: 1, portrait: 2, square: 3 } as const;
/** Of photos without a date. */
export const noDay = -(2 ** 31);

const dayMs = 86_400_000;
/** Sides that differ by less are equal: a border that was cut away makes no landscape of a square. */
const squareTolerance = 0.02;

export interface NamedCamera {
  readonly make: string | null;
  readonly model: string | null;
  readonly foldedName: string;
}

export interface NamedPlace {
  readonly country: string;
  readonly region: string | null;
  readonly city: string | null;
}

/** A folder below a registered one. */
export interface NamedFolder {
  readonly folderId: number;
  /** From the registered folder down; empty for itself. */
  readonly segments: readonly string[];
  readonly foldedPath: string;
}

/** Columns by photo number; a photo's place in them is its number. Texts are codes of the dictionaries. */
export interface PhotoColumns {
  /** One past the highest number. */
  size(): number;
  /** Rises with every change. */
  version(): number;
  /** The arrays are others once `size` has grown. */
  held(): HeldColumns;
  /** Folders of further files, where a photo lies in several. */
  readonly moreFolders: ReadonlyMap<number, readonly number[]>;
  readonly names: {
    readonly formats: Dictionary<string>;
    readonly cameras: Dictionary<NamedCamera>;
    readonly lenses: Dictionary<{ readonly name: string; readonly foldedName: string }>;
    readonly places: Dictionary<NamedPlace>;
    readonly folders: Dictionary<NamedFolder>;
  };
  set(row: FilterRow): void;
  setFiles(photoId: number, files: readonly FilePlaceRow[]): void;
  remove(photoId: number): void;
}

type HeldColumns = Readonly<ReturnType<typeof emptyColumns>>;

function emptyColumns(length: number) {
  return {
    /** Epoch milliseconds of local time. */
    newest: new Float64Array(length),
    /** Days since 1970 of local time. */
    days: new Int32Array(length),
    flags: new Uint8Array(length),
    shapes: new Uint8Array(length),
    /** Stars. */
    ratings: new Uint8Array(length),
    formats: new Uint32Array(length),
    cameras: new Uint32Array(length),
    lenses: new Uint32Array(length),
    places: new Uint32Array(length),
    /** Of the first file. */
    folders: new Uint32Array(length),
    /** Degrees; NaN where not known. */
    latitudes: new Float64Array(length),
    longitudes: new Float64Array(length),
  };
}

export function createPhotoColumns(): PhotoColumns {
  let held = emptyColumns(1024);
  let size = 0;
  let version = 0;
  const moreFolders = new Map<number, readonly number[]>();
  const names = {
    formats: createDictionary<string>(),
    cameras: createDictionary<NamedCamera>(),
    lenses: createDictionary<{ name: string; foldedName: string }>(),
    places: createDictionary<NamedPlace>(),
    folders: createDictionary<NamedFolder>(),
  };

  function reach(photoId: number): void {
    version++;
    size = Math.max(size, photoId + 1);
    if (size <= held.flags.length) return;
    const grown = emptyColumns(Math.max(size, Math.ceil(1.5 * held.flags.length)));
    for (const key of Object.keys(held) as (keyof typeof held)[]) grown[key].set(held[key]);
    held = grown;
  }

  return {
    size: () => size,
    version: () => version,
    held: () => held,
    moreFolders,
    names,
    set(row) {
      const { id } = row;
      reach(id);
      held.newest[id] = row.newest;
      held.days[id] = row.newest <= undatedMs ? noDay : Math.floor(row.newest / dayMs);
      held.flags[id] = flagsOf(row);
      held.shapes[id] = shapeOf(row);
      held.ratings[id] = starsOf(row.rating);
      held.formats[id] = names.formats.codeOf(row.format, () => row.format as string);
      held.cameras[id] = names.cameras.codeOf(cameraKey(row), () => cameraOf(row));
      held.lenses[id] = names.lenses.codeOf(row.lens, () => lensOf(row.lens as string));
      held.places[id] = names.places.codeOf(placeKey(row), () => placeOf(row));
      held.latitudes[id] = row.lat ?? Number.NaN;
      held.longitudes[id] = row.lon ?? Number.NaN;
    },
    setFiles(photoId, files) {
      reach(photoId);
      const codes = new Set(
        files.map(({ folderId, relPath }) => {
          const end = Math.max(0, relPath.lastIndexOf('/'));
          const folder = relPath.slice(0, end);
          return names.folders.codeOf(`${folderId} ${folder}`, () => folderOf(folderId, folder));
        }),
      );
      const [first = 0, ...more] = codes;
      held.folders[photoId] = first;
      if (more.length > 0) moreFolders.set(photoId, more);
      else moreFolders.delete(photoId);
    },
    remove(photoId) {
      version++;
      if (photoId < size) held.flags[photoId] = 0;
      moreFolders.delete(photoId);
    },
  };
}

function flagsOf(row: FilterRow): number {
  return (
    photoFlags.live |
    (row.favourite * photoFlags.favourite) |
    (row.ownCaption * photoFlags.ownCaption) |
    (row.generatedCaption * photoFlags.generatedCaption)
  );
}

/** As the photo is shown. */
function shapeOf({ width, height, orientation }: FilterRow): number {
  if (!width || !height || width < 0 || height < 0) return 0;
  const isTurned = orientation !== null && orientation >= 5 && orientation <= 8;
  const [across, down] = isTurned ? [height, width] : [width, height];
  if (Math.abs(across - down) <= squareTolerance * Math.max(across, down)) return photoShapes.square;
  return across > down ? photoShapes.landscape : photoShapes.portrait;
}

/** 0 to 5; programs write -1 for a photo that was turned down. */
function starsOf(rating: number | null): number {
  return rating === null || !(rating > 0) ? 0 : Math.min(5, Math.round(rating));
}

function cameraKey({ cameraMake, cameraModel }: FilterRow): string | null {
  return cameraMake === null && cameraModel === null ? null : `${cameraMake ?? ''}\n${cameraModel ?? ''}`;
}

function cameraOf({ cameraMake: make, cameraModel: model }: FilterRow): NamedCamera {
  return { make, model, foldedName: folded(`${make ?? ''}\n${model ?? ''}`) };
}

function lensOf(name: string): { name: string; foldedName: string } {
  return { name, foldedName: folded(name) };
}

function placeKey({ country, region, city }: FilterRow): string | null {
  return country === null ? null : `${country}\n${region ?? ''}\n${city ?? ''}`;
}

function placeOf({ country, region, city }: FilterRow): NamedPlace {
  return { country: country ?? '', region, city };
}

function folderOf(folderId: number, relPath: string): NamedFolder {
  const segments = relPath === '' ? [] : relPath.split('/');
  return { folderId, segments, foldedPath: segments.map(foldedFolder).join('') };
}

/** A folder's name as words; a line of its own, so that words of two folders are never taken for one name. */
export function foldedFolder(name: string): string {
  return `\n ${foldedWords(name).join(' ')}`;
}
