// Looks through the folder of side files for what could not be believed, for a check of the whole library. Any process that may read the folder.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from './durable-file.ts';
import { type Manifest, readManifest, sideFormat } from './manifest.ts';

export interface CheckedSideFiles {
  /** Sets of files that are as they were saved. */
  readonly sound: number;
  /** What was wrong with the others, one line each. They have been removed where that was asked for; the search makes new ones by itself. */
  readonly damaged: readonly string[];
}

/** @param folder `cache/vectors` of a library; one that is not there holds nothing. */
export async function checkSideFiles(folder: string, options: { remove: boolean }): Promise<CheckedSideFiles> {
  const names = await readdir(folder).catch(() => []);
  const damaged: string[] = [];
  let sound = 0;
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const manifest = readManifest(await readFile(path.join(folder, name), 'utf8'));
    const wrong = manifest ? await wrongOf(folder, manifest) : 'its manifest is damaged';
    if (wrong === null) {
      sound++;
      continue;
    }
    damaged.push(`${path.basename(name, '.json')}: ${wrong}`);
    if (options.remove) await rm(path.join(folder, name), { force: true });
  }
  return { sound, damaged };
}

async function wrongOf(folder: string, { format, files }: Manifest): Promise<string | null> {
  if (format !== sideFormat) return `it is of format ${format}`;
  for (const { name, bytes, sha256 } of files) {
    const file = path.join(folder, path.basename(name));
    const size = await stat(file).then(
      (found) => found.size,
      () => null,
    );
    if (size === null) return 'a file is missing';
    if (size !== bytes || (await hashFile(file)) !== sha256) return 'a file is damaged';
  }
  return null;
}
