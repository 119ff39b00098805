// Statements of a folder scan: what was seen, what has gone. Library thread.
import type { ReadDb } from '../open-database.ts';

interface SeenColumns {
  readonly id: number;
  readonly photo_id: number | null;
  readonly size_bytes: number;
  readonly mtime_ms: number;
  readonly inode: string;
  readonly missing_since: number | null;
  readonly ctime_ms: number | null;
  readonly read_at: number | null;
  readonly held: number;
}

/** A file as a walk sees it. */
export interface SeenFile {
  readonly relPath: string;
  readonly sizeBytes: number;
  readonly mtimeMs: number;
  readonly inode: string;
  readonly ctimeMs?: number;
  /** As in `ScannedFile`. */
  readonly hasBadName?: boolean;
}

const badName = {
  // Nothing but the person changes it: no passing state, which every scan would have tried again.
  code: 'input/invalid',
  message: 'The name of this file holds characters that cannot be read. Rename it, and it is found.',
};

export type SeenAs = 'added' | 'changed' | 'unchanged';

const unreadSql = `excluded = 0, ignored = 0, state = 'new', attempts = 0, crash_strikes = 0, not_before = 0, error_code = NULL, error_message = NULL`;

export const fileScanSql = {
  byPath: `
    SELECT id, photo_id, size_bytes, mtime_ms, inode, missing_since, ctime_ms, read_at, held FROM files
    WHERE folder_id = ? AND rel_path = ?`,
  noteBadName: `
    INSERT INTO files (folder_id, rel_path, size_bytes, mtime_ms, inode, scan_id, added_at, state, error_code, error_message)
    VALUES (:folderId, :relPath, :sizeBytes, :mtimeMs, '', :scanId, :now, 'failed', :code, :message)
    ON CONFLICT (folder_id, rel_path) DO UPDATE SET scan_id = excluded.scan_id, missing_since = NULL, held = 0, photo_id = NULL,
      state = excluded.state, error_code = excluded.error_code, error_message = excluded.error_message`,
  // The same bytes under another path: moved, or a hard link.
  twin: `
    SELECT id, photo_id, size_bytes, mtime_ms, inode, missing_since, ctime_ms, read_at, held FROM files INDEXED BY files_by_inode
    WHERE inode <> '' AND inode = ? AND size_bytes = ? AND mtime_ms = ? AND photo_id IS NOT NULL AND state = 'known' LIMIT 1`,
  unseen: `
    SELECT id, photo_id AS photoId, rel_path AS relPath FROM files
    WHERE folder_id = :folderId AND missing_since IS NULL AND held = 0 AND excluded = 0 AND scan_id <> :scanId
      AND NOT EXISTS (
        SELECT 1 FROM json_each(:unreadable) AS below
        WHERE below.value IN ('', '.') OR substr(rel_path, 1, length(below.value) + 1) = below.value || '/'
      )`,
  unseenBelow: `
    SELECT id, photo_id AS photoId, rel_path AS relPath FROM files
    WHERE folder_id = :folderId AND rel_path >= :from AND rel_path < :to
      AND +missing_since IS NULL AND held = 0 AND excluded = 0 AND scan_id <> :scanId`,
  // Of each file that is gone, the newest other file that is surely there and holds the same content.
  found: `
    SELECT f.id AS id, (
      SELECT max(o.id) FROM files o JOIN folders d ON d.id = o.folder_id
      WHERE o.photo_id = f.photo_id AND o.state = 'known' AND o.missing_since IS NULL AND o.held = 0 AND d.offline = 0 AND d.removed_at IS NULL
        AND o.id NOT IN (SELECT value FROM json_each(:ids))
    ) AS other
    FROM json_each(:ids) asked JOIN files f ON f.id = asked.value`,
  miss: `UPDATE files SET missing_since = :now WHERE id IN (SELECT value FROM json_each(:ids))`,
  hold: `UPDATE files SET missing_since = NULL, held = 1 WHERE id IN (SELECT value FROM json_each(:ids))`,
  // Not what the person gave up or left out, and nothing whose content is still there.
  missedSince: `
    SELECT f.id AS id, f.photo_id AS photoId, f.rel_path AS relPath FROM files f LEFT JOIN photos p ON p.id = f.photo_id
    WHERE f.folder_id = ? AND f.missing_since > ? AND f.held = 0 AND f.excluded = 0 AND coalesce(p.present_files, 0) = 0`,
  // What a person left out or took out with its folder is theirs to bring back.
  forget: `
    DELETE FROM files WHERE id IN (
      SELECT id FROM files WHERE folder_id = :folderId AND missing_since < :before AND excluded = 0 LIMIT :limit
    )`,
  present: 'SELECT count(*) FROM files WHERE folder_id = ? AND missing_since IS NULL',
  heldIn: 'SELECT count(*) FROM files WHERE folder_id = ? AND held <> 0 AND held IN (1, 2)',
  seenIn: 'SELECT EXISTS (SELECT 1 FROM files WHERE folder_id = ? AND missing_since IS NULL AND scan_id = ?)',
  // Content that is here again needs no place where it was once.
  places: `
    SELECT f.id AS id, f.added_at AS addedAt FROM files f JOIN folders d ON d.id = f.folder_id
    WHERE f.photo_id = :photoId AND f.id <> :fileId AND d.removed_at IS NULL AND f.excluded = 0
      AND (f.held <> 0 OR f.missing_since IS NOT NULL)`,
  isReading: `
    SELECT EXISTS (SELECT 1 FROM files f INDEXED BY files_new JOIN folders d ON d.id = f.folder_id
        WHERE f.state = 'new' AND f.missing_since IS NULL AND f.held = 0 AND d.offline = 0 AND d.removed_at IS NULL)
      OR EXISTS (SELECT 1 FROM files INDEXED BY files_running WHERE state = 'running' AND missing_since IS NULL)`,
  paths:
    'SELECT id, photo_id AS photoId, rel_path AS relPath, excluded, missing_since IS NULL AS present FROM files WHERE folder_id = ?',
};

