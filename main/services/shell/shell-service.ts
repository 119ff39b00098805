// What this installation and its host can do and how they are, and the host's own deeds. Shell process.
import type { z } from 'zod';
import type { FolderView } from '../../../preload/contract/library.ts';
import type { Banner, Capabilities } from '../../../preload/contract/shell.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { OpenedPack } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import type { WindowPorts } from '../../platform/host-ports.ts';
import type { BackgroundIndexer } from '../indexing/background-indexer.ts';
import { bannersOf } from './banners.ts';
import type { ConditionBook, Conditions } from './conditions.ts';

export interface ShellServiceParts {
  readonly db: Pick<LibraryDb, 'photoFile'>;
  readonly mode: 'owner' | 'reader';
  /** It would own the library, if another program did not. */
  readonly isSecond: boolean;
  readonly conditions: ConditionBook;
  readonly inference: Pick<InferencePool, 'states' | 'restart' | 'pack'>;
  readonly work: Pick<BackgroundIndexer, 'problem' | 'retry'>;
  /** Starts the process that compares vectors again, if it gave up. */
  restartSearch(): void;
  readonly window: WindowPorts | null;
  readonly samplePhotosFolder: string | null;
  readonly version: string;
}

export interface ShellService {
  capabilities(): Promise<z.infer<typeof Capabilities>>;
  banners(): z.infer<typeof Banner>[];
  /** How the folders stand: notices speak of some. */
  lookedAt(folders: readonly FolderView[]): void;
  act(action: 'restart-inference' | 'retry'): void;
  /** @throws AppError `host/unsupported`, or `library/photo-not-found` */
  reveal(photoId: number): Promise<void>;
}

const none = { pickFolder: 'browse', reveal: false, drag: false, openAtLogin: false, tray: false } as const;

/** A page that starts must not wait for models: what is not known by then is told the next time it asks. */
const patienceMs = 50;

export function createShellService(parts: ShellServiceParts): ShellService {
  return {
    async capabilities() {
      const pack = await within(parts.inference.pack(), patienceMs);
      return {
        ...(parts.window?.capabilities ?? none),
        version: parts.version,
        canChange: parts.mode === 'owner',
        samplePhotos: parts.samplePhotosFolder !== null && parts.mode === 'owner',
        device: deviceOf(pack),
      };
    },
    banners: () =>
      bannersOf({
        ...parts.conditions.now(),
        isSecond: parts.isSecond,
        problem: parts.work.problem(),
        inference: parts.inference.states(),
      }),
    lookedAt: (folders) => parts.conditions.tell({ folders: folders.map(notable) }),
    act(action) {
      if (action === 'restart-inference') {
        parts.inference.restart();
        parts.restartSearch();
      }
      parts.work.retry();
    },
    async reveal(photoId) {
      if (!parts.window?.reveal) throw new AppError('host/unsupported', 'this window cannot show files in a folder');
      const file = await parts.db.photoFile({ photoId });
      if (!file) throw new AppError('library/photo-not-found', 'there is no file of this photo now');
      await parts.window.reveal(file.path);
    },
  };
}

/** What a notice says; counts that move while photos stream in are none of it. */
function notable({ name, state, problem, vanished }: FolderView): Conditions['folders'][number] {
  return { name, state: state === 'scanning' ? 'ready' : state, problem, vanished };
}

function deviceOf(pack: OpenedPack | undefined): { name: string; reason: string } {
  const used = pack?.providers.find((provider) => provider.used);
  return used
    ? { name: used.name, reason: used.reason }
    : { name: 'unknown', reason: pack ? 'no device could be used' : 'the models are not open yet' };
}

async function within<T>(promise: Promise<T>, waitMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), waitMs);
  });
  try {
    return await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
