// Statements about what a gallery and a viewer show of photos. Library thread.
import type { ReadDb } from '../open-database.ts';

/** One cell's columns; `fileName` is a relative path. */
export interface CellRow {
  readonly photoId: number;
  readonly relPath: string;
  readonly mediaRevision: number;
  readonly ownCaption: string | null;
  readonly generatedCaption: string | null;
}

export interface CardRow {
  readonly damaged: number;
  readonly mediaRevision: number;
  readonly favourite: number;
  /** Epoch milliseconds of local time, see `newestOf`. */
  readonly newest: number;
}

/** Where a photo's file lies. */
export interface FilePlace {
  readonly folderPath: string;
  readonly relPath: string;
  /** In a folder that can be reached. */
  readonly present: number;
}

// Present before missing, reachable before away, well read before others.
const bestFileFirst = `f.missing_since IS NOT NULL, d.offline, f.held, f.state <> 'known', f.id`;

export const gallerySql = {
  revision: 'SELECT revision FROM library',
  size: 'SELECT count(*) FROM gallery',
  ids: 'SELECT photo_id FROM gallery ORDER BY photo_id',
  newest: 'SELECT newest FROM gallery ORDER BY photo_id',
  cells: 'SELECT cell FROM gallery ORDER BY photo_id',
  favourites: 'SELECT photo_id FROM favourites',
  failed: `SELECT photo_id FROM jobs WHERE state = 'failed' AND live = 1`,
  /** Photos of these folders, which are away, and of held files, with no file that can be opened. */
  away: `
    SELECT f.photo_id FROM (
      SELECT o.photo_id FROM json_each(?) asked CROSS JOIN files o ON o.folder_id = asked.value
      WHERE o.missing_since IS NULL AND o.photo_id IS NOT NULL
      UNION ALL SELECT photo_id FROM files INDEXED BY files_held WHERE held <> 0 AND missing_since IS NULL AND photo_id IS NOT NULL
    ) f
    WHERE NOT EXISTS (
      SELECT 1 FROM files o JOIN folders e ON e.id = o.folder_id
      WHERE o.photo_id = f.photo_id AND o.missing_since IS NULL AND o.held = 0 AND e.offline = 0)`,
  cellRows: `
    SELECT p.id AS photoId, f.rel_path AS relPath, p.media_revision AS mediaRevision,
      (SELECT text FROM own_captions c WHERE c.photo_id = p.id ORDER BY rank LIMIT 1) AS ownCaption,
      (SELECT text FROM generated_captions c WHERE c.photo_id = p.id ORDER BY rank LIMIT 1) AS generatedCaption
    FROM json_each(?) AS asked
    JOIN photos p ON p.id = asked.value
    JOIN files f ON f.id = (
      SELECT id FROM files WHERE photo_id = p.id AND missing_since IS NULL ORDER BY state = 'known' DESC, id LIMIT 1
    )
    ORDER BY asked.key`,
  card: `
    SELECT damaged, newest, media_revision AS mediaRevision, EXISTS (SELECT 1 FROM favourites v WHERE v.photo_id = p.id) AS favourite
    FROM photos p WHERE id = ?`,
  place: `
    SELECT d.path AS folderPath, f.rel_path AS relPath, f.missing_since IS NULL AND d.offline = 0 AND f.held = 0 AS present
    FROM files f JOIN folders d ON d.id = f.folder_id WHERE f.photo_id = ? ORDER BY ${bestFileFirst} LIMIT 1`,
  present: `
    SELECT d.path AS folderPath, f.rel_path AS relPath, d.offline = 0 AND f.held = 0 AS present
    FROM files f JOIN folders d ON d.id = f.folder_id
    WHERE f.photo_id = ? AND f.missing_since IS NULL ORDER BY ${bestFileFirst} LIMIT 1`,
  uncoloured: 'SELECT id FROM photos WHERE has_thumbnail = 1 AND colour IS NULL ORDER BY id DESC LIMIT ?',
};

