// Statements about the names of the places where photos were taken. Library thread.
import type { ReadDb } from '../open-database.ts';

/** Where a photo was taken, degrees. */
interface PlacedPoint {
  readonly photoId: number;
  readonly latitude: number;
  readonly longitude: number;
}

interface NamedPlace {
  readonly country: string;
  readonly region: string | null;
  readonly city: string | null;
}

const toBe = (comparison: string) => `
    SELECT id AS photoId, lat AS latitude, lon AS longitude FROM photos INDEXED BY photos_placed
    WHERE lat IS NOT NULL AND lon IS NOT NULL AND placed ${comparison} ? LIMIT ?`;

export const placeSql = { byOlder: toBe('<'), byNewer: toBe('>') };

export function placeStatements(db: ReadDb) {
  const byOlder = db.prepare<[number, number], PlacedPoint>(placeSql.byOlder);
  const byNewer = db.prepare<[number, number], PlacedPoint>(placeSql.byNewer);
  const put = db.prepare<[number, string, string | null, string | null]>(
    `INSERT INTO photo_places (photo_id, country, region, city) VALUES (?, ?, ?, ?)
     ON CONFLICT (photo_id) DO UPDATE SET country = excluded.country, region = excluded.region, city = excluded.city`,
  );
  const remove = db.prepare<[number]>('DELETE FROM photo_places WHERE photo_id = ?');
  const mark = db.prepare<[number, number, number, number]>(
    'UPDATE photos SET placed = ? WHERE id = ? AND lat = ? AND lon = ?',
  );
  return {
    /** Photos that were not looked up in this version of the gazetteer. */
    unplaced(gazetteer: number, limit: number): PlacedPoint[] {
      const older = byOlder.all(gazetteer, limit);
      return older.length < limit ? [...older, ...byNewer.all(gazetteer, limit - older.length)] : older;
    },
    /** @param place null far from any */
    put({ photoId, latitude, longitude }: PlacedPoint, place: NamedPlace | null, gazetteer: number): void {
      // First: a photo that has other coordinates by now keeps what it has, and is asked for again.
      if (mark.run(gazetteer, photoId, latitude, longitude).changes === 0) return;
      if (place) put.run(photoId, place.country, place.region, place.city);
      else remove.run(photoId);
      if (!place) mark.run(gazetteer, photoId, latitude, longitude);
    },
  };
}
