// hnswlib-node behind checks for everything that would end the process or answer wrongly. Runs in the search process, the only importer.
import { open } from 'node:fs/promises';
import type * as Hnswlib from 'hnswlib-node';
import { AppError } from '../../platform/app-error.ts';

/** Neighbours of a node. 16 holds recall@10 above 0.98 on image vectors at `searchWidth`. */
export const graphLinks = 16;
const buildWidth = 200;
/** Nodes held in hand while searching; hnswlib falls back to 10 with every load. */
export const searchWidth = 128;
/** The seed of the level a node gets, so that a build can be repeated. */
const levelSeed = 100;
/** hnswlib keeps labels as 32 bits and cuts larger ones without a word. */
const maxLabel = 2 ** 32 - 1;

/** Not to be used from two sides: calls are synchronous but for `write`, which no change may cross. */
export interface HnswGraph {
  /** Nodes, marked ones included. */
  count(): number;
  capacity(): number;
  /** A label is given once; `vector` has `dim` finite numbers. */
  add(label: number, vector: Float32Array): void;
  /** The node is no answer any more, and stays as a way to others. */
  mark(label: number): void;
  /** Labels of the nearest unmarked nodes by inner product, best first. */
  nearest(vector: Float32Array, limit: number): number[];
  vectorOf(label: number): Float32Array;
  resize(capacity: number): void;
  /** Searching goes on meanwhile; adding, marking and resizing throw. Errors of the disk are not noticed: see `wholeGraphBytes`. */
  write(file: string): Promise<void>;
}

export async function createGraph(dim: number, capacity: number): Promise<HnswGraph> {
  const native = await emptyIndex(dim);
  native.initIndex({ maxElements: capacity, m: graphLinks, efConstruction: buildWidth, randomSeed: levelSeed });
  return checkedGraph(native, dim);
}

/** The file must have been proven: hnswlib ends the process on a bad one. Always into a fresh object, whose earlier load it would free twice. */
export async function readGraph(file: string, dim: number): Promise<HnswGraph> {
  const native = await emptyIndex(dim);
  await native.readIndex(file);
  return checkedGraph(native, dim);
}

/** The library is loaded with the first graph: most never need one, and where it cannot be loaded the exact scan answers. */
async function emptyIndex(dim: number): Promise<Hnswlib.HierarchicalNSW> {
  const { default: hnswlib } = await import('hnswlib-node');
  return new hnswlib.HierarchicalNSW('ip', dim);
}

function checkedGraph(native: Hnswlib.HierarchicalNSW, dim: number): HnswGraph {
  native.setEf(searchWidth);
  let writing = 0;

  /** As hnswlib wants it: a plain array. */
  function plain(vector: Float32Array): number[] {
    if (vector.length !== dim) throw refused(`a vector of ${vector.length} numbers, not ${dim}`);
    if (!vector.every(Number.isFinite)) throw refused('numbers that are not finite');
    return Array.from(vector);
  }

  function still(): void {
    if (writing > 0) throw refused('a change while it is being written');
  }

  return {
    count: () => native.getCurrentCount(),
    capacity: () => native.getMaxElements(),
    add(label, vector) {
      still();
      if (!Number.isInteger(label) || label < 0 || label > maxLabel) throw refused(`the label ${label}`);
      if (native.getCurrentCount() >= native.getMaxElements()) throw refused('more nodes than it has room for');
      native.addPoint(plain(vector), label);
    },
    mark(label) {
      still();
      native.markDelete(label);
    },
    nearest(vector, limit) {
      const most = Math.min(limit, native.getCurrentCount());
      return most === 0 ? [] : native.searchKnn(plain(vector), most).neighbors;
    },
    vectorOf: (label) => Float32Array.from(native.getPoint(label)),
    resize(capacity) {
      still();
      native.resizeIndex(capacity);
    },
    async write(file) {
      writing++;
      try {
        await native.writeIndex(file);
      } finally {
        writing--;
      }
    },
  };
}

function refused(what: string): AppError {
  return new AppError('vectors/failed', `The search graph was given ${what}.`);
}

/** The layout that hnswlib 0.8 writes: 96 bytes of numbers, all nodes at the ground, then each node's links above it with their length first. */
const headerBytes = 96;
const countAt = 16;
const nodeBytesAt = 24;
/** Read at a time while walking the links above the ground. */
const windowBytes = 1024 * 1024;

/** How many bytes a graph file has to have, by its own header and the lengths in it; its writer reports no error, neither a full disk nor a missing folder. */
export async function wholeGraphBytes(name: string): Promise<number> {
  const file = await open(name, 'r');
  try {
    const header = Buffer.alloc(headerBytes);
    const { bytesRead } = await file.read(header, 0, headerBytes, 0);
    if (bytesRead < headerBytes) return headerBytes;
    const count = Number(header.readBigUInt64LE(countAt));
    let at = headerBytes + count * Number(header.readBigUInt64LE(nodeBytesAt));
    let windowAt = 0;
    let window = Buffer.alloc(0);
    for (let node = 0; node < count; node++) {
      if (at < windowAt || at + 4 > windowAt + window.length) {
        const { buffer, bytesRead: filled } = await file.read(Buffer.alloc(windowBytes), 0, windowBytes, at);
        [window, windowAt] = [buffer.subarray(0, filled), at];
      }
      if (window.length < 4) return at + 4;
      at += 4 + window.readUInt32LE(at - windowAt);
    }
    return at;
  } finally {
    await file.close();
  }
}
