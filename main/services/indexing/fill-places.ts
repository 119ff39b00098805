// Names the places of photos that tell where they were taken, a few at a time: of new ones, and of those that an older version took in. Shell process.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { throwIfCancelled } from '../../platform/app-error.ts';
import type { SharedGazetteer } from '../search/shared-gazetteer.ts';

/** One transaction; looking them up takes some milliseconds. */
const portion = 256;

/** A library without such photos never opens the gazetteer. @throws CancelledError when the signal was aborted; a later call goes on. */
export async function fillPlaces(
  {
    db,
    gazetteer,
  }: { readonly db: Pick<LibraryDb, 'photosToPlace' | 'setPlaces'>; readonly gazetteer: SharedGazetteer },
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    throwIfCancelled(signal);
    const points = await db.photosToPlace({ gazetteer: gazetteer.version, limit: portion });
    if (points.length === 0) return;
    const { nearest } = await gazetteer.open();
    const places = points.map((point) => {
      const found = nearest(point.latitude, point.longitude);
      const place = found && { country: found.country, region: found.region ?? null, city: found.city ?? null };
      return { ...point, place };
    });
    await db.setPlaces({ gazetteer: gazetteer.version, places });
    await nextTurn();
  }
}
