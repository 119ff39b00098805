// Statements about files whose content is to be identified: claims, outcomes, strikes. Library thread.
import type { ReadDb } from '../open-database.ts';
import { inFolders, passingError } from './filters.ts';

interface ClaimColumns {
  readonly id: number;
  readonly folder_id: number;
  readonly rel_path: string;
  readonly size_bytes: number;
  readonly mtime_ms: number;
  readonly ctime_ms: number | null;
}

/** A file's place in its folder, with the size and time the store knows. */
export interface StoredFile {
  readonly fileId: number;
  readonly folderId: number;
  readonly relPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly ctimeMs?: number;
}

/** What is known of work in hand when its outcome arrives. */
export interface FileInHand {
  readonly photoId: number | null;
  readonly state: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly attempts: number;
  readonly crashStrikes: number;
}

export const fileWorkSql = {
  claim: `
    UPDATE files SET state = 'running', read_at = :now WHERE id IN (
      SELECT id FROM files WHERE state = 'new' AND missing_since IS NULL AND held = 0
        AND EXISTS (SELECT 1 FROM folders d WHERE d.id = files.folder_id AND d.offline = 0)
      ORDER BY mtime_ms DESC, id LIMIT :limit
    ) RETURNING id, folder_id, rel_path, size_bytes, mtime_ms, ctime_ms`,
  due: `UPDATE files SET state = 'new' WHERE state = 'waiting' AND not_before <= ?`,
  retry: `
    UPDATE files SET state = 'new', attempts = 0, not_before = 0, error_code = NULL, error_message = NULL
    WHERE id IN (
      SELECT id FROM files WHERE state = 'failed' AND ${passingError('error_code')}
      UNION ALL SELECT id FROM files WHERE state = 'waiting' AND ${passingError('error_code')}
    ) AND ${inFolders('folder_id', ':folderIds')}`,
  nextDue: `SELECT min(not_before) FROM files WHERE state = 'waiting' AND missing_since IS NULL`,
};

export function fileWorkStatements(db: ReadDb) {
  const claim = db.prepare<[{ limit: number; now: number }], ClaimColumns>(fileWorkSql.claim);
  const due = db.prepare<[number]>(fileWorkSql.due);
  const inHand = db.prepare<[number], FileInHand>(
    `SELECT photo_id AS photoId, state, size_bytes AS sizeBytes, mtime_ms AS mtimeMs, attempts, crash_strikes AS crashStrikes
     FROM files WHERE id = ?`,
  );
  const link = db.prepare<[number, number, number, number | null, number]>(
    `UPDATE files SET photo_id = ?, size_bytes = ?, mtime_ms = ?, read_at = coalesce(?, read_at), state = 'known', attempts = 0, crash_strikes = 0,
       not_before = 0, error_code = NULL, error_message = NULL WHERE id = ?`,
  );
  const fail = db.prepare<[{ fileId: number; code: string; message: string }]>(
    `UPDATE files SET state = 'failed', error_code = :code, error_message = :message,
       photo_id = CASE WHEN :code GLOB 'fs/*' THEN photo_id END WHERE id = :fileId`,
  );
  const wait = db.prepare<[number, string, string, number]>(
    `UPDATE files SET state = 'waiting', attempts = attempts + 1, not_before = ?, error_code = ?, error_message = ? WHERE id = ?`,
  );
  const strike = db.prepare<[number]>(`UPDATE files SET state = 'new', crash_strikes = crash_strikes + 1 WHERE id = ?`);
  const release = db.prepare(`UPDATE files SET state = 'new' WHERE state = 'running'`);
  const retry = db.prepare<[{ folderIds: string }]>(fileWorkSql.retry);
  const nextDue = db.prepare<[], number | null>(fileWorkSql.nextDue).pluck();
  return {
    /** Takes the newest unidentified files in hand. */
    claim: (limit: number, now: number): StoredFile[] =>
      claim
        .all({ limit, now })
        .sort((a, b) => b.mtime_ms - a.mtime_ms || a.id - b.id)
        .map(toFile),
    /** Makes files whose wait is over claimable. */
    wake(now: number): void {
      due.run(now);
    },
    inHand: (fileId: number): FileInHand | undefined => inHand.get(fileId),
    link(
      photoId: number,
      file: Pick<StoredFile, 'fileId' | 'sizeBytes' | 'mtimeMs'> & { readonly readAt?: number },
    ): void {
      link.run(photoId, file.sizeBytes, file.mtimeMs, file.readAt ?? null, file.fileId);
    },
    /** A file that holds no readable picture holds no photo any more; one that could not be reached may hold what it held. */
    fail(fileId: number, code: string, message: string): void {
      fail.run({ fileId, code, message });
    },
    wait(fileId: number, notBefore: number, code: string, message: string): void {
      wait.run(notBefore, code, message, fileId);
    },
    strike(fileId: number): void {
      strike.run(fileId);
    },
    releaseAll: (): number => release.run().changes,
    /** Brings files that a passing state kept from being read back to work to do. */
    retryPassing: (folderIds: readonly number[]): number => retry.run({ folderIds: JSON.stringify(folderIds) }).changes,
    nextDue: (): number | null => nextDue.get() ?? null,
  };
}

function toFile(row: ClaimColumns): StoredFile {
  return {
    fileId: row.id,
    folderId: row.folder_id,
    relPath: row.rel_path,
    sizeBytes: row.size_bytes,
    mtimeMs: row.mtime_ms,
    ...(row.ctime_ms === null ? {} : { ctimeMs: row.ctime_ms }),
  };
}
