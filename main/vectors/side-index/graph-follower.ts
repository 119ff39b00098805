// Keeps a graph in step with the store's log, a slice of time at once. Runs in the search process.
import type { VectorKind } from '../../library-db/library-rows.ts';
import type { VectorChanges, VectorCursor, VectorSource } from '../vector-source.ts';
import type { PhotoGraph } from './photo-graph.ts';
import { latestKept } from './spot-check.ts';

/** Rows per answer of the store: 2 MiB at 512 dimensions. */
const pageRows = 1024;

export interface GraphFollower {
  readonly graph: PhotoGraph;
  /** Every change up to here is in the graph. */
  seq(): number;
  /** True where the graph holds all that is committed. */
  isCurrent(): boolean;
  /** Applies changes until `isSpent` says so or none is left; true in the second case. */
  advance(isSpent: () => boolean): boolean;
  /** Changes applied since this was made. */
  changes(): number;
  /** Photos set last, newest first. */
  latest(): number[];
  /** True where the library was replaced by an older copy. */
  wentBack(): boolean;
}

export function createGraphFollower(
  graph: PhotoGraph,
  source: VectorSource,
  id: { kind: VectorKind; modelId: string },
  start: { cursor: VectorCursor; latest: readonly number[] },
): GraphFollower {
  let { cursor } = start;
  let latest = [...start.latest];
  let page: VectorChanges | undefined;
  /** Photos of the page that are in the graph already. */
  let taken = 0;
  let changes = 0;

  function set(photoId: number, vector: Float32Array): void {
    // The first reading of the table may deliver a row again; a node for it would only be a mark.
    const known = graph.vectorOf(photoId);
    if (known?.every((value, i) => value === vector[i])) return;
    graph.set(photoId, vector);
    latest = [photoId, ...latest.filter((other) => other !== photoId)].slice(0, latestKept);
    changes++;
  }

  function drop(photoIds: Float64Array): void {
    for (const photoId of photoIds) {
      if (!graph.has(photoId)) continue;
      graph.remove(photoId);
      changes++;
    }
  }

  function turn(): VectorChanges {
    const next = source.changesSince(id.kind, id.modelId, cursor, pageRows);
    drop(next.removed);
    drop(next.damaged);
    taken = 0;
    return next;
  }

  const isCurrent = (): boolean => !page && cursor.after < 0 && source.lastSeq() === cursor.seq;

  return {
    graph,
    seq: () => cursor.seq,
    isCurrent,
    changes: () => changes,
    latest: () => latest,
    wentBack: () => source.lastSeq() < cursor.seq,
    advance(isSpent) {
      while (!isCurrent()) {
        page ??= turn();
        const { photoIds, data, dim } = page;
        for (; taken < photoIds.length; taken++) {
          if (isSpent()) return false;
          set(photoIds[taken] as number, data.subarray(taken * dim, (taken + 1) * dim));
        }
        cursor = page.cursor;
        page = undefined;
      }
      return true;
    },
  };
}
