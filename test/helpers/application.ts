// The whole application composed inside a test, with real child processes of which each can be replaced. Test processes.
import { inMemoryTransport } from '../../main/api/in-memory-transport.ts';
import { createRouter } from '../../main/api/router.ts';
import { compose } from '../../main/compose.ts';
import { systemClock } from '../../main/platform/clock.ts';
import type { HostPorts } from '../../main/platform/host-ports.ts';
import { silentLog } from '../../main/platform/log.ts';
import { forkWorker, threadWorker, type WorkerPort } from '../../main/platform/worker-port.ts';
import { createClient } from '../../preload/contract/client.ts';
import { contract, type PhotosApi } from '../../preload/contract/index.ts';
import { tinyModels } from './cli.ts';

/** Where the entry files lie; nothing may import them. */
const entries = new URL('../../main/entry/', import.meta.url);

export function spawnInference(): WorkerPort {
  return forkWorker(new URL('inference.ts', entries));
}

/** Over the tiny pack. */
export async function openApplication(
  libraryFolder: string,
  replaced: Partial<HostPorts> = {},
): Promise<{ api: PhotosApi; close(): Promise<void> }> {
  const application = await compose({
    libraryFolder,
    readOnly: false,
    packFolders: [tinyModels],
    packId: 'tiny-starter',
    inferenceWorkers: 2,
    spawnInference,
    spawnSearch: () => forkWorker(new URL('search.ts', entries)),
    spawnWatcher: () => threadWorker(new URL('watcher.ts', entries), null),
    openLog: silentLog,
    version: 'test',
    samplePhotosFolder: null,
    window: null,
    clock: systemClock,
    now: () => Date.now(),
    ...replaced,
  });
  const transport = inMemoryTransport((send) =>
    createRouter(contract, application.handlers, send, { log: application.log, local: true, checkOutput: true }),
  );
  return { api: createClient(contract, transport), close: () => application.close() };
}
