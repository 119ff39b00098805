// The contract over the in-memory transport, which the command line uses.
import { inMemoryTransport } from '../../main/api/in-memory-transport.ts';
import { createRouter } from '../../main/api/router.ts';
import { silentLog } from '../../main/platform/log.ts';
import { contract } from '../../preload/contract/index.ts';
import { contractSuite } from './contract-suite.ts';

contractSuite({
  mayBeLocal: true,
  async connect(handlers, local) {
    const transport = inMemoryTransport((send) =>
      createRouter(contract, handlers, send, { log: silentLog(), local, checkOutput: true }),
    );
    return { transport, disconnect: transport.close };
  },
});
