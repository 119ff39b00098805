// The whole application composed inside a test, with real child processes of which each can be replaced. Test processes.
import { inMemoryTransport } from '../../main/api/in-memory-transport.ts';
import { createRouter } from '../../main/api/router.ts';
import { type Application, compose } from '../../main/compose.ts';
import { systemClock } from '../../main/platform/clock.ts';
import type { HostPorts, WindowPorts } from '../../main/platform/host-ports.ts';
import { silentLog } from '../../main/platform/log.ts';
import { createPlaceBook } from '../../main/platform/place-book.ts';
import { forkWorker, threadWorker, type WorkerPort } from '../../main/platform/worker-port.ts';
import { type Connection, createClient, createConnection } from '../../preload/contract/client.ts';
import { contract, type PhotosApi } from '../../preload/contract/index.ts';
import { tinyModels } from './cli.ts';

/** Where the entry files lie; nothing may import them. */
const entries = new URL('../../main/entry/', import.meta.url);

export function spawnInference(): WorkerPort {
  return forkWorker(new URL('inference.ts', entries));
}

export function spawnWatcher(): WorkerPort {
  return threadWorker(new URL('watcher.ts', entries), null);
}

/** Over the tiny pack. */
export function composeApplication(libraryFolder: string, replaced: Partial<HostPorts> = {}): Promise<Application> {
  return compose({
    libraryFolder,
    readOnly: false,
    packFolders: [tinyModels],
    packId: 'tiny-starter',
    inferenceWorkers: 2,
    spawnInference,
    spawnSearch: () => forkWorker(new URL('search.ts', entries)),
    spawnWatcher,
    openLog: silentLog,
    version: 'test',
    samplePhotosFolder: null,
    window: null,
    clock: systemClock,
    now: () => Date.now(),
    ...replaced,
  });
}

/** What a host with a window gives, with nothing of a system behind it. */
export function windowPorts(): WindowPorts {
  return {
    capabilities: { pickFolder: 'browse', reveal: false, drag: false, openAtLogin: false, tray: false },
    places: createPlaceBook(),
    listPlaces: null,
    pickFolder: null,
    reveal: null,
  };
}

/** A peer that stays, with its api and everything it was told. */
export function connectWindow(application: Application): Connection<typeof contract> & { close(): void } {
  const transport = inMemoryTransport((send) =>
    createRouter(contract, application.handlers, send, {
      log: application.log,
      local: false,
      checkOutput: true,
      stays: { contractHash: 'test', events: application.events },
    }),
  );
  return { ...createConnection(contract, transport), close: transport.close };
}

export async function openApplication(
  libraryFolder: string,
  replaced: Partial<HostPorts> = {},
): Promise<{ api: PhotosApi; close(): Promise<void> }> {
  const application = await composeApplication(libraryFolder, replaced);
  const transport = inMemoryTransport((send) =>
    createRouter(contract, application.handlers, send, { log: application.log, local: true, checkOutput: true }),
  );
  return { api: createClient(contract, transport), close: () => application.close() };
}
