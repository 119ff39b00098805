// Reads a labelled set from disk: a folder of photos and a captions table. Shell process.
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';
import { parseCaptionsTsv } from './captions-tsv.ts';

export interface LabelledSet {
  /** Absolute, real path. */
  readonly images: string;
  /** File name to its human captions, in the order of the table; only photos that are in the folder. */
  readonly captions: ReadonlyMap<string, readonly string[]>;
  /** Names in the table without a photo in the folder. */
  readonly withoutPhoto: readonly string[];
}

/** @param limit keeps the first photos of the table. @throws AppError `input/*` or `fs/*` */
export async function readLabelledSet(input: {
  readonly images: string;
  readonly captions: string;
  readonly limit: number | null;
}): Promise<LabelledSet> {
  const images = await photosFolder(input.images);
  const table = parseCaptionsTsv(await readTable(input.captions));
  const present = new Set(await readdir(images));
  const names = [...table.keys()];
  const kept = names.filter((name) => present.has(name)).slice(0, input.limit ?? undefined);
  if (kept.length === 0) {
    throw new AppError(
      'input/invalid',
      `none of the ${names.length} photos named in ${input.captions} is in ${input.images}`,
    );
  }
  return {
    images,
    captions: new Map(kept.map((name) => [name, table.get(name) ?? []])),
    withoutPhoto: names.filter((name) => !present.has(name)),
  };
}

async function photosFolder(path: string): Promise<string> {
  try {
    const real = await realpath(resolve(path));
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    throw new AppError('fs/missing', `${path} does not exist or may not be read; --images takes a folder of photos`, {
      cause: error,
    });
  }
  throw new AppError('fs/not-a-folder', `${path} is a file; --images takes a folder of photos`);
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(resolve(path), 'utf8');
  } catch (error) {
    const message = `${path} cannot be read; --captions takes a table of file name, tab, caption`;
    throw new AppError('fs/missing', message, { cause: error });
  }
}
