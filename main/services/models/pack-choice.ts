// Which pack a library works with: what a person chose is kept in the library itself, so that every interface opens it alike. Shell process.
import type { LibraryDb } from '../../library-db/library-db.ts';

/** Beside the settings of the contract, which knows nothing of it. */
const key = 'models.pack';

export interface PackChoice {
  /** The chosen pack's id, or the host's default where none was chosen. */
  read(): Promise<string>;
  /** @param beside other values of the library, written in the same transaction. @throws AppError `store/*`, also for a library that is only read. */
  write(packId: string, beside?: Readonly<Record<string, unknown>>): Promise<void>;
}

export function packChoice(db: Pick<LibraryDb, 'readSettings' | 'writeSettings'>, defaultId: string): PackChoice {
  return {
    async read() {
      const chosen = (await db.readSettings())[key];
      return typeof chosen === 'string' && chosen !== '' ? chosen : defaultId;
    },
    write: (packId, beside) => db.writeSettings({ values: { ...beside, [key]: packId } }),
  };
}
