// Builds the whole application from what an edge gives it, and takes it down again. Shell process; the only place where parts meet.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemNet } from '../native-models/files/fetch-file.ts';
import { createPackStore } from '../native-models/files/pack-store.ts';
import type { PhotosHandlers } from '../preload/contract/index.ts';
import { createHandlers } from './api/handlers.ts';
import { createInferencePool, type InferencePool } from './inference/inference-pool.ts';
import { toAppError } from './inference/to-app-error.ts';
import type { LibraryDb } from './library-db/library-db.ts';
import { openLibraryThread } from './library-db/thread-library-db.ts';
import type { HostPorts } from './platform/host-ports.ts';
import type { Logger } from './platform/log.ts';
import { connect } from './platform/rpc.ts';
import type { MeasuredLibrary } from './services/evaluation/measured-library.ts';
import { type HoldableIndexing, holdableRuns } from './services/indexing/holdable-runs.ts';
import { createIndexingService } from './services/indexing/indexing-service.ts';
import { createModelsService, type ModelsService } from './services/models/models-service.ts';
import { packChoice } from './services/models/pack-choice.ts';
import { createSearchUseCase, type SearchUseCase } from './services/search/search-use-case.ts';
import { createSettingsService } from './services/settings/settings-service.ts';
import { createSearchProcess } from './vectors/search-process.ts';
import type { FolderWalker } from './watching/folder-walker.ts';
import { createListedFilesWalker } from './watching/listed-files-walker.ts';

export interface Application {
  readonly handlers: PhotosHandlers;
  readonly mode: 'owner' | 'reader';
  readonly log: Logger;
  /** Ends every child and thread; what was acknowledged is on disk already. */
  close(): Promise<void>;
}

interface Library {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly inference: InferencePool;
  readonly packId: string;
  readonly indexing: HoldableIndexing;
  readonly search: SearchUseCase;
  readonly log: Logger;
  close(): Promise<void>;
}

export async function compose(ports: HostPorts): Promise<Application> {
  const walker = startedOnUse(ports);
  // Which models to start is kept in the library.
  const library = await openLibrary(ports, walker.remote, async (db) => {
    const packId = await packChoice(db, ports.packId).read();
    return { packId, pool: startPool(ports, packId) };
  });
  const { inference } = library;
  const models = startModels(ports, library);
  const handlers = createHandlers({
    ...library,
    models,
    settings: createSettingsService(library),
    background: null,
    window: ports.window,
    samplePhotosFolder: ports.samplePhotosFolder,
    libraryFolder: ports.libraryFolder,
    version: ports.version,
    now: ports.now,
    openMeasuredLibrary: (images, names) => openMeasuredLibrary(ports, library, images, names),
  });
  return {
    handlers,
    mode: library.mode,
    log: library.log,
    async close() {
      // Every part is ended, whichever of them fails to.
      const ends = await Promise.allSettled([models.close(), library.close(), inference.shutdown()]);
      walker.end();
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

function startPool(ports: HostPorts, packId: string): InferencePool {
  const factsFile = join(ports.libraryFolder, 'cache', 'models.json');
  return createInferencePool({
    count: ports.inferenceWorkers,
    spawn: ports.spawnInference,
    init: { packFolders: ports.packFolders, packId, factsFile, threads: 1 },
    clock: ports.clock,
  });
}

function startModels(ports: HostPorts, library: Library): ModelsService {
  return createModelsService({
    files: createPackStore({
      packFolders: ports.packFolders,
      ...(ports.packOffers === undefined ? {} : { offersFolder: ports.packOffers }),
      net: systemNet,
    }),
    inference: library.inference,
    choice: packChoice(library.db, ports.packId),
    startedWith: library.packId,
    holdIndexing: () => library.indexing.hold(),
    onSwitch: () => undefined,
    toAppError,
    publish: () => undefined,
    log: library.log,
  });
}

/** Gives the models of an open library. */
type ChooseModels = (db: LibraryDb) => Promise<{ packId: string; pool: InferencePool }>;

async function openLibrary(ports: HostPorts, walker: FolderWalker, chooseModels: ChooseModels): Promise<Library> {
  const { now, clock } = ports;
  const opened = await openLibraryThread({
    folder: ports.libraryFolder,
    mode: ports.readOnly ? 'read' : 'write',
    now: now(),
  });
  const { packId, pool: inference } = await chooseModels(opened.db).catch(async (error) => {
    await opened.close();
    throw error;
  });
  const log = ports.openLog();
  const vectors = createSearchProcess({ spawn: ports.spawnSearch, libraryFolder: ports.libraryFolder, clock });
  return {
    db: opened.db,
    mode: opened.mode,
    inference,
    packId,
    indexing: holdableRuns(createIndexingService({ db: opened.db, walker, inference, clock, log, now })),
    search: createSearchUseCase({ db: opened.db, vectors, inference }),
    log,
    async close() {
      await vectors.shutdown();
      await opened.close();
    },
  };
}

/** A library of its own for an evaluation: the same parts over a folder that is deleted afterwards. */
async function openMeasuredLibrary(
  ports: HostPorts,
  { inference, packId }: Library,
  images: string,
  names: readonly string[],
): Promise<MeasuredLibrary> {
  const folder = await mkdtemp(join(tmpdir(), 'photoseek-evaluate-'));
  const own = { ...ports, libraryFolder: folder, readOnly: false };
  const walker = createListedFilesWalker(names);
  const library = await openLibrary(own, walker, async () => ({ packId, pool: inference }));
  await library.db.registerFolder({ path: images, now: ports.now() });
  return {
    ...library,
    async close() {
      await library.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The watcher thread, started by the first walk: a search needs none. */
function startedOnUse(ports: HostPorts): { remote: FolderWalker; end(): void } {
  let port: ReturnType<HostPorts['spawnWatcher']> | undefined;
  let remote: FolderWalker | undefined;
  function started(): FolderWalker {
    port ??= ports.spawnWatcher();
    remote ??= connect<FolderWalker>(port, { gone: 'internal', late: 'internal' });
    return remote;
  }
  return {
    remote: {
      begin: (input) => started().begin(input),
      next: (input) => started().next(input),
      end: (input) => started().end(input),
    },
    end: () => port?.kill(),
  };
}
