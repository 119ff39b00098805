// Where photos lie on each system: the person's home and pictures, and the drives that are there now. Web host.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Whereabouts {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly userName: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Candidates in the order shown; the caller leaves out those that are not there. */
export async function startingPoints(where: Whereabouts): Promise<readonly string[]> {
  return [await picturesFolder(where), where.home, ...(await drives(where))];
}

/** The pictures folder may have a name of the person's language: on Linux desktops it is written down. */
async function picturesFolder({ platform, home, environment }: Whereabouts): Promise<string> {
  const usual = join(home, 'Pictures');
  if (platform !== 'linux') return usual;
  const settings = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const text = await readFile(join(settings, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const named = /^XDG_PICTURES_DIR="((?:\$HOME)?\/[^"]+)"/m.exec(text)?.[1];
  return named?.replace('$HOME', home) ?? usual;
}

async function drives({ platform, userName }: Whereabouts): Promise<readonly string[]> {
  if (platform === 'win32') return Array.from({ length: 24 }, (_, i) => `${String.fromCharCode(67 + i)}:\\`);
  const parents = platform === 'darwin' ? ['/Volumes'] : [`/media/${userName}`, `/run/media/${userName}`, '/mnt'];
  const found = await Promise.all(
    parents.map(async (parent) => (await readdir(parent).catch(() => [])).map((name) => join(parent, name))),
  );
  return found.flat();
}
