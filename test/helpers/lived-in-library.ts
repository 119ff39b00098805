// A library with something in every table, and all that a person gave it in a form to compare. Test processes.
import path from 'node:path';
import type { OpenLibrary } from '../../main/library-db/store-library-db.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { openForReading } from '../../main/store/open-database.ts';
import { type OwnData, readOwnData } from '../../main/store/own-data.ts';
import { fileNamed, identifyAll, resultOf, scan, wanted } from './library-db.ts';

/** Photos done, the first of them with words of the person's, favourites, settings, folders taken out and in part left out. */
export async function liveIn(folder: string, photos: number): Promise<OpenLibrary> {
  const library = await openLibrary({ folder, mode: 'write', now: 1_000, random: () => 0 });
  const { db } = library;
  const { folder: pictures } = await db.registerFolder({ path: '/pictures', now: 1_000 });
  const { folder: old } = await db.registerFolder({ path: '/old', now: 1_000 });
  await db.setExclude({ folderId: pictures.id, exclude: ['*.tmp'] });
  const files = Array.from({ length: photos }, (_, n) => fileNamed(`trip ${n % 7}/${n}.jpg`, { inode: `1:${n}` }));
  await scan(db, pictures.id, files);
  await scan(db, old.id, [fileNamed('gone.jpg', { inode: '2:1' })]);
  const identified = await identifyAll(db);
  await db.claimPhotos({ wanted, together: true, limit: photos + 1, now: 4_000 });
  const results = identified.map(({ photoId }) => resultOf(photoId, `a generated caption of photo ${photoId}`));
  await db.completePhotos({ results, now: 5_000 });
  await db.removeFolder({ folderId: old.id, now: 6_000 });
  await db.settleFolders({ limit: 1_000, now: 6_000 });
  await db.writeSettings({ values: { speed: 'quiet', thumbnailSize: 180 } });
  for (const { photoId } of identified.slice(0, Math.ceil(photos / 4))) {
    await db.setOwnCaptions({ photoId, texts: [`my own words of ${photoId}`], now: 7_000 });
  }
  await db.setFavourite({
    photoIds: identified.slice(0, 9).map(({ photoId }) => photoId),
    favourite: true,
    now: 8_000,
  });
  return library;
}

/** What the person gave the library in this folder, or the database file itself. */
export function ownDataIn(place: string): OwnData {
  const db = openForReading(place.endsWith('.db') ? place : path.join(place, 'library.db'));
  try {
    return readOwnData(db);
  } finally {
    db.close();
  }
}
