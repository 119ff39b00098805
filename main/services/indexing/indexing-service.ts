// The use-case behind "add" and behind every start: scan folders, then index until nothing is left. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { FileFailure, FolderRow } from '../../library-db/library-rows.ts';
import { AppError, CancelledError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { FolderWalker } from '../../watching/folder-walker.ts';
import type { FolderPresence } from '../library/folder-presence.ts';
import { runIndexing } from './index-run.ts';
import type { ProgressMeter } from './progress.ts';
import { scanFolder } from './scan-folder.ts';
import { stageVersions } from './stage-versions.ts';
import { piecesOfNewPhoto, workLeft } from './work-left.ts';
import { createWorkSignal } from './work-signal.ts';

export interface IndexingParts {
  readonly db: LibraryDb;
  readonly walker: FolderWalker;
  readonly inference: InferencePool;
  readonly presence: FolderPresence;
  readonly clock: Clock;
  readonly log: Logger;
  /** Shared with the background work: there is one state of indexing. */
  readonly progress: ProgressMeter;
  /** Names the places of photos that have coordinates, until none is left. */
  namePlaces?(signal: AbortSignal): Promise<void>;
  /** Epoch milliseconds. */
  now(): number;
}

export interface IndexingOutcome {
  readonly photos: {
    readonly found: number;
    readonly indexed: number;
    readonly unchanged: number;
    readonly failed: number;
  };
  readonly failures: readonly FileFailure[];
  readonly seconds: number;
}

export interface IndexingService {
  /** One run at a time: a second call while one is going is refused. Cancelling stops between batches and loses nothing that was stored. */
  run(input: { folderIds: readonly number[] }, context: { signal: AbortSignal }): Promise<IndexingOutcome>;
}

/** So many failures are listed; the count is always whole. */
const listedFailures = 100_000;

export function createIndexingService(parts: IndexingParts): IndexingService {
  const meter = parts.progress;
  let running = false;

  async function index(folderIds: readonly number[], signal: AbortSignal): Promise<IndexingOutcome> {
    const startedAt = parts.clock.now();
    const folders = await chosenFolders(parts.db, folderIds);
    const ids = folders.map((folder) => folder.id);
    await parts.db.releaseClaims({ now: parts.now() });
    // The pack is opened before any folder is read: a wrong hash must be said at once and change nothing.
    const pack = await parts.inference.pack();
    const wanted = stageVersions(pack);
    meter.phase('scanning');
    await noteAway(parts);
    const onFiles = (count: number): void => meter.addLeft({ photos: count, pieces: count * piecesOfNewPhoto });
    for (const folder of folders) {
      const outcome = await scanFolder(parts, folder, { signal, onFiles });
      parts.log.info({ area: 'indexing', folderId: folder.id, ...outcome }, 'scanned');
    }
    await parts.db.retryPassing({ folderIds: ids });
    const before = await parts.db.folderOutcome({ folderIds: ids, wanted });
    const left = await workLeft(parts.db, wanted);
    meter.setLeft(left);
    meter.phase('reading');
    const { same, analysed } = await runIndexing(
      {
        db: parts.db,
        pack,
        wanted,
        lanes: parts.inference.lanes,
        progress: meter,
        left,
        now: parts.now,
        work: createWorkSignal(parts.clock),
      },
      signal,
    );
    await parts.namePlaces?.(signal);
    meter.finish();
    const after = await parts.db.folderOutcome({ folderIds: ids, wanted });
    // Some were read only because their times told nothing, and hold what they held.
    const unchanged = Math.max(before.indexed, Math.min(before.indexed + same, after.indexed - analysed));
    const photos = {
      found: after.files,
      indexed: Math.max(0, after.indexed - unchanged),
      unchanged: Math.min(after.indexed, unchanged),
      failed: after.failed,
    };
    const failures = after.failed > 0 ? await parts.db.failures({ folderIds: ids, limit: listedFailures }) : [];
    const seconds = Math.round((parts.clock.now() - startedAt) / 100) / 10;
    parts.log.info({ area: 'indexing', ...photos, seconds }, 'indexed');
    return { photos, failures, seconds };
  }

  return {
    async run({ folderIds }, { signal }) {
      if (running) throw new AppError('store/busy', 'indexing is already running; wait until it has finished');
      running = true;
      try {
        return await index(folderIds, signal);
      } catch (error) {
        if (!(error instanceof CancelledError)) parts.log.warn({ area: 'indexing', err: error }, 'indexing stopped');
        throw error;
      } finally {
        running = false;
        meter.phase('idle');
      }
    },
  };
}

/** Work is given out for folders that can be reached; another program may have seen some of them away that are back. */
async function noteAway({ db, presence }: Pick<IndexingParts, 'db' | 'presence'>): Promise<void> {
  const folders = await db.listFolders();
  const presences = await Promise.all(folders.map(({ path, root }) => presence.of(path, root)));
  await db.setOffline({ folderIds: folders.filter((_, at) => presences[at]?.state !== 'ready').map(({ id }) => id) });
}

async function chosenFolders(db: LibraryDb, folderIds: readonly number[]): Promise<FolderRow[]> {
  const folders = await db.listFolders();
  if (folderIds.length === 0) return folders;
  return folderIds.map((id) => {
    const folder = folders.find((candidate) => candidate.id === id);
    if (!folder) throw new AppError('input/invalid', `no folder ${id} is registered`);
    return folder;
  });
}
