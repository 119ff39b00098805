// The use-case "these folders hold my photos": checks every folder before any is registered. Shell process.
import { realpath } from 'node:fs/promises';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FolderRow } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import { isInside } from '../../platform/path-inside.ts';
import { readableFolder } from '../../platform/readable-folder.ts';

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
