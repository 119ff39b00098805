// The folders a person may look through to add one: home, pictures, drives, and what lies below. Web host.
import type { Dirent } from 'node:fs';
import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import type { PlaceListing } from '../platform/host-ports.ts';
import { isInside } from '../platform/path-inside.ts';
import type { PlaceBook } from '../platform/place-book.ts';

export interface FolderListParts {
  readonly places: PlaceBook;
  /** Absolute paths in the order shown; ones that are not there are left out. */
  startingPoints(): Promise<readonly string[]>;
}

/** More than a person looks through; a folder of a million folders must not fill the memory. */
const mostListed = 5000;

/** Only folders below a starting point can be reached: ids are handed out for nothing else. */
export function createFolderList({ places, startingPoints }: FolderListParts) {
  async function starts(): Promise<readonly string[]> {
    const there = await Promise.all(
      (await startingPoints()).map(async (path) => ((await isFolder(path)) ? path : null)),
    );
    return [...new Set(there.filter((path) => path !== null))];
  }

  async function view(path: string): Promise<PlaceListing['places'][number]> {
    return { placeId: places.name(path), name: basename(path) || path, path, addable: await mayList(path) };
  }

  return async function listPlaces(placeId: string | null): Promise<PlaceListing> {
    if (placeId === null) return { here: null, parent: null, places: await Promise.all((await starts()).map(view)) };
    const here = places.resolve(placeId);
    if (here === null) throw new AppError('fs/missing', 'this list of folders is out of date; open it again');
    const above = dirname(here);
    const isBelowStart = (await starts()).some((start) => start !== here && isInside(here, start));
    return {
      here: await view(here),
      parent: isBelowStart ? await view(above) : null,
      places: await Promise.all((await foldersIn(here)).map(view)),
    };
  };
}

/** Names in the order people expect; hidden folders and links are left out, as the walk of a photo folder leaves links. */
async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException): Dirent[] => {
    if (error.code === 'EACCES' || error.code === 'EPERM')
      throw new AppError('fs/denied', `no permission to look into ${folder}`);
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR')
      throw new AppError('fs/missing', `${folder} is not there any more`);
    throw new AppError('fs/unreadable', `${folder} cannot be read`, { cause: error });
  });
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .slice(0, mostListed)
    .map((entry) => entry.name)
    .sort(collator.compare)
    .map((name) => join(folder, name));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

async function mayList(path: string): Promise<boolean> {
  return access(path, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
