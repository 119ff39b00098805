// Finds out whether a folder can be reached now. Shell process.
import type { Clock } from '../../platform/clock.ts';
import { type FolderRoot, lookAtRoot, type RootLook, type RootState } from '../../platform/folder-root.ts';
import { createPatientLooks } from '../../platform/patient-looks.ts';

export interface Presence {
  readonly state: 'ready' | 'offline' | 'error';
  /** What is wrong and what to do, else null. */
  readonly problem: string | null;
}

export interface FolderPresence {
  /** @param path absolute. @param known what is known of its volume. */
  of(path: string, known?: FolderRoot): Promise<Presence>;
  /** The drive of some folder has been asked in vain, and holds a thread of the process. */
  isHanging(): boolean;
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

/** One for the whole process: whoever asks about a folder joins the look that is in hand, so that a drive that hangs holds no more of its threads each time. */
export function createFolderPresence(clock: Clock, look: typeof lookAtRoot = lookAtRoot): FolderPresence {
  const looks = createPatientLooks<RootLook>(clock, patienceMs);
  return {
    async of(path, known) {
      // By what is known as well: it decides what is seen.
      const seen = await looks.ask(JSON.stringify([path, known]), () => look(path, known));
      return seen ? presences[seen.state] : away;
    },
    isHanging: () => looks.hanging() > 0,
  };
}
