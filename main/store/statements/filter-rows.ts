// Statements that read what conditions ask of photos, in portions and by photo. Library thread.
import type { ReadDb } from '../open-database.ts';

/** Facts of a live photo as columns. */
export interface FilterRow {
  readonly id: number;
  /** Epoch milliseconds of local time, see `newestOf`. */
  readonly newest: number;
  readonly format: string | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly orientation: number | null;
  readonly rating: number | null;
  readonly lat: number | null;
  readonly lon: number | null;
  readonly cameraMake: string | null;
  readonly cameraModel: string | null;
  readonly lens: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  readonly favourite: number;
  readonly ownCaption: number;
  readonly generatedCaption: number;
}

/** A present file of a photo. */
export interface FilePlaceRow {
  readonly photoId: number;
  readonly folderId: number;
  readonly relPath: string;
}

const columns = `
    p.id, p.newest, p.format, p.width, p.height, p.orientation, p.rating, p.lat, p.lon,
    p.camera_make AS cameraMake, p.camera_model AS cameraModel, p.lens, l.country, l.region, l.city,
    EXISTS (SELECT 1 FROM favourites v WHERE v.photo_id = p.id) AS favourite,
    EXISTS (SELECT 1 FROM own_captions c WHERE c.photo_id = p.id) AS ownCaption,
    EXISTS (SELECT 1 FROM generated_captions c WHERE c.photo_id = p.id) AS generatedCaption`;

export const filterSql = {
  /** Dead photos are passed over in order of their rows: an index of the live ones would be read beside the table. */
  portion: `
    SELECT ${columns} FROM photos p NOT INDEXED LEFT JOIN photo_places l ON l.photo_id = p.id
    WHERE p.id > ? AND p.id <= ? AND p.present_files > 0`,
  some: `
    SELECT ${columns} FROM json_each(?) asked CROSS JOIN photos p ON p.id = asked.value LEFT JOIN photo_places l ON l.photo_id = p.id
    WHERE p.present_files > 0`,
  filesBetween: `
    SELECT photo_id AS photoId, folder_id AS folderId, rel_path AS relPath FROM files INDEXED BY files_by_photo
    WHERE photo_id > ? AND photo_id <= ? AND missing_since IS NULL ORDER BY photo_id`,
  filesOf: `
    SELECT f.photo_id AS photoId, f.folder_id AS folderId, f.rel_path AS relPath
    FROM json_each(?) asked CROSS JOIN files f ON f.photo_id = asked.value WHERE f.missing_since IS NULL`,
  lastId: 'SELECT max(id) FROM photos',
  phrase: `
    SELECT d.photo_id, d.own, d.tags, d.generated, d.names FROM document_words w JOIN documents d ON d.photo_id = w.rowid
    WHERE document_words MATCH ?`,
  keywords: `
    SELECT w.value AS name, count(*) AS photos FROM (
      SELECT keywords FROM photos INDEXED BY photos_with_keywords WHERE keywords <> '[]' AND present_files > 0 ORDER BY id DESC LIMIT ?
    ) p, json_each(p.keywords) w GROUP BY w.value ORDER BY photos DESC, name LIMIT ?`,
};

export function filterStatements(db: ReadDb) {
  const portion = db.prepare<[number, number], FilterRow>(filterSql.portion);
  const some = db.prepare<[string], FilterRow>(filterSql.some);
  const filesBetween = db.prepare<[number, number], FilePlaceRow>(filterSql.filesBetween);
  const filesOf = db.prepare<[string], FilePlaceRow>(filterSql.filesOf);
  const lastId = db.prepare<[], number | null>(filterSql.lastId).pluck();
  const phrase = db.prepare<[string], [number, string, string, string, string]>(filterSql.phrase).raw();
  const keywords = db.prepare<[number, number], { name: string; photos: number }>(filterSql.keywords);
  return {
    lastId: (): number => lastId.get() ?? 0,
    /** Live photos with `after` < id <= `upTo`. */
    portion: (after: number, upTo: number): FilterRow[] => portion.all(after, upTo),
    filesBetween: (after: number, upTo: number): FilePlaceRow[] => filesBetween.all(after, upTo),
    /** Those of them that are live. */
    some: (photoIds: readonly number[]): FilterRow[] => some.all(JSON.stringify(photoIds)),
    filesOf: (photoIds: readonly number[]): FilePlaceRow[] => filesOf.all(JSON.stringify(photoIds)),
    /** Photo id and texts of what a full-text question matches, one by one. */
    phrase: (match: string) => phrase.iterate(match),
    /** Most common first, of the `photos` added last that have any. */
    keywords: (photos: number, limit: number) => keywords.all(photos, limit),
  };
}
