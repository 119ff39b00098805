// A library in a worker thread, so that no query holds up the process that asks. Shell process.
import { connect, type Remote } from '../platform/rpc.ts';
import { threadWorker, type WorkerPort } from '../platform/worker-port.ts';
import type { LibraryDb } from './library-db.ts';
import type { LibraryMethod } from './methods.ts';
import type { OpenLibrary, OpenLibraryInput } from './store-library-db.ts';

/** What the library thread serves: the library's methods, once it is open. */
export interface LibraryService extends Pick<LibraryDb, LibraryMethod | 'close'> {
  open(input: OpenLibraryInput): Promise<{ mode: 'owner' | 'reader' }>;
}

export interface ThreadLibrary extends OpenLibrary {
  /** Calls in flight when the thread dies, and later ones, reject with `store/failed`. Fires once, also after `close`. */
  onExit(listener: (reason: string) => void): void;
}

/** Starts `main/entry/library.ts` and opens the library in it. Throws as `openLibrary` does. */
export async function openLibraryThread(input: OpenLibraryInput): Promise<ThreadLibrary> {
  return openLibraryOver(threadWorker(new URL('../entry/library.ts', import.meta.url), {}), input);
}

/** The same over any worker that serves a `LibraryService`. */
export async function openLibraryOver(worker: WorkerPort, input: OpenLibraryInput): Promise<ThreadLibrary> {
  const remote: Remote<LibraryService> = connect<LibraryService>(worker, { gone: 'store/failed', late: 'store/busy' });
  const exited = new Promise<void>((resolve) => worker.onExit(() => resolve()));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= end(remote, worker, exited);
    return closing;
  };
  try {
    const { mode } = await remote.open(input);
    // A thenable would be awaited away, and `close` is ours; every other method is the remote's own.
    const db = new Proxy({} as LibraryDb, {
      get: (_target, name) => (name === 'close' ? close : Reflect.get(remote, name)),
    });
    return { db, mode, close, onExit: worker.onExit };
  } catch (error) {
    worker.kill();
    await exited;
    throw error;
  }
}

async function end(remote: Remote<LibraryService>, worker: WorkerPort, exited: Promise<void>): Promise<void> {
  try {
    await remote.close(undefined as never);
  } finally {
    worker.kill();
    await exited;
  }
}
