// What a person gave a library (captions, favourites, folders, settings, failures that they ignore), by the photos' content: as lines of JSON, and put into a library again. Library thread.
import { createHash } from 'node:crypto';
import { AppError } from '../platform/app-error.ts';
import type { ReadDb, WriteDb } from './open-database.ts';
import { type IgnoredFile, readIgnored, readWaiting, setIgnored, type WaitingWords, waitForFile } from './own-files.ts';
import { captionStatements } from './statements/captions.ts';
import { jobStatements } from './statements/jobs.ts';
import { vectorStatements } from './statements/vectors.ts';

export interface OwnPhoto {
  /** In hexadecimal. */
  readonly sha256: string;
  readonly sizeBytes: number;
  /** In their order. */
  readonly captions: readonly string[];
  /** Epoch milliseconds; null where it is no favourite. */
  readonly favouriteSince: number | null;
}

export interface OwnFolder {
  readonly path: string;
  readonly addedAt: number;
  readonly exclude: readonly string[];
  readonly removedAt: number | null;
}

export interface OwnData {
  readonly folders: readonly OwnFolder[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly photos: readonly OwnPhoto[];
  readonly ignored: readonly IgnoredFile[];
  readonly waiting: readonly WaitingWords[];
}

export const noOwnData: OwnData = { folders: [], settings: {}, photos: [], ignored: [], waiting: [] };

const format = 1;

export function readOwnData(db: ReadDb): OwnData {
  const captions = captionStatements(db);
  const photos = db
    .prepare<[], { id: number; sha256: string; sizeBytes: number; favouriteSince: number | null }>(
      `SELECT p.id, lower(hex(p.sha256)) AS sha256, p.size_bytes AS sizeBytes, v.marked_at AS favouriteSince
       FROM photos p LEFT JOIN favourites v ON v.photo_id = p.id
       WHERE v.photo_id IS NOT NULL OR EXISTS (SELECT 1 FROM own_captions c WHERE c.photo_id = p.id) ORDER BY p.sha256`,
    )
    .all()
    .map(({ id, ...photo }) => ({ ...photo, captions: captions.own(id) }));
  const folders = db
    .prepare<[], { path: string; addedAt: number; exclude: string; removedAt: number | null }>(
      'SELECT path, added_at AS addedAt, exclude, removed_at AS removedAt FROM folders ORDER BY path',
    )
    .all()
    .map((folder) => ({ ...folder, exclude: JSON.parse(folder.exclude) as string[] }));
  const settings = db.prepare<[], { key: string; value: string }>('SELECT key, value FROM settings ORDER BY key').all();
  return {
    folders,
    photos,
    ignored: readIgnored(db),
    waiting: readWaiting(db),
    settings: Object.fromEntries(settings.map(({ key, value }) => [key, JSON.parse(value) as unknown])),
  };
}

/** One JSON object a line; the last one proves that the text is whole: the number of lines before it and their SHA-256. */
export function toLines(own: OwnData): string {
  const lines = [
    { photoseek: 'own data', format },
    ...own.folders.map((folder) => ({ folder })),
    ...Object.entries(own.settings).map(([key, value]) => ({ setting: key, value })),
    ...own.photos.map((photo) => ({ photo })),
    ...own.ignored.map((ignored) => ({ ignored })),
    ...own.waiting.map((waiting) => ({ waiting })),
  ].map((line) => JSON.stringify(line));
  const text = `${lines.join('\n')}\n`;
  return `${text}${JSON.stringify({ end: lines.length, sha256: sha256Of(text) })}\n`;
}

/** @throws AppError `input/invalid` where the text is cut, changed, or of another kind. */
export function fromLines(text: string): OwnData {
  const cut = text.trimEnd().lastIndexOf('\n') + 1;
  const [body, last] = [text.slice(0, cut), text.slice(cut)];
  try {
    const end = JSON.parse(last) as { end?: unknown; sha256?: unknown };
    const lines = body
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line);
    const [head] = lines;
    if (head?.photoseek === 'own data' && head.format === format && end.sha256 === sha256Of(body))
      return ownDataOf(lines);
  } catch {
    // Told below: a line that is no JSON is a damaged file.
  }
  throw new AppError(
    'input/invalid',
    'this file of your captions and folders is damaged or of another program: choose another one',
  );
}

interface Line {
  readonly photoseek?: string;
  readonly format?: number;
  readonly folder?: OwnFolder;
  readonly setting?: string;
  readonly value?: unknown;
  readonly photo?: OwnPhoto;
  readonly ignored?: IgnoredFile;
  readonly waiting?: WaitingWords;
}

