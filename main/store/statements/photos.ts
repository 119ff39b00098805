// Statements about photos as content: one row per sha256. Library thread.
import type { ReadDb } from '../open-database.ts';

/** A photo's facts as columns; every absent one is null. */
export interface PhotoColumns {
  readonly sha256: Buffer;
  readonly size_bytes: number;
  readonly format: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly taken_at: string | null;
  readonly utc_offset: string | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly camera_make: string | null;
  readonly camera_model: string | null;
  readonly lens: string | null;
  readonly exposure_seconds: number | null;
  readonly f_number: number | null;
  readonly iso: number | null;
  readonly focal_length_mm: number | null;
  readonly orientation: number | null;
  readonly rating: number | null;
  /** JSON list of strings. */
  readonly keywords: string;
  readonly title: string | null;
  readonly description: string | null;
}

const factColumns = [
  'format',
  'width',
  'height',
  'taken_at',
  'utc_offset',
  'lat',
  'lon',
  'camera_make',
  'camera_model',
  'lens',
  'exposure_seconds',
  'f_number',
  'iso',
  'focal_length_mm',
  'orientation',
  'rating',
  'keywords',
  'title',
  'description',
] as const satisfies readonly (keyof PhotoColumns)[];

// A second file of the same bytes may lack the sidecar that the first one has: what is known stays, what is new replaces it.
const mergeSql = factColumns
  .map((column) =>
    column === 'keywords'
      ? `keywords = CASE WHEN :keywords = '[]' THEN keywords ELSE :keywords END`
      : `${column} = coalesce(:${column}, ${column})`,
  )
  .join(', ');

export function photoStatements(db: ReadDb) {
  const idOf = db.prepare<[Buffer], number>('SELECT id FROM photos WHERE sha256 = ?').pluck();
  const insert = db
    .prepare<[PhotoColumns & { newest: number; now: number }], number>(
      `INSERT INTO photos (sha256, size_bytes, ${factColumns.join(', ')}, newest, added_at)
       VALUES (:sha256, :size_bytes, ${factColumns.map((column) => `:${column}`).join(', ')}, :newest, :now) RETURNING id`,
    )
    .pluck();
  const merge = db.prepare<[PhotoColumns & { id: number; newest: number }]>(
    `UPDATE photos SET ${mergeSql}, newest = CASE WHEN :taken_at IS NULL THEN newest ELSE :newest END WHERE id = :id`,
  );
  const facts = db.prepare<[number], PhotoColumns>(
    `SELECT sha256, size_bytes, ${factColumns.join(', ')} FROM photos WHERE id = ?`,
  );
  const forget = db.prepare('UPDATE photos SET has_thumbnail = 0 WHERE has_thumbnail = 1');
  const forgetOne = db.prepare<[number]>('UPDATE photos SET has_thumbnail = 0 WHERE id = ?');
  const damaged = db.prepare<[number, number]>('UPDATE photos SET damaged = ? WHERE id = ?');
  const lastId = db.prepare<[], number | null>("SELECT seq FROM sqlite_sequence WHERE name = 'photos'").pluck();
  return {
    /** The highest number of a photo ever given; 0 where there was none. */
    lastId: (): number => lastId.get() ?? 0,
    idOf: (sha256: Buffer): number | undefined => idOf.get(sha256),
    /** @param newest orders work and the gallery: the local time taken, else the file's, as if it were UTC, in epoch milliseconds. */
    insert: (columns: PhotoColumns, newest: number, now: number): number =>
      insert.get({ ...columns, newest, now }) as number,
    /** Adds facts read anew from the same bytes (or another sidecar) to those known. */
    merge(id: number, columns: PhotoColumns, newest: number): void {
      merge.run({ ...columns, id, newest });
    },
    facts: (id: number): PhotoColumns | undefined => facts.get(id),
    /** The file of thumbnails was lost. */
    forgetThumbnails(): void {
      forget.run();
    },
    forgetThumbnail(id: number): void {
      forgetOne.run(id);
    },
    setDamaged(id: number, isDamaged: boolean): void {
      damaged.run(isDamaged ? 1 : 0, id);
    },
  };
}
