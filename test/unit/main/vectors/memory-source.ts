// A vector store in memory, with the same log semantics as the real reader; it counts how often it is read.
import type { VectorKind } from '../../../../main/library-db/library-rows.ts';
import type { VectorSource } from '../../../../main/vectors/vector-source.ts';

export interface MemorySource extends VectorSource {
  put(kind: VectorKind, modelId: string, photoId: number, vector: Float32Array): void;
  delete(kind: VectorKind, modelId: string, photoId: number): void;
  /** Takes everything back: an older, empty copy of the library is in its place. */
  reset(): void;
  /** Full vectors handed out so far. */
  rowsRead(): number;
  changesRead(): number;
}

export function memorySource(): MemorySource {
  const log: { key: string; photoId: number }[] = [];
  const spaces = new Map<string, Map<number, Float32Array>>();
  let rowsRead = 0;
  let changesRead = 0;
  const keyOf = (kind: VectorKind, modelId: string): string => `${kind} ${modelId}`;
  return {
    put(kind, modelId, photoId, vector) {
      const key = keyOf(kind, modelId);
      const rows = spaces.get(key) ?? new Map<number, Float32Array>();
      spaces.set(key, rows.set(photoId, vector));
      log.push({ key, photoId });
    },
    delete(kind, modelId, photoId) {
      const key = keyOf(kind, modelId);
      spaces.get(key)?.delete(photoId);
      log.push({ key, photoId });
    },
    reset() {
      log.length = 0;
      spaces.clear();
    },
    rowsRead: () => rowsRead,
    changesRead: () => changesRead,
    lastSeq: () => log.length,
    changesSince(kind, modelId, cursor, limit) {
      changesRead++;
      const key = keyOf(kind, modelId);
      const rows = spaces.get(key) ?? new Map<number, Float32Array>();
      const part = log.slice(cursor.seq, cursor.seq + limit);
      const photoIds = [...new Set(part.filter((entry) => entry.key === key).map((entry) => entry.photoId))];
      const present = photoIds.filter((id) => rows.has(id));
      const dim = rows.values().next().value?.length ?? 0;
      const data = new Float32Array(present.length * dim);
      for (const [i, id] of present.entries()) data.set(rows.get(id) as Float32Array, i * dim);
      const seq = cursor.seq + part.length;
      return {
        photoIds: Float64Array.from(present),
        data,
        dim,
        removed: Float64Array.from(photoIds.filter((id) => !rows.has(id))),
        damaged: new Float64Array(),
        cursor: { seq, after: -1 },
        more: seq < log.length,
      };
    },
    vectorsOf(kind, modelId, photoIds) {
      rowsRead += photoIds.length;
      const rows = spaces.get(keyOf(kind, modelId));
      return photoIds.map((id) => rows?.get(id) ?? null);
    },
    dimOf: (kind, modelId) => spaces.get(keyOf(kind, modelId))?.values().next().value?.length ?? 0,
    livePhotos: (kind, modelId) => Float64Array.from(spaces.get(keyOf(kind, modelId))?.keys() ?? []),
    close() {},
  };
}