/** A file's place in its folder, and whether it is there. */
export interface FilePath {
  readonly id: number;
  readonly photoId: number | null;
  readonly relPath: string;
  readonly excluded: number;
  readonly present: number;
}

/** A file that a scan did not see, or missed before. */
export interface GoneFile {
  readonly id: number;
  readonly photoId: number | null;
  readonly relPath: string;
}

/** Times this near to when a file was read cannot tell whether it was changed since. */
const nearMs = 2_000;

/** The same size and times prove the same bytes, where the times are older than the last reading of them. No program can set `ctime`. */
function isSame(row: SeenColumns, file: SeenFile): boolean {
  if (row.size_bytes !== file.sizeBytes || row.mtime_ms !== file.mtimeMs) return false;
  const hasCtime = row.ctime_ms !== null && file.ctimeMs !== undefined;
  const isSameCtime = hasCtime && row.ctime_ms === file.ctimeMs;
  // Some file systems number their files anew with each mounting.
  if (hasCtime ? !isSameCtime : row.inode !== file.inode) return false;
  return row.read_at === null || (isSameCtime ? (row.ctime_ms ?? 0) : row.mtime_ms) <= row.read_at - nearMs;
}

export function fileScanStatements(db: ReadDb) {
  return { ...seeingStatements(db), ...goneStatements(db) };
}

