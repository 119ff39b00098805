// What a person chose: read once, kept in the library, told to whoever acts on it. Shell process.
import { defaultSettings, Settings } from '../../../preload/contract/settings.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';

export interface SettingsService {
  get(): Promise<Settings>;
  /** Changes what is named, answers the whole, and tells the listeners where anything is other than before. */
  set(changes: Partial<Settings>): Promise<Settings>;
  /** Hears changes made through this service. Returns the function that ends it. */
  onChange(listener: (settings: Settings) => void): () => void;
}

/**
 * A value that is not of the form this version knows (an older or newer one wrote it) counts as never set. In a library that another program owns, changes
 * hold for this program alone, until it ends.
 */
export function createSettingsService(parts: {
  readonly db: Pick<LibraryDb, 'readSettings' | 'writeSettings'>;
  readonly mode: 'owner' | 'reader';
}): SettingsService {
  const listeners = new Set<(settings: Settings) => void>();
  let unstored: Partial<Settings> = {};
  // One change after the other: two at once would each write what they read.
  let last: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Settings> {
    return { ...known(await parts.db.readSettings()), ...unstored };
  }

  async function change(changes: Partial<Settings>): Promise<Settings> {
    const before = await read();
    const after = Settings.parse({ ...before, ...changes });
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    if (parts.mode === 'owner') await parts.db.writeSettings({ values: Settings.partial().parse(changes) });
    else unstored = { ...unstored, ...changes };
    for (const listener of listeners) listener(after);
    return after;
  }

  return {
    get: read,
    set(changes) {
      const done = last.then(() => change(changes));
      last = done.catch(() => undefined);
      return done;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function known(stored: Readonly<Record<string, unknown>>): Settings {
  const entries = Object.entries(Settings.shape).flatMap(([key, schema]) => {
    const parsed = schema.safeParse(stored[key]);
    return parsed.success ? [[key, parsed.data]] : [];
  });
  return { ...defaultSettings, ...(Object.fromEntries(entries) as Partial<Settings>) };
}
