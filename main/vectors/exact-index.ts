// The vector index by exact scan: the reference for any other structure, and the default. Runs in the search process.
import type { ScoredIds, VectorKind } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { gatherCandidates } from './candidates.ts';
import type { Kernel } from './kernel/load-kernel.ts';
import type { VectorIndex } from './vector-index.ts';
import type { VectorSource } from './vector-source.ts';
import { createVectorSpace, maxNearest, type VectorSpace } from './vector-space.ts';

/** Answers from `source`; vectors of a kind and model are loaded with the first question about them. Errors are `model/shape` and `vectors/*`. */
export function createExactIndex(kernel: Kernel, source: VectorSource): VectorIndex {
  const spaces = new Map<string, VectorSpace>();

  function spaceOf(id: { kind: VectorKind; modelId: string }): VectorSpace {
    const key = `${id.kind} ${id.modelId}`;
    let space = spaces.get(key);
    if (!space) {
      space = createVectorSpace(kernel, source, { kind: id.kind, modelId: id.modelId });
      spaces.set(key, space);
    }
    space.follow();
    return space;
  }

  return {
    async candidates({ queries, include, exact }) {
      for (const { limit } of queries) checkLimit(limit);
      checkLimit(exact);
      const asked = queries.map((query) => ({ query, space: spaceOf(query) }));
      if (new Set(asked.map(({ space }) => space)).size < asked.length)
        throw new AppError('input/invalid', 'A search asks each kind of vector once.');
      return gatherCandidates(asked, { include, exact });
    },
    async similar({ photoId, limit, ...id }) {
      checkLimit(limit + 1);
      const space = spaceOf(id);
      const vector = space.vectorOf(photoId);
      if (!vector) return { photoIds: [], scores: [] };
      const { photoIds, scores } = nearest(space, vector, limit + 1);
      const others = photoIds.map((_, i) => i).filter((i) => photoIds[i] !== photoId);
      return {
        photoIds: others.slice(0, limit).map((i) => photoIds[i] as number),
        scores: others.slice(0, limit).map((i) => scores[i] as number),
      };
    },
    async warm({ models }) {
      const warmed = models.map(spaceOf);
      return {
        rows: warmed.reduce((sum, space) => sum + space.rows(), 0),
        bytes: warmed.reduce((sum, space) => sum + space.bytes(), 0),
      };
    },
  };
}

/** Best first, equal scores by photo id, all in float32. */
function nearest(space: VectorSpace, vector: Float32Array, limit: number): ScoredIds {
  const { photoIds } = space.scan(vector, 2 * limit);
  const scores = space.score(vector, photoIds);
  const best = photoIds
    .map((photoId, i) => ({ photoId, score: scores[i] as number }))
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => b.score - a.score || a.photoId - b.photoId)
    .slice(0, limit);
  return { photoIds: best.map(({ photoId }) => photoId), scores: best.map(({ score }) => score) };
}

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxNearest) return;
  throw new AppError('input/invalid', `A search takes 1 to ${maxNearest} hits, not ${limit}.`);
}