function seeingStatements(db: ReadDb) {
  const byPath = db.prepare<[number, string], SeenColumns>(fileScanSql.byPath);
  const twin = db.prepare<[string, number, number], SeenColumns>(fileScanSql.twin);
  const insert = db
    .prepare<[Record<string, string | number | null>], number>(
      `INSERT INTO files (folder_id, rel_path, size_bytes, mtime_ms, inode, ctime_ms, scan_id, added_at, photo_id, state, read_at)
     VALUES (:folderId, :relPath, :sizeBytes, :mtimeMs, :inode, :ctimeMs, :scanId, :now, :photoId, :state, :readAt) RETURNING id`,
    )
    .pluck();
  // Without a column that has a part in the row's checksum: a scan of a million unchanged files writes none.
  const markSeen = db.prepare<[number, number]>('UPDATE files SET scan_id = ? WHERE id = ?');
  const touch = db.prepare<[number, string, number | null, number]>(
    'UPDATE files SET scan_id = ?, inode = ?, ctime_ms = coalesce(?, ctime_ms) WHERE id = ?',
  );
  // What could not be read before it went missing is worth another look now that it is back.
  const comeBack = db.prepare<[number, string, number | null, number]>(
    `UPDATE files SET scan_id = ?, inode = ?, ctime_ms = coalesce(?, ctime_ms), missing_since = NULL, held = 0, excluded = 0,
       state = CASE WHEN state = 'failed' AND error_code GLOB 'fs/*' THEN 'new' ELSE state END
     WHERE id = ?`,
  );
  const change = db.prepare<[number, number, string, number | null, number, number]>(
    `UPDATE files SET size_bytes = ?, mtime_ms = ?, inode = ?, ctime_ms = ?, scan_id = ?, missing_since = NULL, held = 0, ${unreadSql} WHERE id = ?`,
  );
  const paths = db.prepare<[number], FilePath>(fileScanSql.paths);
  const noteBadName = db.prepare<[Record<string, string | number>]>(fileScanSql.noteBadName);

  function add(folderId: number, scanId: number, file: SeenFile, now: number): Seen {
    const row = { folderId, scanId, now, relPath: file.relPath, sizeBytes: file.sizeBytes, mtimeMs: file.mtimeMs };
    const known = file.inode === '' ? undefined : twin.get(file.inode, file.sizeBytes, file.mtimeMs);
    const nearest = Math.max(known?.mtime_ms ?? 0, known?.ctime_ms ?? 0);
    const isTrusted = known !== undefined && known.read_at !== null && nearest <= known.read_at - nearMs;
    // Renaming a file changes its ctime, moving a folder that holds it does not: only then nothing needs to be read.
    const isProven = isTrusted && file.ctimeMs !== undefined && known.ctime_ms === file.ctimeMs;
    const fileId = insert.get({
      ...row,
      inode: file.inode,
      ctimeMs: file.ctimeMs ?? null,
      photoId: isTrusted ? known.photo_id : null,
      state: isProven ? 'known' : 'new',
      readAt: isProven ? known.read_at : null,
    }) as number;
    const photoId = isTrusted ? (known.photo_id ?? undefined) : undefined;
    return { as: isProven ? 'unchanged' : 'added', returnedPhoto: photoId, provenFile: isProven ? fileId : undefined };
  }

  return {
    /** All files of a folder, in no order. */
    paths: (folderId: number): FilePath[] => paths.all(folderId),
    /** Upserts one seen file. */
    see(folderId: number, scanId: number, file: SeenFile, now: number): Seen {
      if (file.hasBadName) {
        const { relPath, sizeBytes, mtimeMs } = file;
        noteBadName.run({ folderId, scanId, relPath, sizeBytes, mtimeMs, now, ...badName });
        return { as: 'unchanged', returnedPhoto: undefined, provenFile: undefined };
      }
      const row = byPath.get(folderId, file.relPath);
      if (!row) return add(folderId, scanId, file, now);
      const wasAway = row.missing_since !== null || row.held !== 0;
      const returned = row.missing_since === null ? undefined : (row.photo_id ?? undefined);
      const same = isSame(row, file);
      const ctime = file.ctimeMs ?? null;
      if (!same) change.run(file.sizeBytes, file.mtimeMs, file.inode, ctime, scanId, row.id);
      else if (wasAway) comeBack.run(scanId, file.inode, ctime, row.id);
      else if (row.inode === file.inode && (ctime === null || ctime === row.ctime_ms)) markSeen.run(scanId, row.id);
      else touch.run(scanId, file.inode, ctime, row.id);
      return { as: same ? 'unchanged' : 'changed', returnedPhoto: returned, provenFile: undefined };
    },
  };
}

/** `returnedPhoto`: a missing file of it is back, or one was found under another path. `provenFile`: that one, where its content needs no reading. */
export interface Seen {
  readonly as: SeenAs;
  readonly returnedPhoto: number | undefined;
  readonly provenFile: number | undefined;
}

/**
 * Ranges of paths in the order of the index, which is that of their bytes: all below a folder without what lies below some of its subfolders. What those
 * hold may be nearly all of a library, and is not even read.
 */
function gapsBetween(relPath: string, subfolders: readonly string[]): { from: string; to: string }[] {
  const prefix = relPath === '' ? '' : `${relPath}/`;
  const paths = subfolders
    .map((name) => prefix + name)
    .sort((a, b) => Buffer.compare(Buffer.from(`${a}/`), Buffer.from(`${b}/`)));
  // The character after the slash; nothing in UTF-8 comes after the last code point.
  const end = relPath === '' ? '\u{10ffff}' : `${relPath}0`;
  const starts = [prefix, ...paths.map((path) => `${path}0`)];
  return starts.map((from, index) => ({ from, to: index < paths.length ? `${paths[index]}/` : end }));
}

