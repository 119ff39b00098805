// Statements about bytes that ended the process which read them, known by their hash. Library thread.
import type { ReadDb } from '../open-database.ts';

const named = 'SELECT value FROM json_each(:fileIds)';

/** Key of the decoder's version beside those of the stages. */
const decoder = 'decoder';

const poisonSql = {
  unread: `
    SELECT lower(hex(sha256)) FROM poisons WHERE strikes >= ? AND NOT EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = poisons.sha256)`,
  pardonPhotos: `DELETE FROM poisons WHERE sha256 IN (SELECT p.sha256 FROM files f JOIN photos p ON p.id = f.photo_id WHERE f.id IN (${named}))`,
  // Which of them a file holds that was never identified is not known: such ones are few.
  pardonUnread: `
    DELETE FROM poisons
    WHERE NOT EXISTS (SELECT 1 FROM photos p WHERE p.sha256 = poisons.sha256)
      AND EXISTS (SELECT 1 FROM files WHERE id IN (${named}) AND photo_id IS NULL AND error_code = 'decode/poison')`,
  retryJobs: `
    UPDATE jobs SET state = 'ready', attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE state = 'failed' AND error_code GLOB 'decode/*'`,
  retryFiles: `
    UPDATE files SET state = 'new', attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE state = 'failed' AND error_code GLOB 'decode/*'`,
};

export function poisonStatements(db: ReadDb) {
  const strike = db
    .prepare<[Buffer, number], number>(
      `INSERT INTO poisons (sha256, strikes, struck_at) VALUES (?, 1, ?)
       ON CONFLICT (sha256) DO UPDATE SET strikes = strikes + 1, struck_at = excluded.struck_at RETURNING strikes`,
    )
    .pluck();
  const quarantine = db.prepare<[number, number, number]>(
    `INSERT INTO poisons (sha256, strikes, struck_at) SELECT sha256, ?, ? FROM photos WHERE id = ?
     ON CONFLICT (sha256) DO UPDATE SET strikes = max(strikes, excluded.strikes), struck_at = excluded.struck_at`,
  );
  const strikePhoto = db
    .prepare<[number, number], number>(
      `INSERT INTO poisons (sha256, strikes, struck_at) SELECT sha256, 1, ? FROM photos WHERE id = ?
       ON CONFLICT (sha256) DO UPDATE SET strikes = strikes + 1, struck_at = excluded.struck_at RETURNING strikes`,
    )
    .pluck();
  const forgive = db.prepare<[number]>('DELETE FROM poisons WHERE sha256 = (SELECT sha256 FROM photos WHERE id = ?)');
  const unread = db.prepare<[number], string>(poisonSql.unread).pluck();
  const pardonPhotos = db.prepare<[{ fileIds: string }]>(poisonSql.pardonPhotos);
  const pardonUnread = db.prepare<[{ fileIds: string }]>(poisonSql.pardonUnread);
  const pardonAll = db.prepare('DELETE FROM poisons');
  const retryJobs = db.prepare(poisonSql.retryJobs);
  const retryFiles = db.prepare(poisonSql.retryFiles);
  const version = db.prepare<[string], string>('SELECT version FROM stages WHERE stage = ?').pluck();
  const setVersion = db.prepare<[string, string]>(
    'INSERT INTO stages (stage, version) VALUES (?, ?) ON CONFLICT (stage) DO UPDATE SET version = excluded.version',
  );
  return {
    /** One more end of a process with these bytes in hand. @returns how many there were. */
    strike: (sha256: string, now: number): number => strike.get(Buffer.from(sha256, 'hex'), now) as number,
    /** The same of an identified photo, whichever stage of its work it was. */
    strikePhoto: (photoId: number, now: number): number => strikePhoto.get(now, photoId) ?? 0,
    /** The bytes were read well. */
    forgive(photoId: number): void {
      forgive.run(photoId);
    },
    /** Keeps an identified photo's bytes from being read again, also after the photo itself was forgotten. */
    quarantine(photoId: number, strikes: number, now: number): void {
      quarantine.run(strikes, now, photoId);
    },
    /** Hashes of poisons that no photo of the library stands for, lower-case hexadecimal. */
    unread: (strikes: number): string[] => unread.all(strikes),
    /** The person wants these files tried again. To be called before their errors are cleared. */
    pardon(fileIds: readonly number[]): void {
      const input = { fileIds: JSON.stringify(fileIds) };
      pardonPhotos.run(input);
      pardonUnread.run(input);
    },
    decoder: (): string | undefined => version.get(decoder),
    setDecoder(to: string): void {
      setVersion.run(decoder, to);
    },
    /** Another decoder may read what the last one could not. */
    retryDecoding(): void {
      pardonAll.run();
      retryJobs.run();
      retryFiles.run();
    },
  };
}
