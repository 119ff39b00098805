// Reads vectors for an index: all of them once, then what changed since, over a connection that cannot write. Search process.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { latestVersion } from './migrate.ts';
import { librarySteps } from './migrations/steps.ts';
import { newerThanApp, openForReading, type ReadDb, reading, schemaVersion } from './open-database.ts';
import { type Space, type VectorRow, vectorReadStatements } from './statements/vector-reads.ts';
import { toStoreError } from './store-error.ts';
import { checksum, readInto } from './vector-blob.ts';

/** How far a follower has come; plain data. `after` is -1 once the table has been read and the log is followed. */
export interface VectorCursor {
  readonly seq: number;
  readonly after: number;
}

/** The cursor of one who has nothing yet. */
export const vectorStart: VectorCursor = { seq: 0, after: 0 };

export interface VectorChanges {
  /** Photos whose vector is new or changed, each once; one may have been delivered before. */
  readonly photoIds: Float64Array;
  /** `photoIds.length` rows of `dim` numbers, unit length. */
  readonly data: Float32Array;
  /** 0 where no vector of this kind and model was ever stored. */
  readonly dim: number;
  /** Photos that have no vector any more, or no present file. One that returns is delivered again. */
  readonly removed: Float64Array;
  /** Photos whose stored vector fails its checksum; not in `data`, and to be treated as removed. */
  readonly damaged: Float64Array;
  readonly cursor: VectorCursor;
  /** False where this answer reached the state of the library at the call. */
  readonly more: boolean;
}

export interface VectorReader {
  /** The newest change of any kind and model: the same number twice means that nothing changed between. */
  lastSeq(): number;
  /** At most `limit` rows; only photos with a present file are delivered. */
  changesSince(kind: string, modelId: string, cursor: VectorCursor, limit: number): VectorChanges;
  /** In the order asked; null where there is no sound vector or the photo has no present file. */
  vectorsOf(kind: string, modelId: string, photoIds: readonly number[]): (Float32Array | null)[];
  /** Dimension of this kind and model; 0 where no such vector was ever stored. */
  dimOf(kind: string, modelId: string): number;
  /** Every present photo that has a vector, damaged ones included; reads ids alone. */
  livePhotos(kind: string, modelId: string): Float64Array;
  spaces(): { kind: string; modelId: string; dim: number; rows: number }[];
  close(): void;
}

/** Throws `library/not-found` where the folder holds no library, else `store/*`. */
export function openVectorReader(libraryFolder: string): VectorReader {
  const file = path.join(libraryFolder, 'library.db');
  if (!existsSync(file))
    throw new AppError('library/not-found', `There is no library in ${libraryFolder}: add a folder first.`);
  const db = openForReading(file);
  try {
    requireSchema(db);
    return converted(readerOver(db), file);
  } catch (error) {
    db.close();
    throw toStoreError(error, file);
  }
}

function requireSchema(db: ReadDb): void {
  const version = schemaVersion(db);
  const latest = latestVersion(librarySteps);
  if (version > latest) throw newerThanApp(version, latest);
  if (version < latest)
    throw new AppError('store/busy', 'The library is being brought up to date: try again in a moment.');
}

function readerOver(db: ReadDb): VectorReader {
  const statements = vectorReadStatements(db);
  return {
    lastSeq: statements.lastSeq,
    changesSince: (kind, modelId, cursor, limit) =>
      reading(db, () => {
        const space = statements.space(kind, modelId);
        const lastSeq = statements.lastSeq();
        if (!space) return emptyChanges({ seq: lastSeq, after: -1 });
        const isScan = cursor.after >= 0;
        const rows = isScan
          ? statements.scan(space.id, cursor.after, limit)
          : statements.changed(space.id, cursor.seq, limit);
        return gather(rows, space, isScan ? afterScan(rows, cursor, lastSeq, limit) : afterLog(rows, lastSeq, limit));
      }),
    vectorsOf(kind, modelId, photoIds) {
      const space = statements.space(kind, modelId);
      if (!space) return photoIds.map(() => null);
      const found = new Map(statements.byPhoto(space.id, photoIds).map((row) => [row.photo_id, row]));
      return photoIds.map((photoId) => {
        const row = found.get(photoId);
        if (!row || !isSound(row, space.dim)) return null;
        const vector = new Float32Array(space.dim);
        readInto(vector, 0, row.data);
        return vector;
      });
    },
    dimOf: (kind, modelId) => statements.space(kind, modelId)?.dim ?? 0,
    livePhotos: (kind, modelId) =>
      reading(db, () => {
        const space = statements.space(kind, modelId);
        return Float64Array.from(space ? statements.live(space.id) : []);
      }),
    spaces: statements.spaces,
    close: () => db.close(),
  };
}

interface Step {
  readonly cursor: VectorCursor;
  readonly more: boolean;
}

/** What is written while the table is being read gets a log entry past the position taken before the first row, so following from there misses nothing. */
function afterScan(rows: readonly VectorRow[], cursor: VectorCursor, lastSeq: number, limit: number): Step {
  const seq = cursor.after === 0 ? lastSeq : cursor.seq;
  if (rows.length === limit) return { cursor: { seq, after: rows.at(-1)?.place ?? 0 }, more: true };
  return { cursor: { seq, after: -1 }, more: lastSeq > seq };
}

function afterLog(rows: readonly VectorRow[], lastSeq: number, limit: number): Step {
  if (rows.length === limit) return { cursor: { seq: rows.at(-1)?.place ?? 0, after: -1 }, more: true };
  return { cursor: { seq: lastSeq, after: -1 }, more: false };
}

function gather(rows: readonly VectorRow[], space: Space, step: Step): VectorChanges {
  const photoIds: number[] = [];
  const removed: number[] = [];
  const damaged: number[] = [];
  const data = new Float32Array(rows.length * space.dim);
  for (const row of rows) {
    if (row.data === null || row.live !== 1) removed.push(row.photo_id);
    else if (!isSound(row, space.dim)) damaged.push(row.photo_id);
    else {
      readInto(data, photoIds.length * space.dim, row.data);
      photoIds.push(row.photo_id);
    }
  }
  return {
    photoIds: Float64Array.from(photoIds),
    data: data.subarray(0, photoIds.length * space.dim),
    dim: space.dim,
    removed: Float64Array.from(removed),
    damaged: Float64Array.from(damaged),
    ...step,
  };
}

function isSound(row: VectorRow, dim: number): row is VectorRow & { data: Buffer } {
  return row.data !== null && row.data.length === dim * 4 && checksum(row.data) === row.crc;
}

function emptyChanges(cursor: VectorCursor): VectorChanges {
  const none = new Float64Array();
  return { photoIds: none, data: new Float32Array(), dim: 0, removed: none, damaged: none, cursor, more: false };
}

function converted(reader: VectorReader, file: string): VectorReader {
  const convert =
    <Input extends unknown[], Output>(method: (...input: Input) => Output) =>
    (...input: Input): Output => {
      try {
        return method(...input);
      } catch (error) {
        throw toStoreError(error, file);
      }
    };
  return {
    lastSeq: convert(reader.lastSeq),
    changesSince: convert(reader.changesSince),
    vectorsOf: convert(reader.vectorsOf),
    dimOf: convert(reader.dimOf),
    livePhotos: convert(reader.livePhotos),
    spaces: convert(reader.spaces),
    close: reader.close,
  };
}