function ownDataOf(lines: readonly Line[]): OwnData {
  return {
    folders: lines.flatMap(({ folder }) => folder ?? []),
    photos: lines.flatMap(({ photo }) => photo ?? []),
    ignored: lines.flatMap(({ ignored }) => ignored ?? []),
    waiting: lines.flatMap(({ waiting }) => waiting ?? []),
    settings: Object.fromEntries(
      lines.flatMap(({ setting, value }) => (setting === undefined ? [] : [[setting, value] as const])),
    ),
  };
}

/**
 * Puts the data into a library, in the transaction of its caller: what is given replaces what is there, what is not given stays. A photo that the library
 * does not know yet gets a row without files, to which its file is linked as soon as it is found. @returns the photos that differ from before.
 */
export function attachOwnData(db: WriteDb, own: OwnData, now: number): number {
  for (const { path, addedAt, exclude, removedAt } of own.folders) {
    // Files that left with a folder are known by the time at which it was taken out first.
    db.prepare(
      `INSERT INTO folders (path, added_at, exclude, removed_at) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET exclude = excluded.exclude,
         removed_at = CASE WHEN excluded.removed_at IS NOT NULL THEN coalesce(removed_at, restoring_at, excluded.removed_at) END,
         restoring_at = CASE WHEN excluded.removed_at IS NULL THEN coalesce(removed_at, restoring_at) END`,
    ).run(path, addedAt, JSON.stringify(exclude), removedAt);
  }
  const setting = db.prepare(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );
  for (const [key, value] of Object.entries(own.settings)) setting.run(key, JSON.stringify(value));
  const attach = photoAttacher(db, now);
  const changed = own.photos.filter(attach).length;
  setIgnored(db, own.ignored);
  return changed + attachWaiting(db, own.waiting, attach);
}

/** Words that waited for a file which the library does not know go with it at once; no words that are there are replaced. */
function attachWaiting(db: WriteDb, waiting: readonly WaitingWords[], attach: (photo: OwnPhoto) => boolean): number {
  const stored = db.prepare<[Buffer], { id: number; favouriteSince: number | null }>(
    'SELECT p.id, v.marked_at AS favouriteSince FROM photos p LEFT JOIN favourites v ON v.photo_id = p.id WHERE p.sha256 = ?',
  );
  const captions = captionStatements(db);
  const wordsOf = (sha256: string): Pick<OwnPhoto, 'captions' | 'favouriteSince'> => {
    const { id = 0, favouriteSince = null } = stored.get(Buffer.from(sha256, 'hex')) ?? {};
    return { captions: captions.own(id), favouriteSince };
  };
  return waiting.filter((one) => {
    if (!waitForFile(db, one)) return false;
    const [from, to] = [wordsOf(one.from), wordsOf(one.to)];
    const texts = to.captions.length > 0 ? to.captions : from.captions;
    const favouriteSince = to.favouriteSince ?? from.favouriteSince;
    if (texts.length === 0 && favouriteSince === null) return false;
    return attach({ sha256: one.to, sizeBytes: one.sizeBytes, captions: texts, favouriteSince });
  }).length;
}

function photoAttacher(db: WriteDb, now: number): (photo: OwnPhoto) => boolean {
  const captions = captionStatements(db);
  const jobs = jobStatements(db);
  const vectors = vectorStatements(db);
  const idOf = db.prepare<[Buffer], number>('SELECT id FROM photos WHERE sha256 = ?').pluck();
  const insert = db
    .prepare<[Buffer, number, number], number>(
      'INSERT INTO photos (sha256, size_bytes, newest, added_at) VALUES (?, ?, 0, ?) RETURNING id',
    )
    .pluck();
  const mark = db.prepare(
    'INSERT INTO favourites (photo_id, marked_at) VALUES (?, ?) ON CONFLICT (photo_id) DO NOTHING',
  );
  const unmark = db.prepare('DELETE FROM favourites WHERE photo_id = ?');
  const words = db.prepare('UPDATE documents SET own = ? WHERE photo_id = ?');
  return ({ sha256, sizeBytes, captions: texts, favouriteSince }) => {
    const hash = Buffer.from(sha256, 'hex');
    const id = idOf.get(hash) ?? (insert.get(hash, sizeBytes, now) as number);
    const marked = favouriteSince === null ? unmark.run(id) : mark.run(id, favouriteSince);
    const before = captions.own(id);
    if (before.length === texts.length && before.every((text, index) => text === texts[index]))
      return marked.changes > 0;
    captions.replaceOwn(id, texts, now);
    vectors.removeKind(id, 'own');
    if (texts.length > 0) jobs.makeOwnWork(id);
    else jobs.dropOwnWork(id);
    words.run(texts.join(' \n'), id);
    return true;
  };
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
