// Places are named in the background, once for each version of the gazetteer, and never where there is nothing to name.
import { expect, it, vi } from 'vitest';
import type { LibraryDb } from '../../../../../main/library-db/library-db.ts';
import type { Gazetteer } from '../../../../../main/platform/gazetteer/gazetteer.ts';
import { photosOf } from '../../../../../main/platform/photo-set.ts';
import { fillPlaces } from '../../../../../main/services/indexing/fill-places.ts';
import { sharedGazetteer } from '../../../../../main/services/search/shared-gazetteer.ts';
import { factsOf, fileNamed, identifyAll, scan, temporaryLibrary } from '../../../../helpers/library-db.ts';

const signal = new AbortController().signal;

/** West of Greenwich lies France, east of it nothing. */
function westernGazetteer(version: number, city = 'Paris') {
  const nearest = vi.fn((_latitude: number, longitude: number) =>
    longitude < 0 ? { country: 'FR', region: 'FR.11', city } : null,
  );
  const open = vi.fn(async () => ({ nearest }) as unknown as Gazetteer);
  return { open, nearest, gazetteer: sharedGazetteer(version, open) };
}

async function libraryAt(points: readonly ({ lat: number; lon: number } | null)[]) {
  const { db } = await temporaryLibrary();
  const { folder } = await db.registerFolder({ path: '/pictures', now: 1 });
  await scan(
    db,
    folder.id,
    points.map((_, n) => fileNamed(`${n}.jpg`)),
  );
  await identifyAll(db, (file) => factsOf(file, { gps: points[Number(/(\d+)\.jpg$/.exec(file)?.[1])] ?? null }));
  const idOf = async (n: number) => (await db.photoByPath({ path: `/pictures/${n}.jpg` }))?.photoId;
  return { db, folder, idOf };
}

async function inParis(db: LibraryDb) {
  const filter = { kind: 'place', not: false, places: [{ country: 'FR', city: 'Paris' }] } as const;
  const found = await db.photosWhere({ filters: [filter] });
  return found && [...photosOf(found)];
}

it('names what can be named, and asks about no photo twice', async () => {
  const points = Array.from({ length: 600 }, (_, n) => (n % 3 === 0 ? null : { lat: 10, lon: n % 3 === 1 ? -5 : 5 }));
  const { db, idOf } = await libraryAt(points);
  const { open, nearest, gazetteer } = westernGazetteer(7);
  await fillPlaces({ db, gazetteer }, signal);
  expect([open.mock.calls.length, nearest.mock.calls.length]).toEqual([1, 400]);
  expect(await inParis(db)).toHaveLength(200);
  expect(await inParis(db)).toContain(await idOf(1));
  await fillPlaces({ db, gazetteer }, signal);
  expect(nearest).toHaveBeenCalledTimes(400);
  expect((await db.vocabulary()).places).toEqual([{ country: 'FR', region: 'FR.11', city: 'Paris', photos: 200 }]);
});

it('looks all of them up again in another version, newer or older', async () => {
  const { db } = await libraryAt([{ lat: 1, lon: -1 }, null]);
  for (const [version, city] of [
    [7, 'Lyon'],
    [9, 'Paris'],
    [8, 'Nice'],
  ] as const) {
    await fillPlaces({ db, gazetteer: westernGazetteer(version, city).gazetteer }, signal);
    expect((await db.vocabulary()).places).toMatchObject([{ city }]);
  }
});

it('opens no gazetteer for a library without coordinates', async () => {
  const { db } = await libraryAt([null, null]);
  const { open, gazetteer } = westernGazetteer(7);
  await fillPlaces({ db, gazetteer }, signal);
  expect(open).not.toHaveBeenCalled();
});

it('names a photo anew whose coordinates changed, and keeps no name of where it is not', async () => {
  const { db, folder } = await libraryAt([{ lat: 1, lon: -1 }]);
  const { gazetteer } = westernGazetteer(7);
  await fillPlaces({ db, gazetteer }, signal);
  expect(await inParis(db)).toHaveLength(1);
  const [stale] = await db.photosToPlace({ gazetteer: 8, limit: 1 });
  // A sidecar beside the same picture says otherwise.
  await scan(db, folder.id, [fileNamed('0.jpg', { mtimeMs: 5_000 })]);
  await identifyAll(db, (file) => factsOf(file, { gps: { lat: 2, lon: 3 } }), 2e9);
  expect(await inParis(db)).toEqual([]);
  if (stale)
    await db.setPlaces({ gazetteer: 7, places: [{ ...stale, place: { country: 'FR', region: null, city: 'Paris' } }] });
  expect(await inParis(db)).toEqual([]);
  await fillPlaces({ db, gazetteer }, signal);
  expect(await inParis(db)).toEqual([]);
  expect(await db.photosToPlace({ gazetteer: 7, limit: 1 })).toEqual([]);
});

it('stops when it is told to', async () => {
  const { db } = await libraryAt([{ lat: 1, lon: -1 }]);
  const { gazetteer } = westernGazetteer(7);
  await expect(fillPlaces({ db, gazetteer }, AbortSignal.abort())).rejects.toThrow();
  expect(await db.photosToPlace({ gazetteer: 7, limit: 1 })).toHaveLength(1);
});

it('opens the gazetteer once for all that ask, and again where that failed', async () => {
  const opened = { nearest: () => null } as unknown as Gazetteer;
  const open = vi.fn(async () => opened).mockRejectedValueOnce(new Error('no file'));
  const shared = sharedGazetteer(1, open);
  await expect(shared.open()).rejects.toThrow('no file');
  expect(shared.opened()).toBeNull();
  expect(await Promise.all([shared.open(), shared.open()])).toEqual([opened, opened]);
  expect(shared.opened()).toBe(opened);
  expect(open).toHaveBeenCalledTimes(2);
});
