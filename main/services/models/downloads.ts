// Downloads of packs: each runs, waits for the person, or has ended, and says so whenever that changes. Shell process.
import type { PackDownload } from '../../../preload/contract/models.ts';
import { AppError } from '../../platform/app-error.ts';
import type { PackFiles } from './pack-files.ts';

export interface DownloadsParts {
  readonly files: Pick<PackFiles, 'offeredBytes' | 'unfinished' | 'fetch' | 'discardFetched'>;
  /** Takes a fetched and verified pack into place. */
  install(packId: string): Promise<void>;
  toAppError(error: unknown): Error;
  /** The state of a download changed. */
  onChange(downloads: PackDownload[]): void;
  onFailure(packId: string, error: unknown): void;
}

export interface Downloads {
  list(): Promise<PackDownload[]>;
  /** Goes on in the background; nothing happens where it runs already. @throws AppError `model/*` where the pack cannot be fetched at all. */
  start(packId: string): Promise<void>;
  /** Resolves once nothing is fetched any more; what came is kept. */
  pause(packId: string): Promise<void>;
  /** Stops it and deletes what came. */
  discard(packId: string): Promise<void>;
  /** Forgets that a download ended well. */
  forget(packId: string): void;
  /** Stops all; they are paused ones at the next start. */
  close(): Promise<void>;
}

interface Download {
  state: PackDownload['state'];
  doneBytes: number;
  totalBytes: number;
  error: string | null;
  readonly stop: AbortController;
  ended: Promise<void>;
}

export function createDownloads(parts: DownloadsParts): Downloads {
  const downloads = new Map<string, Download>();
  let found: Promise<void> | undefined;
  let isClosed = false;

  const views = (): PackDownload[] => [...downloads].map(([packId, download]) => toView(packId, download));
  const isGoing = (packId: string): boolean => ['running', 'verifying'].includes(downloads.get(packId)?.state ?? '');

  function tell(): void {
    if (!isClosed) parts.onChange(views());
  }

  /** What an earlier run left waits for the person: nothing is fetched unasked. */
  function findUnfinished(): Promise<void> {
    found ??= parts.files.unfinished().then((left) => {
      for (const { packId, ...bytes } of left) {
        if (!downloads.has(packId)) downloads.set(packId, create({ state: 'paused', ...bytes }));
      }
    });
    return found;
  }

  async function start(packId: string): Promise<void> {
    await findUnfinished();
    if (isGoing(packId)) return;
    const totalBytes = await parts.files.offeredBytes(packId);
    // Another call may have started it meanwhile.
    if (isClosed || isGoing(packId)) return;
    const doneBytes = downloads.get(packId)?.doneBytes ?? 0;
    const download = create({ state: 'running', doneBytes, totalBytes });
    downloads.set(packId, download);
    tell();
    download.ended = run(parts, packId, download, tell);
  }

  async function stop(packId: string): Promise<void> {
    const download = downloads.get(packId);
    download?.stop.abort();
    await download?.ended;
  }

  return {
    async list() {
      await findUnfinished();
      return views();
    },
    start,
    pause: stop,
    async discard(packId) {
      await stop(packId);
      await parts.files.discardFetched(packId);
      if (downloads.delete(packId)) tell();
    },
    forget(packId) {
      if (downloads.get(packId)?.state === 'done' && downloads.delete(packId)) tell();
    },
    async close() {
      isClosed = true;
      await Promise.all([...downloads.keys()].map(stop));
    },
  };
}

/** Never rejects: how it ended is the download's state. */
async function run(parts: DownloadsParts, packId: string, download: Download, tell: () => void): Promise<void> {
  const { signal } = download.stop;
  function change(to: Partial<Pick<Download, 'state' | 'doneBytes' | 'error'>>): void {
    Object.assign(download, to);
    tell();
  }
  try {
    await parts.files.fetch(packId, {
      signal,
      onProgress: ({ phase, doneBytes }) => change({ state: phase === 'verifying' ? phase : 'running', doneBytes }),
    });
    await parts.install(packId);
    change({ state: 'done', doneBytes: download.totalBytes });
  } catch (error) {
    if (signal.aborted) return change({ state: 'paused' });
    parts.onFailure(packId, error);
    const known = parts.toAppError(error);
    const isPlain = known instanceof AppError && known.code !== 'internal';
    change({ state: 'failed', error: isPlain ? known.message : 'Something went wrong; the log says what.' });
  }
}

function toView(packId: string, { state, doneBytes, totalBytes, error }: Download): PackDownload {
  return { packId, state, doneBytes, totalBytes, error };
}

function create(start: Pick<Download, 'state' | 'doneBytes' | 'totalBytes'>): Download {
  return { ...start, error: null, stop: new AbortController(), ended: Promise.resolve() };
}
