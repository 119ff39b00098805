// A library kept up to date by real watches, walks and statements, with lanes that only hash in place of models. Test processes; also their children.
import { readFileSync, statSync } from 'node:fs';
import type { IdentifiedFile, Outcome } from '../../main/inference/protocol.ts';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import { openLibraryThread } from '../../main/library-db/thread-library-db.ts';
import { toEnvelope } from '../../main/platform/app-error.ts';
import { type Clock, systemClock } from '../../main/platform/clock.ts';
import { millisecondsOf } from '../../main/platform/file-time.ts';
import { silentLog } from '../../main/platform/log.ts';
import { connect } from '../../main/platform/rpc.ts';
import { threadWorker } from '../../main/platform/worker-port.ts';
import {
  type BackgroundIndexer,
  createBackgroundIndexer,
  type WatchingTrouble,
} from '../../main/services/indexing/background-indexer.ts';
import { createProgressMeter } from '../../main/services/indexing/progress.ts';
import { createSettlingFiles } from '../../main/services/indexing/settling-files.ts';
import { createFolderPresence } from '../../main/services/library/folder-presence.ts';
import type { FolderWalker } from '../../main/watching/folder-walker.ts';
import type { FolderWatching } from '../../main/watching/folder-watching.ts';
import { type FakeLane, fakeLane, fakePool } from './fake-inference.ts';
import { factsOf } from './photo-facts.ts';

/** The watcher thread of the product. */
export function watcherThread(): { remote: FolderWalker & FolderWatching; end(): void } {
  const port = threadWorker(new URL('../../main/entry/watcher.ts', import.meta.url), null);
  return { remote: connect(port, { gone: 'internal', late: 'internal' }), end: () => port.kill() };
}

/** A lane that reads a file's bytes and calls them a photo. `read` holds the hash of every reading, by path. */
export function hashingLane(): FakeLane & { readonly read: Map<string, string[]> } {
  const read = new Map<string, string[]>();
  const identify = async ({ paths }: { paths: readonly string[] }): Promise<Outcome<IdentifiedFile>[]> =>
    paths.map((path) => {
      try {
        const facts = factsOf(readFileSync(path, 'latin1'));
        const { size, mtimeNs } = statSync(path, { bigint: true });
        read.set(path, [...(read.get(path) ?? []), facts.sha256]);
        return { ok: true, value: { sizeBytes: Number(size), mtimeMs: millisecondsOf(mtimeNs), facts } };
      } catch (error) {
        return { ok: false, error: toEnvelope(error) };
      }
    });
  return { ...fakeLane(), identify, read };
}

export interface WatchedLibrary {
  readonly db: LibraryDb;
  readonly indexer: BackgroundIndexer;
  /** What was told of watching, the newest last. */
  readonly troubles: (WatchingTrouble | null)[];
  close(): Promise<void>;
}

export async function watchedLibrary(
  folder: string,
  options: { readonly lane?: FakeLane; readonly clock?: Clock } = {},
): Promise<WatchedLibrary> {
  const { lane = hashingLane(), clock = systemClock } = options;
  const now = (): number => Date.now();
  const library = await openLibraryThread({ folder, mode: 'write', now: now() });
  const watcher = watcherThread();
  const troubles: (WatchingTrouble | null)[] = [];
  const indexer = createBackgroundIndexer({
    db: library.db,
    walker: watcher.remote,
    watching: watcher.remote,
    inference: fakePool([lane]),
    presence: createFolderPresence(clock),
    progress: createProgressMeter({ now: clock.now, onChange: () => undefined }),
    settling: createSettlingFiles({ clock: systemClock, now }),
    clock,
    log: silentLog(),
    now,
    cores: 2,
    onChange: () => undefined,
    onWatching: (trouble) => void troubles.push(trouble),
  });
  return {
    db: library.db,
    indexer,
    troubles,
    async close() {
      await indexer.close();
      watcher.end();
      await library.close();
    },
  };
}
