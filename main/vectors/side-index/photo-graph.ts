// An HNSW graph of photos: nodes are never given to another photo or vector, so that no answer can be stale. Runs in the search process.
import { readFile, writeFile } from 'node:fs/promises';
import { createGraph, type HnswGraph, readGraph, wholeGraphBytes } from './hnsw-graph.ts';
import type { ProvenFiles, SidePart } from './side-store.ts';

/** Past this share of marked nodes searching slows down and loses recall. */
const maxMarked = 0.1;
/** A graph grown past this many times the size it was built for is built anew, with room. */
const maxGrowth = 2;
/** Room for additions before the first resize. */
const spare = 1.25;
const leastCapacity = 1024;
/** A vector's own node is looked for among so many. */
const selfDepth = 10;
/** The photo of a marked node. */
const none = -1;

export interface PhotoGraph {
  /** Photos that can be found. */
  photos(): number;
  /** Nodes, marked ones included. */
  nodes(): number;
  has(photoId: number): boolean;
  /** Adds a photo; one that is there already gets a new node, and its old one is marked. */
  set(photoId: number, vector: Float32Array): void;
  remove(photoId: number): void;
  /** Photos near `vector`, best first as the graph sees it; at most `limit`. */
  nearest(vector: Float32Array, limit: number): number[];
  vectorOf(photoId: number): Float32Array | null;
  /** True where this is the photo's vector and leads to it, or to one just as near. */
  finds(photoId: number, vector: Float32Array): boolean;
  /** True once marks or growth have made it worse than a new one. */
  isWorn(): boolean;
  /** What to save; nothing may change until every part is written. */
  parts(): SidePart[];
}

/** An empty graph with room for `expected` photos and some more. */
export async function createPhotoGraph(
  dim: number,
  expected: number,
  least: number = leastCapacity,
): Promise<PhotoGraph> {
  const capacity = Math.max(least, Math.ceil(expected * spare));
  return photoGraph(await createGraph(dim, capacity), [], capacity);
}

/** @param proven files as `parts` made them. Throws where they do not fit each other. */
export async function readPhotoGraph({ manifest, files }: ProvenFiles): Promise<PhotoGraph> {
  const { hnsw, ids } = files;
  if (!hnsw || !ids) throw new Error('a file of the graph is missing');
  const bytes = await readFile(ids);
  const [built = 0, ...photoOf] = new Float64Array(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  );
  const graph = await readGraph(hnsw, manifest.dim);
  if (graph.count() !== photoOf.length || manifest.count !== photoOf.length)
    throw new Error(`the graph has ${graph.count()} nodes for ${photoOf.length} photos`);
  return photoGraph(graph, photoOf, built);
}

/** @param built the capacity the graph was built with. */
function photoGraph(graph: HnswGraph, photoOf: number[], built: number): PhotoGraph {
  const nodeOf = new Map<number, number>();
  for (const [node, photoId] of photoOf.entries()) if (photoId !== none) nodeOf.set(photoId, node);

  function remove(photoId: number): void {
    const node = nodeOf.get(photoId);
    if (node === undefined) return;
    graph.mark(node);
    photoOf[node] = none;
    nodeOf.delete(photoId);
  }

  return {
    photos: () => nodeOf.size,
    nodes: () => photoOf.length,
    has: (photoId) => nodeOf.has(photoId),
    set(photoId, vector) {
      const node = photoOf.length;
      if (node >= graph.capacity()) graph.resize(Math.ceil(graph.capacity() * spare));
      graph.add(node, vector);
      remove(photoId);
      photoOf.push(photoId);
      nodeOf.set(photoId, node);
    },
    remove,
    nearest: (vector, limit) => graph.nearest(vector, limit).map((node) => photoOf[node] as number),
    vectorOf(photoId) {
      const node = nodeOf.get(photoId);
      return node === undefined ? null : graph.vectorOf(node);
    },
    finds(photoId, vector) {
      const node = nodeOf.get(photoId);
      if (node === undefined || !equal(graph.vectorOf(node), vector)) return false;
      // Series of the same picture are equally near; any of them will do.
      return graph.nearest(vector, selfDepth).some((other) => other === node || equal(graph.vectorOf(other), vector));
    },
    isWorn: () => photoOf.length - nodeOf.size > maxMarked * photoOf.length || photoOf.length > maxGrowth * built,
    parts() {
      const ids = Float64Array.from([built, ...photoOf]);
      return [
        { ending: 'hnsw', write: (file) => graph.write(file), wholeBytes: wholeGraphBytes },
        {
          ending: 'ids',
          write: (file) => writeFile(file, Buffer.from(ids.buffer)),
          wholeBytes: async () => ids.byteLength,
        },
      ];
    },
  };
}

function equal(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
