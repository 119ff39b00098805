// Tells whether anything was written to a database since, by this connection or another. Any process that has a library open.
import type { ReadDb } from './open-database.ts';

/** @returns a function whose answer is another one after every write. */
export function writtenState(db: ReadDb): () => string {
  const ownChanges = db.prepare<[], number>('SELECT total_changes()').pluck();
  return () => `${db.pragma('data_version', { simple: true })} ${ownChanges.get()}`;
}
