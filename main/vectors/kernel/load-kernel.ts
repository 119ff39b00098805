// Finds and compiles the WebAssembly kernel that `npm run build` makes from kernel.ts. Runs in the search process.
import { readFileSync } from 'node:fs';
import { AppError } from '../../platform/app-error.ts';

/** Where `npm run build` puts the kernel; derived, so it is not kept in git. */
export const kernelFile = new URL('../../../dist/vectors/kernel.wasm', import.meta.url);

/** The kernel over a memory of its own. Addresses are bytes into that memory. */
export interface KernelInstance {
  readonly memory: KernelMemory;
  /** See kernel.ts. */
  scan(
    scales: number,
    scores: number,
    rows: number,
    count: number,
    stride: number,
    firstRow: number,
    query: number,
    queryScale: number,
    heap: number,
    keep: number,
    state: number,
  ): void;
  scanListed(
    list: number,
    scales: number,
    scores: number,
    rows: number,
    count: number,
    stride: number,
    firstRow: number,
    query: number,
    queryScale: number,
    heap: number,
    keep: number,
    state: number,
  ): void;
  pickListed(
    list: number,
    scores: number,
    count: number,
    firstRow: number,
    heap: number,
    keep: number,
    state: number,
  ): void;
}

export interface KernelMemory {
  /** Replaced by each `grow`: take views anew after it. */
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError where the system has no more. */
  grow(pages: number): number;
}

export interface Kernel {
  instantiate(pages: number): KernelInstance;
}

// Node's own types leave WebAssembly to the DOM library, which this side of the program must not see.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (limits: { initial: number }) => KernelMemory;
  readonly Instance: new (
    module: object,
    imports: { env: { memory: KernelMemory } },
  ) => { readonly exports: Omit<KernelInstance, 'memory'> };
};

/** Compiles the kernel once; it may be instantiated any number of times. */
export function loadKernel(file: URL = kernelFile): Kernel {
  const module = compile(read(file));
  return {
    instantiate(pages) {
      const memory = new WebAssembly.Memory({ initial: pages });
      const { scan, scanListed, pickListed } = new WebAssembly.Instance(module, { env: { memory } }).exports;
      return { memory, scan, scanListed, pickListed };
    },
  };
}

function read(file: URL): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new AppError('vectors/failed', 'The vector kernel has not been built; run `npm run build` once.', { cause });
  }
}

function compile(bytes: Uint8Array): object {
  try {
    return new WebAssembly.Module(bytes);
  } catch (cause) {
    throw new AppError('vectors/failed', 'The vector kernel file is damaged; run `npm run build` again.', { cause });
  }
}
