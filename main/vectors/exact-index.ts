// The vector index by exact scan: the reference for any other structure, and the default. Runs in the search process.
import type { VectorKind } from '../library-db/library-db.ts';
import { AppError } from '../platform/app-error.ts';
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
    async nearest({ queries }) {
      for (const { limit } of queries) checkLimit(limit);
      const asked = queries.map((query) => ({ space: spaceOf(query), query }));
      return asked.map(({ space, query }) => space.nearest(query.vector, query.limit));
    },
    async score({ queries }) {
      const asked = queries.map((query) => ({ space: spaceOf(query), query }));
      return asked.map(({ space, query }) => ({ scores: space.score(query.vector, query.photoIds) }));
    },
    async similar({ photoId, limit, ...id }) {
      checkLimit(limit + 1);
      const space = spaceOf(id);
      const vector = space.vectorOf(photoId);
      if (!vector) return { photoIds: [], scores: [] };
      const { photoIds, scores } = space.nearest(vector, limit + 1);
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

function checkLimit(limit: number): void {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxNearest) return;
  throw new AppError('input/invalid', `A search takes 1 to ${maxNearest} hits, not ${limit}.`);
}
