// Finds out whether a folder can be reached now. Shell process.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';

export interface Presence {
  readonly state: 'ready' | 'offline' | 'error';
  /** What is wrong and what to do, else null. */
  readonly problem: string | null;
}

/** A network drive that has gone answers after minutes, or never. */
const patienceMs = 2_000;

const away: Presence = {
  state: 'offline',
  problem:
    'This folder cannot be found now. Plug in its drive, or put it back: its photos stay in the library and return with it.',
};
const aFile: Presence = {
  state: 'error',
  problem: 'There is a file where this folder was. Rename the file, or remove the folder.',
};
const denied: Presence = {
  state: 'error',
  problem: 'Photoseek may not read this folder. Give yourself permission to read it.',
};

/** @param path absolute */
export async function presenceOf(path: string, waitMs = patienceMs): Promise<Presence> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Presence>((resolve) => {
    timer = setTimeout(() => resolve(away), waitMs);
  });
  try {
    return await Promise.race([look(path), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function look(path: string): Promise<Presence> {
  try {
    if (!(await stat(path)).isDirectory()) return aFile;
    await access(path, constants.R_OK | constants.X_OK);
    return { state: 'ready', problem: null };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? denied : away;
  }
}
