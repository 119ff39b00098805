// Reads the person's own data out of a damaged library, as far as it is what they wrote. Library thread.
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { openForReading, type ReadDb } from './open-database.ts';
import type { OwnData, OwnPhoto } from './own-data.ts';
import type { IgnoredFile, WaitingWords } from './own-files.ts';
import { knowRowSum, soundRows } from './row-sums.ts';
import { toStoreError } from './store-error.ts';

export interface Salvaged {
  readonly own: OwnData;
  /** Every row of the person's own data could be read: what is not in `own` was not there. */
  readonly isWhole: boolean;
  /** The same of the failures that they ignore. */
  readonly isIgnoredWhole: boolean;
}

/** @param file a damaged database, left as it is: a copy is read, because opening the file would already change it. */
export function salvageOwnData(file: string): Salvaged | null {
  const copy = `${file}.salvage`;
  try {
    for (const suffix of ['', '-wal']) {
      if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    }
    const db = openForReading(copy);
    try {
      knowRowSum(db);
      return salvage(db);
    } finally {
      db.close();
    }
  } catch (error) {
    // Nothing can be read of it: the backups are what there is. Whatever else went wrong is no reason to give up what may be in it.
    if (toStoreError(error, file).code === 'store/corrupt') return null;
    throw error;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  }
}

function salvage(db: ReadDb): Salvaged {
  const captions = soundRows<{ photoId: number; rank: number; text: string }>(
    db,
    'own_captions',
    't.photo_id AS photoId, t.rank, t.text',
  );
  const favourites = soundRows<{ photoId: number; markedAt: number }>(
    db,
    'favourites',
    't.photo_id AS photoId, t.marked_at AS markedAt',
  );
  const folders = soundRows<{ id: number; path: string; addedAt: number; exclude: string; removedAt: number | null }>(
    db,
    'folders',
    't.id, t.path, t.added_at AS addedAt, t.exclude, t.removed_at AS removedAt',
  );
  const settings = soundRows<{ key: string; value: string }>(db, 'settings', 't.key, t.value');
  const photos = soundRows<PhotoRow>(db, 'photos', 't.id, lower(hex(t.sha256)) AS sha256, t.size_bytes AS sizeBytes');
  const files = salvageFiles(db, folders.rows, photos.rows);
  const markedAt = new Map(favourites.rows.map((row) => [row.photoId, row.markedAt]));
  const textsOf = Map.groupBy(
    captions.rows.sort((a, b) => a.rank - b.rank),
    (row) => row.photoId,
  );
  return {
    isWhole: [captions, favourites, folders, settings, photos].every(({ isWhole }) => isWhole),
    isIgnoredWhole: files.isWhole && folders.isWhole,
    own: {
      folders: folders.rows.map(({ id: _, ...folder }) => ({
        ...folder,
        exclude: parsed<string[]>(folder.exclude) ?? [],
      })),
      ignored: files.ignored,
      waiting: files.waiting,
      settings: Object.fromEntries(
        settings.rows.map(({ key, value }) => [key, parsed(value)] as const).filter(([, value]) => value !== undefined),
      ),
      photos: photos.rows
        .filter(({ id }) => markedAt.has(id) || textsOf.has(id))
        .map(
          ({ id, sha256, sizeBytes }): OwnPhoto => ({
            sha256,
            sizeBytes,
            captions: textsOf.get(id)?.map(({ text }) => text) ?? [],
            favouriteSince: markedAt.get(id) ?? null,
          }),
        ),
    },
  };
}

interface PhotoRow {
  readonly id: number;
  readonly sha256: string;
  readonly sizeBytes: number;
}

/** What hangs on files whose rows, folders and photos can be read. */
function salvageFiles(
  db: ReadDb,
  folders: readonly { readonly id: number; readonly path: string }[],
  photos: readonly PhotoRow[],
): Pick<OwnData, 'ignored' | 'waiting'> & { isWhole: boolean } {
  const carries = soundRows<{ fileId: number; from: number; to: number }>(
    db,
    'carries',
    't.file_id AS fileId, t.from_photo AS "from", t.to_photo AS "to"',
  );
  const waitingFor = new Map(carries.rows.map((row) => [row.fileId, row]));
  const files = soundRows<FileRow>(
    db,
    'files',
    't.id, t.folder_id AS folderId, t.rel_path AS relPath, t.size_bytes AS sizeBytes, t.photo_id AS photoId, t.ignored',
    ({ id, ignored }) => ignored === 1 || waitingFor.has(id),
  );
  const pathOf = new Map(folders.map(({ id, path }) => [id, path]));
  const photoOf = new Map(photos.map((photo) => [photo.id, photo]));
  const ignored: IgnoredFile[] = [];
  const waiting: WaitingWords[] = [];
  for (const { id, folderId, relPath, sizeBytes, photoId, ignored: isIgnored } of files.rows) {
    const folder = pathOf.get(folderId);
    if (folder === undefined) continue;
    const sha256 = photoOf.get(photoId ?? 0)?.sha256 ?? null;
    if (isIgnored === 1) ignored.push({ folder, relPath, sizeBytes, sha256, ignored: true });
    const carry = waitingFor.get(id);
    const [from, to] = [photoOf.get(carry?.from ?? 0), photoOf.get(carry?.to ?? 0)];
    if (from && to?.id === photoId)
      waiting.push({ folder, relPath, sizeBytes: to.sizeBytes, from: from.sha256, to: to.sha256 });
  }
  return { ignored, waiting, isWhole: files.isWhole };
}

interface FileRow {
  readonly id: number;
  readonly folderId: number;
  readonly relPath: string;
  readonly sizeBytes: number;
  readonly photoId: number | null;
  readonly ignored: number;
}

/** Rows of a library from before there were sums may hold anything. */
function parsed<T = unknown>(json: string): T | undefined {
  try {
    return JSON.parse(json) as T;
  } catch {
    return undefined;
  }
}

/**
 * What a restored library is to be given: where everything was read, also what the person took away since the backup. Elsewhere a photo whose caption could
 * not be read keeps the backup's.
 */
export function newerThanBackup({ own, isWhole, isIgnoredWhole }: Salvaged, backedUp: OwnData): OwnData {
  const ignored = isIgnoredWhole ? [...noLongerIgnored(own, backedUp), ...own.ignored] : own.ignored;
  return { ...own, ignored, photos: isWhole ? [...own.photos, ...takenAway(own, backedUp)] : completed(own, backedUp) };
}

function takenAway(own: OwnData, backedUp: OwnData): OwnPhoto[] {
  const salvaged = new Set(own.photos.map(({ sha256 }) => sha256));
  return backedUp.photos
    .filter(({ sha256 }) => !salvaged.has(sha256))
    .map((photo) => ({ ...photo, captions: [], favouriteSince: null }));
}

function noLongerIgnored(own: OwnData, backedUp: OwnData): IgnoredFile[] {
  const place = ({ folder, relPath }: IgnoredFile): string => JSON.stringify([folder, relPath]);
  const still = new Set(own.ignored.map(place));
  return backedUp.ignored.filter((file) => !still.has(place(file))).map((file) => ({ ...file, ignored: false }));
}

function completed(own: OwnData, backedUp: OwnData): OwnPhoto[] {
  const earlier = new Map(backedUp.photos.map((photo) => [photo.sha256, photo]));
  return own.photos.map((photo) => {
    const before = earlier.get(photo.sha256);
    return {
      ...photo,
      captions: photo.captions.length > 0 ? photo.captions : (before?.captions ?? []),
      favouriteSince: photo.favouriteSince ?? before?.favouriteSince ?? null,
    };
  });
}
