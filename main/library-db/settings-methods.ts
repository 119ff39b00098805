// The part of a library that keeps what a person chose. Library thread.
import { writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import type { OpenStore } from './open-store.ts';

export function settingsMethods({ library, settings }: OpenStore): Pick<LibraryDb, 'readSettings' | 'writeSettings'> {
  return {
    readSettings: async () => settings.read(),
    writeSettings: async ({ values }) =>
      writing(library, () => {
        for (const [key, value] of Object.entries(values)) settings.write(key, value);
      }),
  };
}