function goneStatements(db: ReadDb) {
  const unseen = db.prepare<[{ folderId: number; scanId: number; unreadable: string }], GoneFile>(fileScanSql.unseen);
  const unseenBelow = db.prepare<[{ folderId: number; scanId: number; from: string; to: string }], GoneFile>(
    fileScanSql.unseenBelow,
  );
  const found = db.prepare<[{ ids: string }], { id: number; other: number | null }>(fileScanSql.found);
  const miss = db.prepare<[{ ids: string; now: number }]>(fileScanSql.miss);
  const hold = db.prepare<[{ ids: string }]>(fileScanSql.hold);
  const missedSince = db.prepare<[number, number], GoneFile>(fileScanSql.missedSince);
  const present = db.prepare<[number], number>(fileScanSql.present).pluck();
  const heldIn = db.prepare<[number], number>(fileScanSql.heldIn).pluck();
  const seenIn = db.prepare<[number, number], number>(fileScanSql.seenIn).pluck();
  const places = db.prepare<[{ photoId: number; fileId: number }], { id: number; addedAt: number }>(fileScanSql.places);
  const remove = db.prepare<[number]>('DELETE FROM files WHERE id = ?');
  const backdate = db.prepare<[number, number]>('UPDATE files SET added_at = min(added_at, ?) WHERE id = ?');
  const addedAt = db.prepare<[number], number>('SELECT added_at FROM files WHERE id = ?').pluck();
  const isReading = db.prepare<[], number>(fileScanSql.isReading).pluck();
  const forget = db.prepare<[{ folderId: number; before: number; limit: number }]>(fileScanSql.forget);
  return {
    /** Present files that this scan did not see, but for those below unreadable folders. */
    unseen: (folderId: number, scanId: number, unreadable: readonly string[]): GoneFile[] =>
      unseen.all({ folderId, scanId, unreadable: JSON.stringify(unreadable) }),
    /** The same for what lies below one folder, at any depth, but not below those of its subfolders that are named. */
    unseenBelow: (folderId: number, scanId: number, relPath: string, but: readonly string[]): GoneFile[] =>
      gapsBetween(relPath, but).flatMap((gap) => unseenBelow.all({ folderId, scanId, ...gap })),
    /** Where the content of files that are gone is found, by the files' ids. */
    foundElsewhere: (ids: readonly number[]): Map<number, number> =>
      new Map(
        found.all({ ids: JSON.stringify(ids) }).flatMap(({ id, other }) => (other === null ? [] : [[id, other]])),
      ),
    miss(ids: readonly number[], now: number): void {
      miss.run({ ids: JSON.stringify(ids), now });
    },
    hold(ids: readonly number[]): void {
      hold.run({ ids: JSON.stringify(ids) });
    },
    /** Forgets where files lay that went missing before this time: their photos keep all that is known and was said of them. */
    forget(folderId: number, before: number, limit: number): void {
      forget.run({ folderId, before, limit });
    },
    missedSince: (folderId: number, time: number): GoneFile[] => missedSince.all(folderId, time),
    /** Held ones count. */
    presentIn: (folderId: number): number => present.get(folderId) ?? 0,
    heldIn: (folderId: number): number => heldIn.get(folderId) ?? 0,
    /** The scan saw a file. */
    sawAny: (folderId: number, scanId: number): boolean => seenIn.get(folderId, scanId) === 1,
    /** One file took another's place: the same content under a new path. */
    replace(goneId: number, byId: number): void {
      backdate.run(addedAt.get(goneId) ?? 0, byId);
      remove.run(goneId);
    },
    /** Forgets where a photo lay, now that one of its files is surely there. */
    forgetPlaces(photoId: number, fileId: number): void {
      for (const place of places.all({ photoId, fileId })) {
        backdate.run(place.addedAt, fileId);
        remove.run(place.id);
      }
    },
    /** Files that can be reached wait to be read, or are being read. */
    isReading: (): boolean => isReading.get() === 1,
  };
}
