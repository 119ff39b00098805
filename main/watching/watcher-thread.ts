// The watcher thread as the shell sees it: started by the first call, and again by the next one after it ended. Shell process.
import { connect } from '../platform/rpc.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { FolderWalker } from './folder-walker.ts';
import type { FolderWatching } from './folder-watching.ts';

export interface WatcherThread {
  readonly remote: FolderWalker & FolderWatching;
  end(): void;
}

/** A search needs no thread: none is started for it. */
export function createWatcherThread(spawn: () => WorkerPort): WatcherThread {
  let thread: { readonly port: WorkerPort; readonly remote: FolderWalker & FolderWatching } | undefined;
  function started(): FolderWalker & FolderWatching {
    if (thread) return thread.remote;
    const port = spawn();
    const remote = connect<FolderWalker & FolderWatching>(port, { gone: 'internal', late: 'internal' });
    const own = { port, remote };
    thread = own;
    port.onExit(() => {
      if (thread === own) thread = undefined;
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
    end: () => thread?.port.kill(),
  };
}
