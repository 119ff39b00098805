// Statements about what a person chose. Library thread.
import type { ReadDb } from '../open-database.ts';

export function settingsStatements(db: ReadDb) {
  const all = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings');
  const put = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  const remove = db.prepare<[string]>('DELETE FROM settings WHERE key = ?');
  return {
    read: (): Record<string, unknown> =>
      Object.fromEntries(all.all().map(({ key, value }) => [key, JSON.parse(value) as unknown])),
    write(key: string, value: unknown): void {
      if (value === undefined) remove.run(key);
      else put.run(key, JSON.stringify(value));
    },
  };
}
