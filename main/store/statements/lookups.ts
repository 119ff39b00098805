// Statements that hydrate photo ids and paths for showing. Library thread.
import type { ReadDb } from '../open-database.ts';

/** A photo's place and captions, as a result list shows it. */
export interface ShownPhoto {
  readonly photoId: number;
  readonly folderPath: string;
  readonly relPath: string;
  readonly ownCaption: string | null;
  readonly generatedCaption: string | null;
}

/** A claimed photo's content and one present file that holds it. */
export interface PhotoPlace {
  readonly photoId: number;
  readonly sha256: Buffer;
  readonly folderPath: string;
  readonly relPath: string;
}

/** Ids bound at once, as one JSON list. */
const chunkSize = 5_000;

export const lookupSql = {
  shown: `
    SELECT p.id AS photoId, d.path AS folderPath, f.rel_path AS relPath,
      (SELECT text FROM own_captions c WHERE c.photo_id = p.id ORDER BY rank LIMIT 1) AS ownCaption,
      (SELECT text FROM generated_captions c WHERE c.photo_id = p.id ORDER BY rank LIMIT 1) AS generatedCaption
    FROM json_each(?) AS asked
    JOIN photos p ON p.id = asked.value
    JOIN files f ON f.id = (
      SELECT id FROM files WHERE photo_id = p.id AND missing_since IS NULL ORDER BY state = 'known' DESC, id LIMIT 1
    )
    JOIN folders d ON d.id = f.folder_id
    ORDER BY asked.key`,
  places: `
    SELECT p.id AS photoId, p.sha256 AS sha256, d.path AS folderPath, f.rel_path AS relPath
    FROM json_each(?) AS asked
    JOIN photos p ON p.id = asked.value
    JOIN files f ON f.id = (
      SELECT o.id FROM files o JOIN folders e ON e.id = o.folder_id
      WHERE o.photo_id = p.id AND o.missing_since IS NULL AND o.state = 'known' ORDER BY e.offline, o.held, o.id LIMIT 1
    )
    JOIN folders d ON d.id = f.folder_id
    ORDER BY asked.key`,
  photoAt: 'SELECT photo_id FROM files WHERE folder_id = ? AND rel_path = ?',
};

export function lookupStatements(db: ReadDb) {
  const shown = db.prepare<[string], ShownPhoto>(lookupSql.shown);
  const places = db.prepare<[string], PhotoPlace>(lookupSql.places);
  const photoAt = db.prepare<[number, string], number | null>(lookupSql.photoAt).pluck();
  return {
    /** In the order asked; photos without a present file are left out. */
    shown: (photoIds: readonly number[]): ShownPhoto[] => inChunks(photoIds, (list) => shown.all(list)),
    /** In the order asked, of identified present files, those of reachable folders first. */
    places: (photoIds: readonly number[]): PhotoPlace[] => inChunks(photoIds, (list) => places.all(list)),
    /** The photo of a file, also of a missing one; undefined where the file or its content is not known. */
    photoAt: (folderId: number, relPath: string): number | undefined => photoAt.get(folderId, relPath) ?? undefined,
  };
}

function inChunks<T>(ids: readonly number[], query: (list: string) => T[]): T[] {
  const rows: T[] = [];
  for (let start = 0; start < ids.length; start += chunkSize) {
    rows.push(...query(JSON.stringify(ids.slice(start, start + chunkSize))));
  }
  return rows;
}