export function galleryStatements(db: ReadDb) {
  const revision = db.prepare<[], number>(gallerySql.revision).pluck();
  const size = db.prepare<[], number>(gallerySql.size).pluck();
  const cellRows = db.prepare<[string], CellRow>(gallerySql.cellRows);
  const card = db.prepare<[number], CardRow>(gallerySql.card);
  const place = db.prepare<[number], FilePlace>(gallerySql.place);
  const present = db.prepare<[number], FilePlace>(gallerySql.present);
  const away = db.prepare<[string], number>(gallerySql.away).pluck();
  const list = (sql: string) => {
    const statement = db.prepare<[], number>(sql).pluck();
    return (): number[] => statement.all();
  };
  return {
    ...favouriteStatements(db),
    ...pictureStatements(db),
    revision: (): number => revision.get() ?? 0,
    /** Photos shown. */
    size: (): number => size.get() ?? 0,
    /** Three columns of the same rows, by id. Read inside one transaction. */
    ids: list(gallerySql.ids),
    newest: list(gallerySql.newest),
    cells: list(gallerySql.cells),
    favourites: list(gallerySql.favourites),
    failed: list(gallerySql.failed),
    /** Photos of these folders, which are away, that have no file in one that is not. */
    away: (folderIds: readonly number[]): number[] => away.all(JSON.stringify(folderIds)),
    /** In the order asked; photos without a present file are left out. */
    cellRows: (photoIds: readonly number[]): CellRow[] => cellRows.all(JSON.stringify(photoIds)),
    card: (photoId: number): CardRow | undefined => card.get(photoId),
    /** The best file of a photo, a missing one where there is no other. */
    place: (photoId: number): FilePlace | undefined => place.get(photoId),
    presentPlace: (photoId: number): FilePlace | undefined => present.get(photoId),
  };
}

function favouriteStatements(db: ReadDb) {
  const mark = db
    .prepare<[{ photoIds: string; now: number }], number>(
      `INSERT INTO favourites (photo_id, marked_at) SELECT p.id, :now FROM json_each(:photoIds) asked JOIN photos p ON p.id = asked.value WHERE true
       ON CONFLICT (photo_id) DO NOTHING RETURNING photo_id`,
    )
    .pluck();
  const unmark = db
    .prepare<[string], number>(
      'DELETE FROM favourites WHERE photo_id IN (SELECT value FROM json_each(?)) RETURNING photo_id',
    )
    .pluck();
  return {
    /** @returns those that were not so before. */
    setFavourite: (photoIds: readonly number[], isFavourite: boolean, now: number): number[] =>
      isFavourite ? mark.all({ photoIds: JSON.stringify(photoIds), now }) : unmark.all(JSON.stringify(photoIds)),
  };
}

/** What is known of a photo's small picture, whose bytes lie in another file. */
function pictureStatements(db: ReadDb) {
  const renew = db.prepare<[number | null, number]>(
    'UPDATE photos SET has_thumbnail = 1, media_revision = media_revision + 1, colour = coalesce(?, colour) WHERE id = ?',
  );
  const lose = db.prepare<[number]>('UPDATE photos SET has_thumbnail = 0 WHERE id = ? AND has_thumbnail = 1');
  const animated = db.prepare<[number, number]>('UPDATE photos SET animated = ? WHERE id = ?');
  const colour = db.prepare<[number, number]>('UPDATE photos SET colour = ? WHERE id = ?');
  const uncoloured = db.prepare<[number], number>(gallerySql.uncoloured).pluck();
  return {
    /** A thumbnail was stored. */
    renewThumbnail(photoId: number, ofColour: number | null): void {
      renew.run(ofColour, photoId);
    },
    /** No thumbnail is stored any more. */
    loseThumbnail(photoId: number): void {
      lose.run(photoId);
    },
    setAnimated(photoId: number, isAnimated: boolean): void {
      animated.run(isAnimated ? 1 : 0, photoId);
    },
    setColour(photoId: number, to: number): void {
      colour.run(to, photoId);
    },
    /** Photos with a thumbnail of no known colour, the newest added first. */
    uncoloured: (limit: number): number[] => uncoloured.all(limit),
  };
}
