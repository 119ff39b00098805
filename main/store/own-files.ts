// What a person gave a library that hangs on a file as well as on its content: failures that they ignore, and words that wait to go with an edited file. Library thread.
import { type ReadDb, schemaVersion, type WriteDb } from './open-database.ts';

interface OwnFile {
  /** Path of its folder as the system writes it. */
  readonly folder: string;
  /** Below that, with strokes. */
  readonly relPath: string;
  readonly sizeBytes: number;
}

/** A file that failed, of which the person does not want to be told. */
export interface IgnoredFile extends OwnFile {
  /** Of its content, in hexadecimal; null where it could never be read. */
  readonly sha256: string | null;
  /** False only in what takes away that a file was ignored. */
  readonly ignored: boolean;
}

/** An edited file, the words of whose old content wait until it is sure that this lies nowhere else. */
export interface WaitingWords extends OwnFile {
  /** SHA-256 of the old content, in hexadecimal; the words are that photo's. */
  readonly from: string;
  /** Of the new content, whose size is given. */
  readonly to: string;
}

/** Earlier libraries knew no words that wait. */
const firstWithWaiting = 80;

/** By path. */
export function readIgnored(db: ReadDb): IgnoredFile[] {
  return db
    .prepare<[], Omit<IgnoredFile, 'ignored'>>(
      `SELECT d.path AS folder, f.rel_path AS relPath, f.size_bytes AS sizeBytes, lower(hex(p.sha256)) AS sha256
       FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN photos p ON p.id = f.photo_id
       WHERE f.ignored = 1 ORDER BY d.path, f.rel_path`,
    )
    .all()
    .map((file) => ({ ...file, sha256: file.sha256 || null, ignored: true }));
}

/** By path. */
export function readWaiting(db: ReadDb): WaitingWords[] {
  if (schemaVersion(db) < firstWithWaiting) return [];
  return db
    .prepare<[], WaitingWords>(
      `SELECT d.path AS folder, f.rel_path AS relPath, t.size_bytes AS sizeBytes, lower(hex(o.sha256)) AS "from", lower(hex(t.sha256)) AS "to"
       FROM carries c JOIN files f ON f.id = c.file_id JOIN folders d ON d.id = f.folder_id
         JOIN photos o ON o.id = c.from_photo JOIN photos t ON t.id = c.to_photo
       WHERE f.photo_id = c.to_photo ORDER BY d.path, f.rel_path`,
    )
    .all();
}

/** Ignores files, or no longer, that are in the library as they were then. Others are tried again, and told of if they fail again. */
export function setIgnored(db: WriteDb, files: readonly IgnoredFile[]): void {
  const set = db.prepare(
    `UPDATE files SET ignored = :ignored
     WHERE folder_id = (SELECT id FROM folders WHERE path = :folder) AND rel_path = :relPath AND size_bytes = :sizeBytes AND ignored <> :ignored
       AND (:sha256 IS NULL OR photo_id IS NULL OR photo_id = (SELECT id FROM photos WHERE sha256 = :sha256))`,
  );
  for (const { ignored, sha256, ...file } of files)
    set.run({ ...file, ignored: ignored ? 1 : 0, sha256: sha256 === null ? null : Buffer.from(sha256, 'hex') });
}

/**
 * Has words wait for their file, where the library knows it to be edited. @returns true where it does not know the file at all: nothing will ever tell it
 * that this one was edited. One of which it knows another content is found to be edited when it is read.
 */
export function waitForFile(db: WriteDb, { folder, relPath, from, to }: WaitingWords): boolean {
  const file = db
    .prepare<[string, string], { id: number; sha256: string }>(
      `SELECT f.id, lower(hex(p.sha256)) AS sha256 FROM files f JOIN folders d ON d.id = f.folder_id LEFT JOIN photos p ON p.id = f.photo_id
       WHERE d.path = ? AND f.rel_path = ?`,
    )
    .get(folder, relPath);
  if (!file) return true;
  if (file.sha256 === to)
    db.prepare(
      `INSERT INTO carries (file_id, from_photo, to_photo) SELECT ?, o.id, t.id FROM photos o, photos t WHERE o.sha256 = ? AND t.sha256 = ?
       ON CONFLICT (file_id) DO NOTHING`,
    ).run(file.id, Buffer.from(from, 'hex'), Buffer.from(to, 'hex'));
  return false;
}
