// Search child process: the vector matrices of one library, the exact scan over them, and their side files. Wiring only.
import { join } from 'node:path';
import { serveSupervised } from '../platform/handshake.ts';
import { processEnd } from '../platform/worker-port.ts';
import { openVectorReader } from '../store/vector-reader.ts';
import { createExactIndex } from '../vectors/exact-index.ts';
import { loadKernel } from '../vectors/kernel/load-kernel.ts';
import { type SearchProcessInit, vectorIndexMethods } from '../vectors/search-process.ts';
import { createSideStore } from '../vectors/side-index/side-store.ts';
import { usualGraphFrom, usualRowsFrom } from '../vectors/side-index/space-keepers.ts';
import type { WatchedIndex } from '../vectors/vector-index.ts';

const end = processEnd();
// Everything here is derived: when the owner is gone there is nothing to finish.
end.onExit(() => process.exit(0));
// Ctrl+C reaches the whole process group; the owner decides when this process ends.
process.on('SIGINT', () => undefined);

/** Rows from which a side file is kept; tests and benchmarks set others than the usual. */
const from = (name: string, usual: number): number => Number(process.env[name] ?? usual);

serveSupervised<SearchProcessInit, WatchedIndex>(end, async ({ libraryFolder, writes, graph }) => {
  const reader = openVectorReader(libraryFolder);
  const store = createSideStore({ folder: join(libraryFolder, 'cache', 'vectors'), writes });
  // What cannot be removed now costs no more than its space, and is tried again with the next start.
  store.keepOnly(reader.spaces().filter(({ rows }) => rows > 0)).catch(() => undefined);
  const index = createExactIndex(loadKernel(), reader, {
    store,
    graphFrom: graph === 'off' ? Number.POSITIVE_INFINITY : from('PHOTOSEEK_GRAPH_FROM', usualGraphFrom),
    isGraphSuspect: graph === 'suspect',
    rowsFrom: from('PHOTOSEEK_ROWS_FROM', usualRowsFrom),
  });
  return { service: index, methods: vectorIndexMethods };
});
