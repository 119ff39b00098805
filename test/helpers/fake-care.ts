// A library that needs no care: nothing is damaged, no backup is due. Test processes.
import type { LibraryDb } from '../../main/library-db/library-db.ts';

export const fakeCare: Pick<LibraryDb, 'backUp' | 'verify' | 'ownData' | 'restore' | 'care'> = {
  backUp: async () => ({ taken: null }),
  verify: async () => ({
    checked: { rows: 0, vectors: 0, thumbnails: 0 },
    problems: [],
    repaired: [],
    lost: [],
    left: [],
  }),
  ownData: async () => '',
  restore: async () => ({ restored: null }),
  care: async () => ({ restored: null, backups: 0, lastBackupAt: null }),
};
