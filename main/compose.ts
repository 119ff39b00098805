// Builds the whole application from what an edge gives it, and takes it down again. Shell process; the only place where parts meet.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemNet } from '../native-models/files/fetch-file.ts';
import { createPackStore } from '../native-models/files/pack-store.ts';
import { sniff } from '../native-models/image/sniff.ts';
import type { PhotosHandlers } from '../preload/contract/index.ts';
import { defaultSettings } from '../preload/contract/settings.ts';
import { createEventHub, type EventHub } from './api/event-hub.ts';
import { createHandlers } from './api/handlers.ts';
import { createLibraryChanges, observedLibrary } from './api/library-changes.ts';
import { createMedia, type Media } from './api/media.ts';
import { createInferencePool, type InferencePool } from './inference/inference-pool.ts';
import { toAppError } from './inference/to-app-error.ts';
import type { LibraryDb } from './library-db/library-db.ts';
import { type LibraryMethod, writes } from './library-db/methods.ts';
import { openLibraryThread } from './library-db/thread-library-db.ts';
import { CancelledError } from './platform/app-error.ts';
import type { Clock } from './platform/clock.ts';
import { diskSpace, isNearlyFull } from './platform/disk-space.ts';
import { endsWithin } from './platform/ends-within.ts';
import { gazetteerVersion, openGazetteer } from './platform/gazetteer/open-gazetteer.ts';
import type { HostPorts } from './platform/host-ports.ts';
import type { Logger } from './platform/log.ts';
import { type BackupRounds, createBackupRounds } from './services/care/backup-rounds.ts';
import type { MeasuredLibrary } from './services/evaluation/measured-library.ts';
import {
  type BackgroundIndexer,
  createBackgroundIndexer,
  type WatchingTrouble,
} from './services/indexing/background-indexer.ts';
import { fillPlaces } from './services/indexing/fill-places.ts';
import { type HoldableIndexing, holdableRuns } from './services/indexing/holdable-runs.ts';
import { createIndexingService } from './services/indexing/indexing-service.ts';
import { createProgressMeter } from './services/indexing/progress.ts';
import { createSettlingFiles } from './services/indexing/settling-files.ts';
import { createFolderPresence, type FolderPresence } from './services/library/folder-presence.ts';
import { createChangedFiles } from './services/media/changed-files.ts';
import { createPreviewCache } from './services/media/preview-cache.ts';
import { createPreviews } from './services/media/previews.ts';
import { type AnsweringPack, answeringKey, createAnsweringPack } from './services/models/answering-pack.ts';
import { createModelsService, type ModelsService } from './services/models/models-service.ts';
import { packChoice } from './services/models/pack-choice.ts';
import { createQueryReader } from './services/search/query-reader.ts';
import { createSearchUseCase, type SearchUseCase } from './services/search/search-use-case.ts';
import { sharedGazetteer } from './services/search/shared-gazetteer.ts';
import { createSuggestUseCase, type SuggestUseCase } from './services/search/suggest-use-case.ts';
import { warmReader } from './services/search/warm-reader.ts';
import { createExplainUseCase, type ExplainUseCase } from './services/search/why/explain-use-case.ts';
import { createSettingsService, type SettingsService } from './services/settings/settings-service.ts';
import { createConditionBook, recentRestoration } from './services/shell/conditions.ts';
import { createShellService, type ShellService } from './services/shell/shell-service.ts';
import { createSearchProcess } from './vectors/search-process.ts';
import type { FolderWalker } from './watching/folder-walker.ts';
import type { FolderWatching } from './watching/folder-watching.ts';
import { createListedFilesWalker } from './watching/listed-files-walker.ts';
import { createWatcherThread, type WatcherThread } from './watching/watcher-thread.ts';

export interface Application {
  readonly handlers: PhotosHandlers;
  /** States that interfaces are told of; an edge that stays gives it to its routers. */
  readonly events: EventHub;
  /** Pictures and packed columns, for an edge to serve by URL. */
  readonly media: Media;
  readonly mode: 'owner' | 'reader';
  readonly log: Logger;
  /** Ends every child and thread; what was acknowledged is on disk already. */
  close(): Promise<void>;
}

