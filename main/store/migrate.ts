// Brings a database to the newest schema, one step at a time, each whole or not at all. Library thread.
import { newerThanApp, schemaVersion, type WriteDb, writing } from './open-database.ts';

/** One step. Its SQL is frozen once released: it imports no live code and is never edited, so that every database took the same path. */
export interface Migration {
  /** Rising; tens for what opens a subject, the numbers between for what comes to it later. */
  readonly version: number;
  readonly sql: string;
}

/** The version a database has after all steps. */
export function latestVersion(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

/**
 * Runs the pending steps. `backUp` is awaited before the first of them where the database already has content; a failed copy stops the migration.
 * Throws `store/newer-than-app` for a database of a later version.
 */
export async function migrate(
  db: WriteDb,
  migrations: readonly Migration[],
  backUp: (fromVersion: number) => Promise<void>,
): Promise<void> {
  const from = schemaVersion(db);
  if (from > latestVersion(migrations)) throw newerThanApp(from, latestVersion(migrations));
  const pending = migrations.filter((migration) => migration.version > from);
  if (from > 0 && pending.length > 0) await backUp(from);
  for (const migration of pending) {
    writing(db, () => {
      db.exec(migration.sql);
      db.pragma(`user_version = ${migration.version}`);
    });
  }
}
