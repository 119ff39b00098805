// The vector index: by exact scan, the reference and the default, and by a graph where one is ready and the question is of a kind it can answer. Runs in the search process.
import type { ScoredIds, VectorKind } from '../library-db/library-rows.ts';
import { AppError } from '../platform/app-error.ts';
import { gatherCandidates } from './candidates.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import type { SideOptions } from './side-index/space-keepers.ts';
import type { WatchedIndex } from './vector-index.ts';
import type { VectorSource } from './vector-source.ts';
import { createVectorSpace, maxNearest, type VectorSpace } from './vector-space.ts';

/** Most neighbours that the graph is asked for: past its search width it would visit more than it saves. */
const maxByGraph = 500;
/** Neighbours taken of the graph for each one wanted: some are of photos that went, and float32 has the last word on their order. */
const overFetch = 2;

export interface ClosableIndex extends WatchedIndex {
  /** Resolves when no side file is being worked on any more. */
  close(): Promise<void>;
}

/** Answers from `source`; vectors of a kind and model are loaded with the first question about them. Errors are `model/shape` and `vectors/*`. */
export function createExactIndex(kernel: Kernel, source: VectorSource, side?: SideOptions): ClosableIndex {
  const spaces = new Map<string, { readonly id: { kind: VectorKind; modelId: string }; readonly space: VectorSpace }>();

  /** Side files are read before a space is followed; following is one step, so that questions over several spaces see one state. */
  async function opened(id: { kind: VectorKind; modelId: string }): Promise<VectorSpace> {
    const key = `${id.kind} ${id.modelId}`;
    let entry = spaces.get(key);
    if (!entry) {
      const { kind, modelId } = id;
      entry = { id: { kind, modelId }, space: createVectorSpace(kernel, source, { kind, modelId }, side) };
      spaces.set(key, entry);
    }
    await entry.space.open();
    return entry.space;
  }

  return {
    async candidates({ queries, include, exact, within }) {
      for (const { limit } of queries) if (limit !== 0) checkLimit(limit);
      checkLimit(exact);
      const asked = await Promise.all(queries.map(async (query) => ({ query, space: await opened(query) })));
      for (const space of new Set(asked.map((one) => one.space))) space.follow();
      return gatherCandidates(asked, { include, exact, ...(within ? { within } : {}) });
    },
    async similar({ photoId, limit, ...id }) {
      checkLimit(limit + 1);
      const space = await opened(id);
      space.follow();
      const vector = space.vectorOf(photoId);
      if (!vector) return { photoIds: [], scores: [] };
      const byGraph = limit < maxByGraph ? space.nearestByGraph(vector, overFetch * (limit + 1)) : null;
      const near = byGraph ?? space.scan(vector, 2 * (limit + 1)).photoIds;
      const { photoIds, scores } = best(space, vector, near, limit + 1);
      const others = photoIds.map((_, i) => i).filter((i) => photoIds[i] !== photoId);
      return {
        photoIds: others.slice(0, limit).map((i) => photoIds[i] as number),
        scores: others.slice(0, limit).map((i) => scores[i] as number),
      };
    },
    status: async () => [...spaces.values()].map(({ id, space }) => ({ ...id, ...space.status() })),
    async close() {
      await Promise.all([...spaces.values()].map(({ space }) => space.close()));
    },
    async warm({ models }) {
      const warmed = await Promise.all(models.map(opened));
      for (const space of warmed) space.follow();
      return {
        rows: warmed.reduce((sum, space) => sum + space.rows(), 0),
        bytes: warmed.reduce((sum, space) => sum + space.bytes(), 0),
      };
    },
  };
}

/** The best of `near`, best first, equal scores by photo id, all in float32; what is no live row any more has no score and is left out. */
function best(space: VectorSpace, vector: Float32Array, near: readonly number[], limit: number): ScoredIds {
  const scores = space.score(vector, near);
  const sorted = near
    .map((photoId, i) => ({ photoId, score: scores[i] as number }))
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => b.score - a.score || a.photoId - b.photoId)
    .slice(0, limit);
  return { photoIds: sorted.map(({ photoId }) => photoId), scores: sorted.map(({ score }) => score) };
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxNearest) return;
  throw new AppError('input/invalid', `A search takes 1 to ${maxNearest} hits, not ${limit}.`);
}
