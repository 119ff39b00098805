// Statements about the library as a whole: its identity, whether it was closed in order, scan numbers. Library thread.
import type { ReadDb } from '../open-database.ts';

export function libraryStatements(db: ReadDb) {
  const insert = db.prepare<[string, number]>(
    'INSERT INTO library (id, uid, created_at) VALUES (1, ?, ?) ON CONFLICT (id) DO NOTHING',
  );
  const uid = db.prepare<[], string>('SELECT uid FROM library').pluck();
  const inUse = db.prepare<[], number>('SELECT in_use FROM library').pluck();
  const open = db.prepare('UPDATE library SET in_use = 1');
  const close = db.prepare<[number]>('UPDATE library SET in_use = 0, closed_at = ?');
  const nextScan = db.prepare<[], number>('UPDATE library SET last_scan = last_scan + 1 RETURNING last_scan').pluck();
  return {
    /** Gives a new library its identity; an old one keeps its own. */
    found(newUid: string, now: number): void {
      insert.run(newUid, now);
    },
    uid: (): string => uid.get() ?? '',
    /** True where the last owner did not close the library, or has not yet. */
    wasLeftOpen: (): boolean => inUse.get() === 1,
    markOpen(): void {
      open.run();
    },
    markClosed(now: number): void {
      close.run(now);
    },
    nextScanId(): number {
      return nextScan.get() ?? 0;
    },
  };
}
