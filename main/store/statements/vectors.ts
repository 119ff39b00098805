// Statements that write vectors; triggers keep the log that an index follows. Library thread.
import { AppError } from '../../platform/app-error.ts';
import type { ReadDb } from '../open-database.ts';
import { checksum, readInto, toBlob } from '../vector-blob.ts';

interface SpaceColumns {
  readonly id: number;
  readonly dim: number;
}

export function vectorStatements(db: ReadDb) {
  const space = db.prepare<[string, string], SpaceColumns>(
    'SELECT id, dim FROM vector_spaces WHERE kind = ? AND model_id = ?',
  );
  const insertSpace = db.prepare<[string, string, number], SpaceColumns>(
    'INSERT INTO vector_spaces (kind, model_id, dim) VALUES (?, ?, ?) RETURNING id, dim',
  );
  const put = db.prepare<[number, number, number, Buffer]>(
    `INSERT INTO vectors (photo_id, space_id, crc, data) VALUES (?, ?, ?, ?)
     ON CONFLICT (photo_id, space_id) DO UPDATE SET crc = excluded.crc, data = excluded.data`,
  );
  const removeKind = db.prepare<[number, string]>(
    'DELETE FROM vectors WHERE photo_id = ? AND space_id IN (SELECT id FROM vector_spaces WHERE kind = ?)',
  );
  const ofPhoto = db.prepare<[number], { kind: string; model: string; dim: number }>(
    `SELECT s.kind, s.model_id AS model, s.dim FROM vectors v JOIN vector_spaces s ON s.id = v.space_id
     WHERE v.photo_id = ? ORDER BY s.id`,
  );
  const one = db.prepare<[number, string, string], { dim: number; crc: number; data: Buffer }>(
    `SELECT s.dim, v.crc, v.data FROM vectors v JOIN vector_spaces s ON s.id = v.space_id
     WHERE v.photo_id = ? AND s.kind = ? AND s.model_id = ?`,
  );
  return {
    /** Null where there is none, or it fails its checksum. */
    vectorOf(photoId: number, kind: string, modelId: string): Float32Array | null {
      const row = one.get(photoId, kind, modelId);
      if (!row || row.data.length !== row.dim * 4 || checksum(row.data) !== row.crc) return null;
      const vector = new Float32Array(row.dim);
      readInto(vector, 0, row.data);
      return vector;
    },
    /** Stores or replaces the photo's vector of this kind and model. Throws `store/failed` for another dimension than the model's first vector had. */
    put(photoId: number, kind: string, modelId: string, data: Float32Array): void {
      const { id, dim } = space.get(kind, modelId) ?? (insertSpace.get(kind, modelId, data.length) as SpaceColumns);
      if (dim !== data.length) {
        throw new AppError(
          'store/failed',
          `Vectors of ${modelId} have ${dim} numbers, this one ${data.length}: the model changed without a new revision.`,
        );
      }
      const blob = toBlob(data);
      put.run(photoId, id, checksum(blob), blob);
    },
    /** Removes the photo's vectors of a kind, of all models. */
    removeKind(photoId: number, kind: string): void {
      removeKind.run(photoId, kind);
    },
    ofPhoto: (photoId: number) => ofPhoto.all(photoId),
  };
}
