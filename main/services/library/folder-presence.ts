// Finds out whether a folder can be reached now. Shell process.
import { type FolderRoot, lookAtRoot, type RootState } from '../../platform/folder-root.ts';

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
const otherVolume: Presence = {
  state: 'offline',
  problem:
    'Another disk, or none, is connected where this folder was. Connect the right one: its photos stay in the library and return with it.',
};
const aFile: Presence = {
  state: 'error',
  problem: 'There is a file where this folder was. Rename the file, or remove the folder.',
};
const denied: Presence = {
  state: 'error',
  problem: 'Photoseek may not read this folder. Give yourself permission to read it.',
};

const presences: Readonly<Record<RootState, Presence>> = {
  online: { state: 'ready', problem: null },
  offline: away,
  'other-volume': otherVolume,
  denied,
  file: aFile,
};

/** @param path absolute. @param known what is known of its volume. */
export async function presenceOf(path: string, known?: FolderRoot, waitMs = patienceMs): Promise<Presence> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Presence>((resolve) => {
    timer = setTimeout(() => resolve(away), waitMs);
  });
  const look = lookAtRoot(path, known).then(({ state }) => presences[state]);
  try {
    return await Promise.race([look, late]);
  } finally {
    clearTimeout(timer);
  }
}
