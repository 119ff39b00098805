// Results of made-up work on photos. Test processes, those without Vitest too.
import type { PhotoResult, StageVersion } from '../../main/library-db/library-rows.ts';

/** The wanted stages most tests use. */
export const wanted: readonly StageVersion[] = [
  { stage: 'look', version: 'pack@1/look' },
  { stage: 'caption', version: 'pack@1/caption' },
  { stage: 'own', version: 'pack@1/own' },
];

export const imageModel = 'pack@1/image';

/** A unit vector that leans towards one axis. */
export function unitVector(axis: number, dim = 8): Float32Array {
  const vector = new Float32Array(dim).fill(0.1);
  vector[axis % dim] = 1;
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

/** A finished `look`, with a caption where one is given. */
export function resultOf(photoId: number, caption?: string): PhotoResult {
  return {
    photoId,
    done: caption === undefined ? wanted.slice(0, 1) : wanted.slice(0, 2),
    vectors: [{ kind: 'image', modelId: imageModel, data: unitVector(photoId) }],
    thumbnail: { bytes: Buffer.from(`thumbnail ${photoId}`), width: 4, height: 3, format: 'webp' },
    ...(caption === undefined ? {} : { captions: { model: 'captioner', texts: [caption] } }),
  };
}
