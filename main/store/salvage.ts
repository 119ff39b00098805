// Reads the person's own data out of a damaged library, as far as it is what they wrote. Library thread.
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { openForReading, type ReadDb } from './open-database.ts';
import type { OwnData, OwnPhoto } from './own-data.ts';
import { knowRowSum, soundRows } from './row-sums.ts';
import { toStoreError } from './store-error.ts';

export interface Salvaged {
  readonly own: OwnData;
  /** Every row of the person's own data could be read: what is not in `own` was not there. */
  readonly isWhole: boolean;
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
  const folders = soundRows<{ path: string; addedAt: number; exclude: string; removedAt: number | null }>(
    db,
    'folders',
    't.path, t.added_at AS addedAt, t.exclude, t.removed_at AS removedAt',
  );
  const settings = soundRows<{ key: string; value: string }>(db, 'settings', 't.key, t.value');
  const photos = soundRows<{ id: number; sha256: string; sizeBytes: number }>(
    db,
    'photos',
    't.id, lower(hex(t.sha256)) AS sha256, t.size_bytes AS sizeBytes',
  );
  const markedAt = new Map(favourites.rows.map((row) => [row.photoId, row.markedAt]));
  const textsOf = Map.groupBy(
    captions.rows.sort((a, b) => a.rank - b.rank),
    (row) => row.photoId,
  );
  return {
    isWhole: [captions, favourites, folders, settings, photos].every(({ isWhole }) => isWhole),
    own: {
      folders: folders.rows.map((folder) => ({ ...folder, exclude: parsed<string[]>(folder.exclude) ?? [] })),
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
export function newerThanBackup({ own, isWhole }: Salvaged, backedUp: OwnData): OwnData {
  const salvaged = new Map(own.photos.map((photo) => [photo.sha256, photo]));
  const earlier = new Map(backedUp.photos.map((photo) => [photo.sha256, photo]));
  if (isWhole) {
    const takenAway = backedUp.photos
      .filter(({ sha256 }) => !salvaged.has(sha256))
      .map((photo) => ({ ...photo, captions: [], favouriteSince: null }));
    return { ...own, photos: [...own.photos, ...takenAway] };
  }
  const photos = own.photos.map((photo) => {
    const before = earlier.get(photo.sha256);
    return {
      ...photo,
      captions: photo.captions.length > 0 ? photo.captions : (before?.captions ?? []),
      favouriteSince: photo.favouriteSince ?? before?.favouriteSince ?? null,
    };
  });
  return { ...own, photos };
}
