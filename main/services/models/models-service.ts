// The use-cases of the models domain: list packs, fetch them, and work with another one without mixing what two packs made. Shell process.
import type { PackDownload, PackReport } from '../../../preload/contract/models.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Logger } from '../../platform/log.ts';
import { createDownloads } from './downloads.ts';
import type { PackChoice } from './pack-choice.ts';
import type { PackFiles, PackOnDisk } from './pack-files.ts';

export interface ModelsServiceParts {
  readonly files: PackFiles;
  readonly inference: Pick<InferencePool, 'usePack' | 'states'>;
  readonly choice: PackChoice;
  /** The pack that `inference` was started with. */
  readonly startedWith: string;
  /** Resolves once no background work uses the models, and none begins until the returned function is called. */
  holdIndexing(): Promise<() => void>;
  /** Another pack is in use: what it has not made yet is work to do. */
  onSwitch(): void;
  toAppError(error: unknown): Error;
  publish(downloads: PackDownload[]): void;
  readonly log: Logger;
}

export interface ModelsService {
  packs(): Promise<PackReport[]>;
  downloads(): Promise<PackDownload[]>;
  download(packId: string): Promise<void>;
  pause(packId: string): Promise<void>;
  /** Of a finished download, the installed pack goes with it. @throws AppError `input/invalid` for the pack in use. */
  discard(packId: string): Promise<void>;
  /**
   * Every graph of the pack is loaded before anything changes; where one fails, the pack before stays in use. Indexing rests during the switch and
   * goes on with the new pack. @throws AppError `model/*`, or `store/*` where the choice cannot be kept.
   */
  activate(packId: string): Promise<void>;
  close(): Promise<void>;
}

/** What the contract takes for an id; a pack named otherwise cannot be chosen in a window. */
const idPattern = /^[a-z0-9-]{1,40}$/;

export function createModelsService(parts: ModelsServiceParts): ModelsService {
  const { files, inference, choice, log } = parts;
  /** Why a pack failed when it was last tried; sizes may be right where checksums are not. */
  const failedOf = new Map<string, string>();
  const inTurn = createQueue();
  let activeId = parts.startedWith;

  const downloads = createDownloads({
    files,
    toAppError: parts.toAppError,
    onChange: parts.publish,
    onFailure: (packId, err) => log.warn({ area: 'models', packId, err }, 'download failed'),
    install: (packId) => inTurn(() => install(packId)),
  });

  async function use(packId: string): Promise<void> {
    let release: (() => void) | undefined;
    try {
      await inference.usePack(packId, async () => {
        release = await parts.holdIndexing();
        await choice.write(packId);
      });
      activeId = packId;
      failedOf.delete(packId);
      log.info({ area: 'models', packId }, 'pack in use');
      parts.onSwitch();
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('model/')) failedOf.set(packId, error.message);
      throw error;
    } finally {
      release?.();
    }
  }

  /** A newer pack over the one in use: nothing may be made by the old files under the new revision's name, or the other way round. */
  async function install(packId: string): Promise<void> {
    failedOf.delete(packId);
    if (packId !== activeId) return files.publish(packId);
    const release = await parts.holdIndexing();
    try {
      await files.publish(packId);
      await inference.usePack(packId);
      parts.onSwitch();
    } finally {
      release();
    }
  }

  function report(pack: PackOnDisk): PackReport {
    const active = pack.id === activeId;
    const problem = pack.problem ?? failedOf.get(pack.id) ?? (active ? refusal(inference) : null);
    const isInstalled = pack.revision !== null;
    return {
      id: pack.id,
      title: pack.title,
      revision: pack.revision || null,
      licence: pack.licence,
      notice: pack.notice,
      sizeMb: Math.round(pack.bytes / 1e5) / 10,
      active,
      state: isInstalled ? (problem === null ? 'installed' : 'damaged') : 'available',
      problem: active && !isInstalled ? (problem ?? notInstalled) : problem,
    };
  }

  return {
    async packs() {
      const found = await files.list().catch((error) => {
        throw parts.toAppError(error);
      });
      const reports = found.filter(({ id }) => idPattern.test(id)).map(report);
      if (!reports.some(({ active }) => active) && idPattern.test(activeId)) reports.push(lostPack(activeId));
      return reports;
    },
    downloads: downloads.list,
    download: downloads.start,
    pause: downloads.pause,
    async discard(packId) {
      const isDone = (await downloads.list()).some((one) => one.packId === packId && one.state === 'done');
      if (!isDone) return downloads.discard(packId);
      await inTurn(async () => {
        if (packId === activeId) {
          throw new AppError('input/invalid', 'this pack is in use; use another pack first, then it can be deleted');
        }
        await files.remove(packId);
        downloads.forget(packId);
      });
    },
    activate: (packId) => inTurn(() => (packId === activeId ? keep(packId) : use(packId))),
    close: downloads.close,
  };

  /** Already in use: the choice is made a lasting one, and a pack that was mended is tried again. */
  async function keep(packId: string): Promise<void> {
    if (refusal(inference) !== null || failedOf.has(packId)) return use(packId);
    await choice.write(packId);
  }
}

const notInstalled = 'This pack is in use but no longer installed; download it again or use another one.';

function lostPack(id: string): PackReport {
  return {
    id,
    title: id,
    revision: null,
    licence: '',
    notice: '',
    sizeMb: 0,
    active: true,
    state: 'damaged',
    problem: 'This pack is in use but no longer installed; use another one.',
  };
}

/** Why the children cannot open the pack in use, if that is what keeps them from starting. */
function refusal(inference: Pick<InferencePool, 'states'>): string | null {
  for (const state of inference.states()) {
    if (state.name === 'degraded' && state.error.code.startsWith('model/')) return state.error.message;
  }
  return null;
}

/** Switches and installs one after the other, whoever asks. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
