// Finds the model packs under the shipped folder and the person's models folder. Inference process and command line.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../errors.ts';
import type { Pack } from '../pack.ts';
import { readPack } from './read-pack.ts';

/** Packs that come with the program. */
export const shippedPacksFolder = fileURLToPath(new URL('../packs', import.meta.url));

export interface LocatedPacks {
  packs: { folder: string; pack: Pack }[];
  /** Folders that hold a pack.json which cannot be used, with the reason for `doctor`. */
  refused: { folder: string; error: ModelError }[];
}

/**
 * Reads the manifests one level below each folder; files are not verified here. Names with a dot in front are left out: downloads on their way. A folder that does not exist holds no packs.
 * The first pack of an id wins, so a shipped pack cannot be replaced by one dropped into a later folder.
 */
export async function locatePacks(folders: readonly string[]): Promise<LocatedPacks> {
  const found: LocatedPacks = { packs: [], refused: [] };
  for (const parent of folders) {
    for (const folder of await subfolders(parent)) await consider(folder, found);
  }
  return found;
}

async function consider(folder: string, found: LocatedPacks): Promise<void> {
  try {
    const pack = await readPack(folder);
    if (found.packs.some((other) => other.pack.id === pack.id)) {
      throw new ModelError('model/manifest', `Pack ${pack.id} exists twice; this copy is not used.`);
    }
    found.packs.push({ folder, pack });
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    if (error.code !== 'model/missing') found.refused.push({ folder, error });
  }
}

async function subfolders(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new ModelError('model/missing', `A models folder cannot be read (${error.code}).`, { cause: error });
  });
  const names = entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name);
  return names.sort().map((name) => join(parent, name));
}
