// The library thread: sole owner of the SQLite writer; wiring only.
import type { LibraryMethod } from '../library-db/methods.ts';
import { libraryMethods } from '../library-db/methods.ts';
import { type OpenLibrary, openLibrary } from '../library-db/store-library-db.ts';
import type { LibraryService } from '../library-db/thread-library-db.ts';
import { AppError } from '../platform/app-error.ts';
import { serve } from '../platform/rpc.ts';
import { threadEnd } from '../platform/worker-port.ts';

let library: OpenLibrary | undefined;

function call(method: LibraryMethod) {
  return (input: never): Promise<unknown> => {
    if (!library) return Promise.reject(new AppError('store/failed', 'The library is not open.'));
    return (library.db[method] as (input: never) => Promise<unknown>)(input);
  };
}

const service = {
  ...Object.fromEntries(libraryMethods.map((method) => [method, call(method)])),
  async open(input) {
    library = await openLibrary(input);
    return { mode: library.mode };
  },
  async close() {
    await library?.close();
  },
} as LibraryService;

serve(threadEnd(), service, ['open', 'close', ...libraryMethods]);
