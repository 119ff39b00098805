// The use-case "these folders hold my photos": checks every folder before any is registered. Shell process.
import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { FolderRow, LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import { isInside } from '../../platform/path-inside.ts';

export interface AddedFolder {
  readonly id: number;
  readonly path: string;
  readonly known: boolean;
}

/**
 * Registers all of the folders or none. `ready` runs when every folder was found good and nothing is stored yet: where it throws, nothing changes.
 * @throws AppError `fs/*` or `library/*` naming the folder at fault, and what `ready` throws.
 */
export async function addFolders(
  parts: { readonly db: LibraryDb; readonly libraryFolder: string; now(): number },
  paths: readonly string[],
  ready: () => Promise<unknown> = async () => undefined,
): Promise<AddedFolder[]> {
  const registered = await parts.db.listFolders();
  const libraryFolder = await realpath(parts.libraryFolder);
  const chosen: string[] = [];
  for (const path of paths) {
    const real = await readableFolder(path);
    refuseOverlap(path, real, registered, chosen, libraryFolder);
    if (!chosen.includes(real)) chosen.push(real);
  }
  await ready();
  const added: AddedFolder[] = [];
  for (const path of chosen) {
    const { folder, known } = await parts.db.registerFolder({ path, now: parts.now() });
    added.push({ id: folder.id, path: folder.path, known });
  }
  return added;
}

async function readableFolder(path: string): Promise<string> {
  let real: string;
  try {
    real = await realpath(resolve(path));
    if (!(await stat(real)).isDirectory()) {
      throw new AppError('fs/not-a-folder', `${path} is a file; name the folder that holds it`);
    }
    await access(real, constants.R_OK | constants.X_OK);
    if ((await readdir(real)).length === 0) {
      throw new AppError('library/empty-folder', `${path} is empty; put photos into it first, or name another folder`);
    }
    return real;
  } catch (error) {
    if (error instanceof AppError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new AppError('fs/denied', `${path} may not be read; give yourself permission to read it`, { cause: error });
    }
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG' || code === 'ELOOP') {
      throw new AppError('fs/missing', `${path} does not exist; check the spelling, or plug in its drive`, {
        cause: error,
      });
    }
    throw new AppError('fs/unreadable', `${path} could not be read (${code ?? 'unknown error'})`, { cause: error });
  }
}

function refuseOverlap(
  path: string,
  real: string,
  registered: readonly FolderRow[],
  chosen: readonly string[],
  libraryFolder: string,
): void {
  if (isInside(real, libraryFolder)) {
    throw new AppError('library/folder-overlaps', `${path} is part of the library itself; name a folder of photos`);
  }
  for (const other of registered.map((folder) => folder.path)) {
    if (other === real) continue;
    if (isInside(real, other)) {
      throw new AppError(
        'library/folder-overlaps',
        `${path} is inside ${other}, which is in the library already; nothing to do`,
      );
    }
    if (isInside(other, real)) {
      throw new AppError(
        'library/folder-overlaps',
        `${path} holds ${other}, which is in the library already; name the other folders one by one`,
      );
    }
  }
  for (const other of chosen) {
    if (other !== real && (isInside(real, other) || isInside(other, real))) {
      throw new AppError(
        'library/folder-overlaps',
        `${path} and ${other} lie one inside the other; name only the outer one`,
      );
    }
  }
}