interface Library {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly inference: InferencePool;
  readonly presence: FolderPresence;
  readonly packId: string;
  readonly indexing: HoldableIndexing;
  readonly work: BackgroundIndexer;
  readonly search: SearchUseCase;
  readonly why: ExplainUseCase;
  readonly suggestions: SuggestUseCase;
  restartSearch(): void;
  /** Which pack is chosen, and which answers. */
  readonly answering: AnsweringPack;
  readonly log: Logger;
  close(): Promise<void>;
}

/** What the parts of a library tell while they work. */
interface Ears {
  /** The work in the background, or what stops it, is in another state. */
  onWork(): void;
  /** A method that writes has ended. */
  onWrite(): void;
  onWatching(trouble: WatchingTrouble | null): void;
  /** The process that compares vectors gave up, or goes on. */
  onSearch(isStopped: boolean): void;
  /** As the person has chosen it, for every search from then on. */
  strictness(): number;
}

/** What the person chose acts at once, and from the start. */
async function followSettings(
  settings: SettingsService,
  search: { strictness: number },
  work: BackgroundIndexer,
): Promise<void> {
  settings.onChange((chosen) => {
    work.apply(chosen);
    search.strictness = chosen.strictness;
  });
  search.strictness = (await settings.get()).strictness;
}

