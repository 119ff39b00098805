// A library of before there were places gets them without its photos being read again: the step leaves them as work to do.
import { expect, it } from 'vitest';
import { latestVersion, migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { filterStatements } from '../../main/store/statements/filter-rows.ts';
import { placeStatements } from '../../main/store/statements/places.ts';
import { temporaryFolder } from '../helpers/library-db.ts';

it('asks for the places of photos that an older version took in, and of no others', async () => {
  const db = openForWriting(`${temporaryFolder()}/library.db`, latestVersion(librarySteps));
  const before = librarySteps.filter(({ version }) => version < 140);
  await migrate(db, before, async () => undefined);
  const insert = db.prepare(
    `INSERT INTO photos (sha256, size_bytes, lat, lon, camera_model, newest, added_at, present_files) VALUES (randomblob(32), 1, ?, ?, 'X', 0, 0, 1)`,
  );
  for (const [lat, lon] of [
    [48.8, 2.3],
    [null, null],
    [-33.9, 151.2],
  ])
    insert.run(lat, lon);
  const row = (id: number) => db.prepare('SELECT camera_model, newest, present_files FROM photos WHERE id = ?').get(id);
  const known = [1, 2, 3].map(row);
  await migrate(db, librarySteps, async () => undefined);
  const places = placeStatements(db);
  const points = places.unplaced(7, 10);
  expect(points).toEqual([
    { photoId: 1, latitude: 48.8, longitude: 2.3 },
    { photoId: 3, latitude: -33.9, longitude: 151.2 },
  ]);
  for (const point of points) places.put(point, { country: 'FR', region: null, city: null }, 7);
  expect(places.unplaced(7, 10)).toEqual([]);
  expect(
    filterStatements(db)
      .portion(0, 10)
      .map(({ id, country }) => [id, country]),
  ).toEqual([
    [1, 'FR'],
    [2, null],
    [3, 'FR'],
  ]);
  expect([1, 2, 3].map(row)).toEqual(known);
  // A name that was lost, as one that a repair drops, is asked for again.
  db.prepare('DELETE FROM photo_places WHERE photo_id = 3').run();
  expect(places.unplaced(7, 10).map(({ photoId }) => photoId)).toEqual([3]);
  db.close();
});
