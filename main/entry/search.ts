// Search child process: the vector matrices of one library and the exact scan over them. Wiring only.
import { serveSupervised } from '../platform/handshake.ts';
import { processEnd } from '../platform/worker-port.ts';
import { openVectorReader } from '../store/vector-reader.ts';
import { createExactIndex } from '../vectors/exact-index.ts';
import { loadKernel } from '../vectors/kernel/load-kernel.ts';
import { type SearchProcessInit, vectorIndexMethods } from '../vectors/search-process.ts';
import type { VectorIndex } from '../vectors/vector-index.ts';

const end = processEnd();
// Everything here is derived: when the owner is gone there is nothing to finish.
end.onExit(() => process.exit(0));
// Ctrl+C reaches the whole process group; the owner decides when this process ends.
process.on('SIGINT', () => undefined);

serveSupervised<SearchProcessInit, VectorIndex>(end, async ({ libraryFolder }) => {
  const index = createExactIndex(loadKernel(), openVectorReader(libraryFolder));
  return { service: index, methods: vectorIndexMethods };
});
