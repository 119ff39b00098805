// Whether what was loaded is what the store holds: the same photos, and twenty of its vectors bit for bit. Runs in the search process.
import type { VectorKind } from '../../library-db/library-rows.ts';
import type { VectorSource } from '../vector-source.ts';

/** Vectors compared: half of those changed last, where another history of the library would differ, half from all over. */
const compared = 20;
/** Photos that are remembered as changed last. */
export const latestKept = compared / 2;

/** What can be checked of a structure over the vectors of one kind and model. */
export interface Checkable {
  photos(): number;
  has(photoId: number): boolean;
  /** True where the structure holds this vector for the photo and finds the photo by it. */
  finds(photoId: number, vector: Float32Array): boolean;
}

/** @returns what speaks against the structure, brought up to date with `source`, else null. */
export function disagreement(
  loaded: Checkable,
  source: VectorSource,
  id: { kind: VectorKind; modelId: string },
  latest: readonly number[],
): string | null {
  const live = source.livePhotos(id.kind, id.modelId);
  const damaged = source.vectorsOf(id.kind, id.modelId, Array.from(live.filter((photoId) => !loaded.has(photoId))));
  // A row whose bytes fail their checksum is in no structure.
  const missing = damaged.filter((vector) => vector !== null).length;
  if (missing > 0) return `${missing} photos are missing`;
  if (loaded.photos() !== live.length - damaged.length) return 'it holds photos that the library does not';
  const sample = new Set([...latest.slice(0, latestKept), ...spread(live, compared - latestKept)]);
  const asked = [...sample].filter((photoId) => loaded.has(photoId));
  const vectors = source.vectorsOf(id.kind, id.modelId, asked);
  const wrong = asked.find((photoId, i) => {
    const vector = vectors[i];
    return !vector || !loaded.finds(photoId, vector);
  });
  return wrong === undefined ? null : `the vector of photo ${wrong} is another one`;
}

/** `count` of the photos, evenly from all of them. */
function spread(photoIds: Float64Array, count: number): number[] {
  const step = Math.max(1, Math.floor(photoIds.length / count));
  return Array.from(photoIds.filter((_, i) => i % step === 0)).slice(0, count);
}
