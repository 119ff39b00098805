// Statements about registered folders. Library thread.
import type { ReadDb } from '../open-database.ts';

interface FolderColumns {
  readonly id: number;
  readonly path: string;
  readonly added_at: number;
  readonly exclude: string;
  readonly offline: number;
  readonly removed_at: number | null;
  readonly restoring_at: number | null;
  readonly device: string | null;
  readonly volume: string | null;
  readonly sample: string;
}

/** A file of a folder that proves its volume to be the one known, where its device has another number. */
export interface SampleFile {
  readonly relPath: string;
  readonly sizeBytes: number;
}

/** What is known of the volume that a folder lies on; both null where nothing is. */
export interface StoredRoot {
  /** Number of the device (`st_dev`), as decimal text. */
  readonly device: string | null;
  /** UUID of the file system. */
  readonly volume: string | null;
  readonly sample: readonly SampleFile[];
}

/** A folder as the rest of the program sees it. */
export interface StoredFolder {
  readonly id: number;
  readonly path: string;
  readonly addedAt: number;
  readonly exclude: readonly string[];
  readonly root: StoredRoot;
}

export interface FolderState extends StoredFolder {
  readonly isOffline: boolean;
  /** Epoch milliseconds; null while it is registered. */
  readonly removedAt: number | null;
}

const columns = 'id, path, added_at, exclude, offline, removed_at, restoring_at, device, volume, sample';

export const folderSql = {
  hideFiles: `
    UPDATE files SET missing_since = :at WHERE id IN (
      SELECT id FROM files WHERE folder_id = :id AND missing_since IS NULL LIMIT :limit
    ) RETURNING photo_id`,
  returnFiles: `
    UPDATE files SET missing_since = NULL WHERE id IN (
      SELECT id FROM files WHERE folder_id = :id AND missing_since = :at LIMIT :limit
    ) RETURNING photo_id`,
  hideExcluded: `
    UPDATE files SET missing_since = :now WHERE id IN (
      SELECT id FROM files INDEXED BY files_leaving WHERE excluded = 1 AND missing_since IS NULL LIMIT :limit
    ) RETURNING photo_id`,
  returnIncluded: `
    UPDATE files SET missing_since = NULL, excluded = 0 WHERE id IN (SELECT id FROM files INDEXED BY files_returning WHERE excluded = 2 LIMIT :limit)
    RETURNING photo_id`,
  // The person gave them up: a portion leaves.
  hideGivenUp: `
    UPDATE files SET missing_since = :now, held = 3 WHERE id IN (
      SELECT id FROM files INDEXED BY files_held WHERE held <> 0 AND held = 4 LIMIT :limit
    ) RETURNING photo_id`,
  answerHeld:
    'UPDATE files SET held = :to WHERE folder_id = :folderId AND held <> 0 AND held IN (1, 2) AND held <> :to',
  held: `
    SELECT folder_id AS folderId, count(*) AS vanished, sum(held = 1) AS unanswered
    FROM files INDEXED BY files_held WHERE held <> 0 AND held IN (1, 2) GROUP BY folder_id`,
  // Those seen by the last scan, spread over the folder.
  sample: `
    SELECT rel_path AS relPath, size_bytes AS sizeBytes FROM files
    WHERE folder_id = :folderId AND missing_since IS NULL AND held = 0 AND scan_id = :scanId
    ORDER BY (id * 7919) % 1000003 LIMIT 32`,
  note: `
    UPDATE folders SET device = :device, volume = :volume, sample = :sample
    WHERE id = :id AND (device IS NOT :device OR volume IS NOT :volume OR sample <> :sample)`,
  mark: 'UPDATE files SET excluded = :mark WHERE id IN (SELECT value FROM json_each(:fileIds))',
  // The words of their names change with what leaves and returns; of a photo with one file, which nothing else touched, they are still right.
  copies: `
    SELECT p.id FROM json_each(?) asked JOIN photos p ON p.id = asked.value
    WHERE p.present_files > 0 AND (SELECT count(*) FROM (SELECT 1 FROM files f WHERE f.photo_id = p.id LIMIT 2)) > 1`,
};

export function folderStatements(db: ReadDb) {
  const byPath = db.prepare<[string], FolderColumns>(`SELECT ${columns} FROM folders WHERE path = ?`);
  const byId = db.prepare<[number], FolderColumns>(`SELECT ${columns} FROM folders WHERE id = ?`);
  const all = db.prepare<[], FolderColumns>(`SELECT ${columns} FROM folders WHERE removed_at IS NULL ORDER BY path`);
  const insert = db.prepare<[string, number], FolderColumns>(
    `INSERT INTO folders (path, added_at) VALUES (?, ?) RETURNING ${columns}`,
  );
  const remove = db.prepare<[number, number]>(
    'UPDATE folders SET removed_at = coalesce(restoring_at, ?), restoring_at = NULL WHERE id = ? AND removed_at IS NULL',
  );
  const restore = db.prepare<[number]>(
    'UPDATE folders SET restoring_at = removed_at, removed_at = NULL WHERE id = ? AND removed_at IS NOT NULL',
  );
  const setExclude = db.prepare<[string, number]>('UPDATE folders SET exclude = ? WHERE id = ?');
  const setOffline = db.prepare<[string]>(
    'UPDATE folders SET offline = NOT offline WHERE offline <> (id IN (SELECT value FROM json_each(?)))',
  );
  return {
    ...settlingStatements(db),
    ...rootStatements(db),
    /** Also a removed one. */
    folderAt: (path: string): FolderState | undefined => stateOf(byPath.get(path)),
    /** Also a removed one. */
    folder: (id: number): FolderState | undefined => stateOf(byId.get(id)),
    /** Registered ones, by path. */
    folders: (): FolderState[] => all.all().map(toState),
    insertFolder: (path: string, now: number): StoredFolder => toFolder(insert.get(path, now) as FolderColumns),
    /** Files leave by `settle`. Undoes a `restore` that is under way. */
    remove(id: number, now: number): void {
      remove.run(now, id);
    },
    /** Files come back by `settle`. */
    restore(id: number): void {
      restore.run(id);
    },
    setExclude(id: number, patterns: readonly string[]): void {
      setExclude.run(JSON.stringify(patterns), id);
    },
    /** Marks exactly these folders as away. */
    setOffline(ids: readonly number[]): void {
      setOffline.run(JSON.stringify(ids));
    },
  };
}

