// A small graph with its files, the same for every process that makes it. Test processes.

import type { SideIdentity } from '../../main/vectors/side-index/manifest.ts';
import { createPhotoGraph, type PhotoGraph, readPhotoGraph } from '../../main/vectors/side-index/photo-graph.ts';
import { createSideStore, type SideStore } from '../../main/vectors/side-index/side-store.ts';

export const smallDim = 16;

export const smallIdentity: SideIdentity = {
  structure: 'graph',
  kind: 'image',
  modelId: 'pack@1/image',
  dim: smallDim,
  metric: 'ip',
  links: 16,
};

/** The vector of a photo: its number as it comes out of a sine. */
export function smallVector(photoId: number, dim = smallDim): Float32Array {
  const vector = Float32Array.from({ length: dim }, (_, i) => Math.sin(photoId * (i + 1)));
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Photos 1 to `photos`. */
export async function smallGraph(photos: number, dim = smallDim): Promise<PhotoGraph> {
  const graph = await createPhotoGraph(dim, photos);
  for (let photoId = 1; photoId <= photos; photoId++) graph.set(photoId, smallVector(photoId, dim));
  return graph;
}

/** Saves it as what the library was after so many changes as it has photos. */
export function saveSmall(store: SideStore, graph: PhotoGraph, identity = smallIdentity): Promise<void> {
  const photos = graph.photos();
  return store.save(identity, { count: photos, appliedSeq: photos, latest: [photos] }, graph.parts());
}

/** @returns the photos of the saved graph, all found by their own vectors, or what is wrong. */
export async function photosSaved(folder: string): Promise<number | string> {
  const doubts: string[] = [];
  const store = createSideStore({ folder, writes: true, onDoubt: (reason) => doubts.push(reason) });
  const proven = await store.load(smallIdentity, Number.MAX_SAFE_INTEGER);
  if (!proven) return doubts[0] ?? 'nothing was saved';
  const graph = await readPhotoGraph(proven);
  for (let photoId = 1; photoId <= graph.photos(); photoId++)
    if (!graph.finds(photoId, smallVector(photoId))) return `photo ${photoId} is not found`;
  return graph.photos();
}
