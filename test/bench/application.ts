// Composes the whole application for a benchmark, with its processes within reach of a meter. Benchmark process.
import { availableParallelism } from 'node:os';
import { inMemoryTransport } from '../../main/api/in-memory-transport.ts';
import { createRouter } from '../../main/api/router.ts';
import { type Application, compose } from '../../main/compose.ts';
import type { InferenceService } from '../../main/inference/protocol.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { silentLog } from '../../main/platform/log.ts';
import { forkWorker, threadWorker, type WorkerPort } from '../../main/platform/worker-port.ts';
import { createClient } from '../../preload/contract/client.ts';
import { contract, type PhotosApi } from '../../preload/contract/index.ts';
import type { BenchPack } from './packs.ts';

export interface BenchApplication {
  readonly api: PhotosApi;
  /** CPU milliseconds so far: of this process with its threads, and of each inference child with its stages. */
  cpu(): Promise<CpuReading>;
  close(): Promise<void>;
}

export interface CpuReading {
  readonly shellMs: number;
  readonly childrenMs: number;
  readonly read: number;
  readonly decode: number;
  readonly model: number;
}

export interface BenchApplicationOptions {
  readonly libraryFolder: string;
  readonly pack: BenchPack;
  readonly workers?: number;
  readonly readOnly?: boolean;
}

/** Where the entry files lie; nothing may import them. */
const entries = new URL('../../main/entry/', import.meta.url);

export async function openApplication(options: BenchApplicationOptions): Promise<BenchApplication> {
  const inferencePorts: WorkerPort[] = [];
  const application = await compose({
    libraryFolder: options.libraryFolder,
    readOnly: options.readOnly ?? false,
    packFolders: [options.pack.parent],
    packId: options.pack.id,
    inferenceWorkers: options.workers ?? Math.min(4, availableParallelism()),
    spawnInference() {
      const port = forkWorker(new URL('inference.ts', entries));
      inferencePorts.push(port);
      return port;
    },
    spawnSearch: () => forkWorker(new URL('search.ts', entries)),
    spawnWatcher: () => threadWorker(new URL('watcher.ts', entries), null),
    openLog: silentLog,
    version: 'bench',
    samplePhotosFolder: null,
    window: null,
    clock: systemClock,
    now: () => Date.now(),
  });
  return {
    api: clientOf(application),
    async cpu() {
      const own = process.cpuUsage();
      const children = await Promise.all(inferencePorts.map(usageOf));
      const sum = (pick: (usage: Usage) => number): number => children.reduce((total, usage) => total + pick(usage), 0);
      return {
        shellMs: (own.user + own.system) / 1000,
        childrenMs: sum((usage) => usage.cpuMs),
        read: sum((usage) => usage.stages.read),
        decode: sum((usage) => usage.stages.decode),
        model: sum((usage) => usage.stages.model),
      };
    },
    close: () => application.close(),
  };
}

/** @throws for an answer with failed photos: a benchmark over half of the work says nothing. */
export async function indexFolder(api: PhotosApi, folder: string): Promise<number> {
  const { folders } = await api.library.addFolders({ paths: [folder] });
  const { photos } = await api.indexing.run({ folderIds: folders.map(({ id }) => id) });
  if (photos.failed > 0) throw new Error(`${photos.failed} photos of ${folder} failed`);
  return photos.indexed;
}

function clientOf(application: Application): PhotosApi {
  const transport = inMemoryTransport((send) =>
    createRouter(contract, application.handlers, send, { log: application.log, local: true, checkOutput: false }),
  );
  return createClient(contract, transport);
}

type Usage = Awaited<ReturnType<InferenceService['usage']>>;

/** Far above the numbers that the application's own calls on the same pipe will reach. */
let nextCall = 1_000_000_000;

/** Asks a child beside the application: whoever else listens on the pipe passes over numbers it does not know. */
function usageOf(port: WorkerPort): Promise<Usage> {
  const id = nextCall++;
  return new Promise((resolve) => {
    port.onMessage((message) => {
      const frame = message as { kind: string; id: number; output: Usage };
      if (frame.id === id && frame.kind === 'ok') resolve(frame.output);
    });
    port.post({ kind: 'call', id, method: 'usage', input: {} });
  });
}