/** Which volume a folder lies on, and which of its files vanished and are held. */
function rootStatements(db: ReadDb) {
  const sample = db.prepare<[{ folderId: number; scanId: number }], SampleFile>(folderSql.sample);
  const note = db.prepare<[{ id: number; device: string; volume: string | null; sample: string }]>(folderSql.note);
  const held = db.prepare<[], HeldFiles>(folderSql.held);
  const answer = db.prepare<[{ folderId: number; to: number }]>(folderSql.answerHeld);
  return {
    /** Remembers the volume, and some of the files that this scan saw on it; writes nothing where both are remembered already. */
    noteRoot(folderId: number, scanId: number, at: { readonly device: string; readonly volume: string | null }): void {
      note.run({ id: folderId, ...at, sample: JSON.stringify(sample.all({ folderId, scanId })) });
    },
    held: (): HeldFiles[] => held.all(),
    /** The person's answer for all held files of a folder; `gone` ones leave by `settle`. @returns how many it changed. */
    answerHeld: (folderId: number, as: 'kept' | 'gone'): number =>
      answer.run({ folderId, to: as === 'kept' ? 2 : 4 }).changes,
  };
}

/** Files of a folder that vanished in one go. */
export interface HeldFiles {
  readonly folderId: number;
  readonly vanished: number;
  /** Of them, those that the person was not asked about, or has not answered. */
  readonly unanswered: number;
}

/** Files that leave with a folder or a pattern, or come back, a portion at a time. */
function settlingStatements(db: ReadDb) {
  const unsettled = db.prepare<[], Pick<FolderColumns, 'id' | 'removed_at' | 'restoring_at'>>(
    'SELECT id, removed_at, restoring_at FROM folders WHERE removed_at IS NOT NULL OR restoring_at IS NOT NULL',
  );
  const restored = db.prepare<[number]>('UPDATE folders SET restoring_at = NULL WHERE id = ?');
  const hideFiles = db.prepare<[{ id: number; at: number; limit: number }], number | null>(folderSql.hideFiles).pluck();
  const returnFiles = db
    .prepare<[{ id: number; at: number; limit: number }], number | null>(folderSql.returnFiles)
    .pluck();
  const hideGivenUp = db.prepare<[{ now: number; limit: number }], number | null>(folderSql.hideGivenUp).pluck();
  const hideExcluded = db.prepare<[{ now: number; limit: number }], number | null>(folderSql.hideExcluded).pluck();
  const returnIncluded = db.prepare<[{ limit: number }], number | null>(folderSql.returnIncluded).pluck();
  const mark = db.prepare<[{ mark: number; fileIds: string }]>(folderSql.mark);
  const copies = db.prepare<[string], number>(folderSql.copies).pluck();
  return {
    /** `excluded` as in the schema; files leave and come back by `settle`. */
    markFiles(fileIds: readonly number[], as: 0 | 1 | 2): void {
      mark.run({ mark: as, fileIds: JSON.stringify(fileIds) });
    },
    /** Photos of the next files to leave or come back, at most `limit`; none where all is settled. */
    settle(limit: number, now: number): (number | null)[] {
      for (const { id, removed_at, restoring_at } of unsettled.all()) {
        const photos =
          removed_at === null
            ? returnFiles.all({ id, at: restoring_at ?? 0, limit })
            : hideFiles.all({ id, at: removed_at, limit });
        if (photos.length > 0) return photos;
        if (restoring_at !== null) restored.run(id);
      }
      const givenUp = hideGivenUp.all({ now, limit });
      if (givenUp.length > 0) return givenUp;
      const gone = hideExcluded.all({ now, limit });
      return gone.length > 0 ? gone : returnIncluded.all({ limit });
    },
    /** Those of the photos that are live and have more than one file. */
    copies: (photoIds: readonly number[]): number[] => copies.all(JSON.stringify(photoIds)),
  };
}

function stateOf(row: FolderColumns | undefined): FolderState | undefined {
  return row && toState(row);
}

function toState(row: FolderColumns): FolderState {
  return { ...toFolder(row), isOffline: row.offline === 1, removedAt: row.removed_at };
}

function toFolder(row: FolderColumns): StoredFolder {
  const { id, path, added_at: addedAt, device, volume } = row;
  const root = { device, volume, sample: JSON.parse(row.sample) as SampleFile[] };
  return { id, path, addedAt, exclude: JSON.parse(row.exclude) as string[], root };
}
