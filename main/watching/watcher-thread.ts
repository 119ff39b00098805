// The watcher thread as the shell sees it: started by the first call, and again by the next one after it ended. Shell process.
import type { Clock } from '../platform/clock.ts';
import { endsWithin } from '../platform/ends-within.ts';
import { connect } from '../platform/rpc.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { FolderWalker } from './folder-walker.ts';
import type { FolderWatching } from './folder-watching.ts';

export interface WatcherThread {
  readonly remote: FolderWalker & FolderWatching;
  /**
   * Ends it, and waits for that with patience.
   *
   * @returns false where it is still there: nobody can end a thread in a call to a drive that does not answer, and no process ends before its threads.
   */
  end(): Promise<boolean>;
}

const patienceMs = 2_000;

interface Thread {
  readonly port: WorkerPort;
  readonly remote: FolderWalker & FolderWatching;
  readonly ended: Promise<void>;
}

/** A search needs no thread: none is started for it. */
export function createWatcherThread(spawn: () => WorkerPort, clock: Clock): WatcherThread {
  let thread: Thread | undefined;
  function started(): FolderWalker & FolderWatching {
    if (thread) return thread.remote;
    const port = spawn();
    const remote = connect<FolderWalker & FolderWatching>(port, { gone: 'internal', late: 'internal' });
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const own = { port, remote, ended };
    thread = own;
    port.onExit(() => {
      if (thread === own) thread = undefined;
      resolve();
    });
    return remote;
  }
  return {
    remote: {
      begin: (input) => started().begin(input),
      next: (input) => started().next(input),
      end: (input) => started().end(input),
      watch: (input) => started().watch(input),
      news: (input) => started().news(input),
    },
    async end() {
      if (!thread) return true;
      // It keeps nothing that would be lost.
      thread.port.kill();
      return endsWithin(clock, patienceMs, thread.ended);
    },
  };
}
