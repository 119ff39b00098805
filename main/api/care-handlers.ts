// Handlers of the care domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { LibraryDb } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';

export interface CareParts {
  readonly db: Pick<LibraryDb, 'backUp' | 'verify' | 'restore' | 'ownData'>;
  /** Epoch milliseconds. */
  now(): number;
}

export function careHandlers({ db, now }: CareParts): PhotosHandlers['care'] {
  return {
    async backUp() {
      const { taken } = await db.backUp({ now: now(), force: true });
      if (!taken) throw new AppError('internal', 'no backup was made');
      return { file: taken.file, takenAt: taken.takenAt, sizeMb: Math.round(taken.sizeBytes / 1e5) / 10 };
    },
    async verify() {
      const { checked, problems, repaired, lost, left } = await db.verify({ now: now() });
      return { checked, problems: [...problems], repaired: [...repaired], lost: [...lost], left: [...left] };
    },
    async restore({ from }) {
      const { restored } = await db.restore({ now: now(), from });
      if (!restored) throw new AppError('internal', 'nothing was restored');
      const { restoredAt, backup, backupAt, aside } = restored;
      return { restored: { restoredAt, backup, backupAt, aside } };
    },
    exportOwn: async () => ({ lines: await db.ownData() }),
  };
}
