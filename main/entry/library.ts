// The library thread: sole owner of the SQLite writer; wiring only.
import type { LibraryMethod } from '../library-db/methods.ts';
import { libraryMethods } from '../library-db/methods.ts';
import { type OpenLibrary, openLibrary } from '../library-db/store-library-db.ts';
import type { LibraryService } from '../library-db/thread-library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { connect, serve } from '../platform/rpc.ts';
import { threadEnd, threadWorker } from '../platform/worker-port.ts';
import type { CopyExaminer, Examined } from '../store/examine-copy.ts';

let library: OpenLibrary | undefined;

function call(method: LibraryMethod) {
  return (input: never): Promise<unknown> => {
    if (!library) return Promise.reject(new AppError('store/failed', 'The library is not open.'));
    return (library.db[method] as (input: never) => Promise<unknown>)(input);
  };
}

/** In a thread of its own: proving a large copy takes seconds, in which questions are answered here. */
async function examine(file: string, wordsFile: string | null): Promise<Examined> {
  const worker = threadWorker(new URL('./check-copy.ts', import.meta.url), null);
  try {
    const { examine: ask } = connect<CopyExaminer>(worker, { gone: 'store/failed', late: 'store/busy' });
    return await ask({ file, wordsFile });
  } finally {
    worker.kill();
  }
}

const service = {
  ...Object.fromEntries(libraryMethods.map((method) => [method, call(method)])),
  async open(input) {
    library = await openLibrary({ ...input, examine });
    return { mode: library.mode };
  },
  async close() {
    await library?.close();
  },
} as LibraryService;

serve(threadEnd(), service, ['open', 'close', ...libraryMethods]);
