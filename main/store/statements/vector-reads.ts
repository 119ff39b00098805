// Statements that read vectors in bulk, by change and by photo. Search process.
import type { ReadDb } from '../open-database.ts';

/** One kind of vector of one model. */
export interface Space {
  readonly id: number;
  readonly dim: number;
}

export interface VectorRow {
  /** Row id in the table, or position in the log: what to go on after. */
  readonly place: number;
  readonly photo_id: number;
  readonly crc: number | null;
  readonly data: Buffer | null;
  readonly live: number;
}

export const vectorReadSql = {
  lastSeq: 'SELECT max(seq) FROM vec_log',
  scan: `
    SELECT v.id AS place, v.photo_id, v.crc, v.data, p.present_files > 0 AS live
    FROM vectors v CROSS JOIN photos p ON p.id = v.photo_id
    WHERE v.space_id = ? AND v.id > ? ORDER BY v.id LIMIT ?`,
  changed: `
    SELECT l.seq AS place, l.photo_id, v.crc, v.data, p.present_files > 0 AS live
    FROM vec_log l CROSS JOIN photos p ON p.id = l.photo_id
    LEFT JOIN vectors v ON v.photo_id = l.photo_id AND v.space_id = l.space_id
    WHERE l.space_id = ? AND l.seq > ? ORDER BY l.seq LIMIT ?`,
  byPhoto: `
    SELECT v.id AS place, v.photo_id, v.crc, v.data, 1 AS live
    FROM json_each(?) AS asked
    CROSS JOIN vectors v ON v.photo_id = asked.value AND v.space_id = ?
    CROSS JOIN photos p ON p.id = v.photo_id
    WHERE p.present_files > 0`,
  // The index of the vectors' unique pair answers this: no vector is read.
  live: `
    SELECT v.photo_id FROM photos p CROSS JOIN vectors v ON v.photo_id = p.id AND v.space_id = ?
    WHERE p.present_files > 0`,
};

export function vectorReadStatements(db: ReadDb) {
  const space = db.prepare<[string, string], Space>(
    'SELECT id, dim FROM vector_spaces WHERE kind = ? AND model_id = ?',
  );
  const spaces = db.prepare<[], { kind: string; modelId: string; dim: number; rows: number }>(
    `SELECT kind, model_id AS modelId, dim, (SELECT count(*) FROM vectors v WHERE v.space_id = s.id) AS rows
     FROM vector_spaces s ORDER BY id`,
  );
  const lastSeq = db.prepare<[], number | null>(vectorReadSql.lastSeq).pluck();
  const scan = db.prepare<[number, number, number], VectorRow>(vectorReadSql.scan);
  const changed = db.prepare<[number, number, number], VectorRow>(vectorReadSql.changed);
  const byPhoto = db.prepare<[string, number], VectorRow>(vectorReadSql.byPhoto);
  const live = db.prepare<[number], number>(vectorReadSql.live).pluck();
  return {
    live: (spaceId: number): number[] => live.all(spaceId),
    space: (kind: string, modelId: string): Space | undefined => space.get(kind, modelId),
    spaces: () => spaces.all(),
    lastSeq: (): number => lastSeq.get() ?? 0,
    scan: (spaceId: number, after: number, limit: number): VectorRow[] => scan.all(spaceId, after, limit),
    changed: (spaceId: number, seq: number, limit: number): VectorRow[] => changed.all(spaceId, seq, limit),
    byPhoto: (spaceId: number, photoIds: readonly number[]): VectorRow[] =>
      byPhoto.all(JSON.stringify(photoIds), spaceId),
  };
}
