// Looks through the folder of side files for what could not be believed, for a check of the whole library. Any process that may read the folder.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../../platform/durable-file.ts';
import { type Manifest, readManifest, sideFormat } from './manifest.ts';

export interface CheckedSideFiles {
  /** Sets of files that are as they were saved. */
  readonly sound: number;
  /** What was wrong with others, one line each. All of such a set has been removed where that was asked for; the search makes a new one by itself. */
  readonly damaged: readonly string[];
  /** Sets that another version of the program made, one line each; removed likewise, though nothing is wrong with them. */
  readonly outdated: readonly string[];
}

/** @param folder `cache/vectors` of a library; one that is not there holds nothing. A search process may save into it meanwhile. */
export async function checkSideFiles(folder: string, options: { remove: boolean }): Promise<CheckedSideFiles> {
  const names = await readdir(folder).catch(() => []);
  const damaged: string[] = [];
  const outdated: string[] = [];
  let sound = 0;
  for (const name of names.filter((one) => one.endsWith('.json'))) {
    const stem = path.basename(name, '.json');
    const found = await lookAt(folder, name);
    if (found === null) continue;
    if (found.wrong === null) {
      sound++;
      continue;
    }
    (found.isOutdated ? outdated : damaged).push(`${stem}: ${found.wrong}`);
    if (options.remove) await removeSet(folder, stem);
  }
  return { sound, damaged, outdated };
}

/** @returns null where the set was removed meanwhile. What seems wrong is so only if the manifest is still the one that was looked at: a save removes the files of the one before. */
async function lookAt(folder: string, name: string): Promise<{ wrong: string | null; isOutdated: boolean } | null> {
  const file = path.join(folder, name);
  for (let text = await textOf(file); text !== null; ) {
    const manifest = readManifest(text);
    const isOutdated = manifest !== null && manifest.format !== sideFormat;
    const wrong = manifest ? await wrongOf(folder, manifest) : 'its manifest is damaged';
    if (wrong === null) return { wrong, isOutdated };
    const now = await textOf(file);
    if (now === text) return { wrong, isOutdated };
    text = now;
  }
  return null;
}

/** @returns null where there is no such file; one that cannot be read proves nothing. */
function textOf(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? null : ''));
}

async function wrongOf(folder: string, { format, files }: Manifest): Promise<string | null> {
  if (format !== sideFormat) return `of ${format < sideFormat ? 'an older' : 'a newer'} version`;
  for (const { name, bytes, sha256 } of files) {
    const file = path.join(folder, path.basename(name));
    try {
      const { size } = await stat(file);
      if (size !== bytes || (await hashFile(file)) !== sha256) return 'a file is damaged';
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'a file is missing' : 'a file cannot be read';
    }
  }
  return null;
}

/** The manifest goes first: without it the files are nothing. */
async function removeSet(folder: string, stem: string): Promise<void> {
  await rm(path.join(folder, `${stem}.json`), { force: true });
  const names = (await readdir(folder)).filter((name) => name.startsWith(`${stem}.`));
  for (const name of names) await rm(path.join(folder, name), { force: true });
}