export async function compose(ports: HostPorts): Promise<Application> {
  const watcher = createWatcherThread(ports.spawnWatcher, ports.clock);
  const events = createEventHub(ports.clock);
  const conditions = createConditionBook(() => heard.onWork());
  const ears = { onWork: () => {}, onWrite: () => {}, strictness: defaultSettings.strictness };
  const heard: Ears = {
    onWork: () => ears.onWork(),
    onWrite: () => ears.onWrite(),
    strictness: () => ears.strictness,
    onWatching: (watching) => conditions.tell({ watching }),
    onSearch: (searchStopped) => conditions.tell({ searchStopped }),
  };
  // Which models to start is kept in the library.
  const library = await openLibrary(ports, watcher.remote, heard, async (db) => {
    const packId = await packChoice(db, ports.packId).read();
    return { packId, pool: startPool(ports, packId, heard.onWork) };
  });
  const { inference, work, log } = library;
  conditions.tell({ restored: recentRestoration((await library.db.care()).restored, ports.now()) });
  const models = startModels(ports, library, events);
  const settings = createSettingsService(library);
  const isWorking = ports.window !== null && library.mode === 'owner';
  const { window, samplePhotosFolder, version } = ports;
  const isSecond = library.mode === 'reader' && !ports.readOnly;
  const shell = createShellService({ ...library, isSecond, conditions, window, samplePhotosFolder, version });
  const handlers = createHandlers({
    ...library,
    models,
    settings,
    shell,
    background: isWorking ? work : null,
    window,
    samplePhotosFolder,
    libraryFolder: ports.libraryFolder,
    version,
    now: ports.now,
    openMeasuredLibrary: (images, names) => openMeasuredLibrary(ports, library, images, names),
  });
  const changes = createLibraryChanges({ ...library, events, clock: ports.clock });
  ears.onWrite = changes.wrote;
  ears.onWork = tellOfWork(events, work, shell);
  await followSettings(settings, ears, work);
  const backups = createBackupRounds({
    ...library,
    clock: ports.clock,
    now: ports.now,
    onLook: (backupProblem) => conditions.tell({ backupProblem }),
  });
  if (isWorking) backups.start();
  if (isWorking) work.start(await settings.get());
  if (window) library.search.warm();
  return {
    handlers,
    events,
    media: openMedia(ports, library),
    mode: library.mode,
    log,
    async close() {
      events.close();
      changes.close();
      await endWork(library, ports.clock);
      await endBackups(backups, ports, library);
      // Every part is ended, whichever of them fails to.
      const ends = await Promise.allSettled([models.close(), library.close(), inference.shutdown()]);
      await endWatcher(watcher, ports, library);
      const failed = ends.find((end) => end.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** A batch of the largest photos on a slow machine; past it, a process reads from a drive that does not answer. */
const workPatienceMs = 20_000;

/** No work is left in hand, so that no photo is blamed for the end of the process that reads it: nor is one where the process is ended while work is stopped. */
async function endWork({ work, inference, log }: Library, clock: Clock): Promise<void> {
  const ended = work.close().catch((err) => log.error({ err }, 'background work did not end'));
  if (!(await endsWithin(clock, workPatienceMs, ended))) await inference.shutdown();
  await ended;
}

/** The last of all: where a drive holds a thread of this process, the process is ended by force or never. */
async function endWatcher(
  watcher: WatcherThread,
  { endProcess }: HostPorts,
  { presence, log }: Library,
): Promise<void> {
  const isGone = await watcher.end();
  if (isGone && !presence.isHanging()) return;
  log.warn({ area: 'watching' }, 'a drive does not answer; nothing waits for it any more');
  endProcess?.();
}

/** A command that may have changed the library leaves a backup where none was made today; in a host that stays, rounds do. */
async function endBackups(backups: BackupRounds, ports: HostPorts, { mode }: Library): Promise<void> {
  await backups.close();
  if (ports.window === null && mode === 'owner') await backups.round();
}

async function isDiskFull(folder: string): Promise<boolean> {
  const space = await diskSpace(folder);
  return space !== null && isNearlyFull(space);
}

/** @returns what to call whenever the work may be in another state: progress is told as it is, banners where they are others. */
function tellOfWork(events: EventHub, work: BackgroundIndexer, shell: ShellService): () => void {
  let told = JSON.stringify(shell.banners());
  return () => {
    events.publish('indexing.progress', work.progress());
    const banners = shell.banners();
    const next = JSON.stringify(banners);
    if (next === told) return;
    told = next;
    events.publish('shell.banners', { banners });
  };
}

/** Space for some thousand pictures as large as a screen. */
const previewBytes = 512 * 1024 * 1024;

function openMedia(ports: HostPorts, { db, inference, work, log }: Library): Media {
  const cache = createPreviewCache({ folder: join(ports.libraryFolder, 'cache', 'previews'), maxBytes: previewBytes });
  const changed = createChangedFiles({ db, clock: ports.clock, rescan: work.rescan });
  return createMedia({
    db,
    previews: createPreviews({ inference, cache }),
    sniff(head) {
      const sniffed = sniff(head);
      return sniffed.kind === 'image' ? sniffed.format : null;
    },
    log,
    onMissingThumbnail: work.wake,
    onChangedFile: (path) =>
      void changed(path).catch((err) => log.warn({ area: 'media', err }, 'a changed file was not looked after')),
  });
}

/** @param before a pack that only answers while another one's results are made: one child, of exactly that revision. */
function startPool(
  ports: HostPorts,
  packId: string,
  onState: () => void,
  before?: { readonly revision: string },
): InferencePool {
  const factsFile = join(ports.libraryFolder, 'cache', 'models.json');
  return createInferencePool({
    count: before ? 1 : ports.inferenceWorkers,
    spawn: ports.spawnInference,
    init: { packFolders: ports.packFolders, packId, factsFile, threads: 1, ...before },
    clock: ports.clock,
    onState,
  });
}

function startModels(ports: HostPorts, library: Library, events: EventHub): ModelsService {
  return createModelsService({
    files: createPackStore({
      packFolders: ports.packFolders,
      ...(ports.packOffers === undefined ? {} : { offersFolder: ports.packOffers }),
      net: systemNet,
    }),
    inference: library.inference,
    choice: library.answering.choice,
    startedWith: library.packId,
    async holdIndexing() {
      const releases = [await library.work.hold(), await library.indexing.hold()];
      return () => {
        for (const release of releases) release();
      };
    },
    onSwitch() {
      library.work.retry();
      library.search.warm();
    },
    toAppError,
    publish: (downloads) => events.publish('models.downloads', { downloads }),
    log: library.log,
  });
}

/** How typed texts are understood, and places named. */
function openLanguage({ clock, now, window }: HostPorts, db: LibraryDb, log: Logger) {
  const gazetteer = sharedGazetteer(gazetteerVersion, openGazetteer);
  const reader = createQueryReader({ db, gazetteer, clock, log, now });
  const warming = warmReader(reader, clock);
  return {
    gazetteer,
    reader,
    // Where one question is all that is asked, it waits for what there is to know.
    readQuery: window ? reader.read : reader.readWhole,
    warmReader: warming.warm,
    close: warming.close,
    /** Where the names of places cannot be read, the other work goes on. */
    async namePlaces(signal: AbortSignal): Promise<void> {
      await fillPlaces({ db, gazetteer }, signal).catch((err) => {
        if (err instanceof CancelledError) throw err;
        log.warn({ area: 'indexing', err }, 'places of photos could not be named');
      });
    },
  };
}

/** Gives the models of an open library. */
type ChooseModels = (db: LibraryDb) => Promise<{ packId: string; pool: InferencePool }>;

async function openLibrary(
  ports: HostPorts,
  watcher: FolderWalker & Partial<FolderWatching>,
  ears: Ears,
  chooseModels: ChooseModels,
): Promise<Library> {
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
  const db = observedLibrary(opened.db, (method) => writes(method as LibraryMethod), ears.onWrite);
  const progress = createProgressMeter({ now: clock.now, onChange: ears.onWork });
  const presence = createFolderPresence(clock);
  const language = openLanguage(ports, db, log);
  const parts = { db, walker: watcher, inference, presence, progress, clock, log, now, ...language };
  const vectors = createSearchProcess({
    spawn: ports.spawnSearch,
    libraryFolder: ports.libraryFolder,
    writes: opened.mode === 'owner',
    clock,
    onState: ({ name }) => ears.onSearch(name === 'degraded'),
  });
  const answering = createAnsweringPack(
    {
      db,
      choice: packChoice(db, ports.packId),
      inference,
      startPool: ({ id, revision }) => startPool(ports, id, () => undefined, { revision }),
      clock,
    },
    (await db.readSettings())[answeringKey],
  );
  return {
    db,
    mode: opened.mode,
    inference,
    presence,
    packId,
    indexing: holdableRuns(createIndexingService(parts)),
    work: createBackgroundIndexer({
      isDiskFull: () => isDiskFull(ports.libraryFolder),
      ...parts,
      ...(isWatching(watcher) ? { watching: watcher } : {}),
      settling: createSettlingFiles(parts),
      cores: availableParallelism(),
      onChange: ears.onWork,
      onWatching: ears.onWatching,
    }),
    search: createSearchUseCase({
      ...parts,
      vectors,
      inference: answering.models,
      strictness: ears.strictness,
      comparingHasStopped: () => ports.window !== null && vectors.state().name === 'degraded',
    }),
    why: createExplainUseCase({ ...parts, vectors, inference: answering.models, readQuery: language.reader.read }),
    suggestions: createSuggestUseCase(parts),
    restartSearch() {
      if (vectors.state().name === 'degraded') vectors.restart();
    },
    answering,
    log,
    async close() {
      language.close();
      await answering.close();
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
  const ears = {
    onWork: () => undefined,
    onWrite: () => undefined,
    onWatching: () => undefined,
    onSearch: () => undefined,
    strictness: () => defaultSettings.strictness,
  };
  const library = await openLibrary(own, walker, ears, async () => ({ packId, pool: inference }));
  await library.db.registerFolder({ path: images, now: ports.now() });
  return {
    ...library,
    async close() {
      await library.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function isWatching(watcher: Partial<FolderWatching>): watcher is FolderWatching {
  return watcher.watch !== undefined;
}
