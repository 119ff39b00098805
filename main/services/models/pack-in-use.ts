// The pack a library works with: taking another one into use, or a newer revision of the same, one at a time. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Logger } from '../../platform/log.ts';
import type { PackChoice } from './pack-choice.ts';
import type { PackFiles } from './pack-files.ts';

export interface PackInUseParts {
  readonly files: Pick<PackFiles, 'publish' | 'remove'>;
  readonly inference: Pick<InferencePool, 'usePack' | 'states'>;
  readonly choice: PackChoice;
  /** The pack that `inference` was started with. */
  readonly startedWith: string;
  /** Resolves once no background work uses the models, and none begins until the returned function is called. */
  holdIndexing(): Promise<() => void>;
  /** Another pack is in use: what it has not made yet is work to do. */
  onSwitch(): void;
  readonly log: Logger;
}

export interface PackInUse {
  id(): string;
  /** Why a pack did not open when it was last tried, or null. */
  problemOf(packId: string): string | null;
  /** Every graph is loaded before anything changes. @throws AppError `model/*`, `store/*` */
  use(packId: string): Promise<void>;
  /** Puts a fetched pack in place; the one in use is opened anew. @throws ModelError, AppError */
  install(packId: string): Promise<void>;
  /** @throws AppError `input/invalid` for the one in use. */
  remove(packId: string): Promise<void>;
}

export function createPackInUse(parts: PackInUseParts): PackInUse {
  const { files, inference, choice, log } = parts;
  /** Sizes may be right where checksums or operators are not: what opening said stays known. */
  const failedOf = new Map<string, string>();
  const inTurn = createQueue();
  let activeId = parts.startedWith;

  const problemOf = (packId: string): string | null =>
    failedOf.get(packId) ?? (packId === activeId ? refusal(inference) : null);

  async function open(packId: string, beforeSwitch?: () => Promise<void>): Promise<void> {
    try {
      await inference.usePack(packId, beforeSwitch);
    } catch (error) {
      if (error instanceof AppError && error.code.startsWith('model/')) failedOf.set(packId, error.message);
      throw error;
    }
    activeId = packId;
    failedOf.delete(packId);
    log.info({ area: 'models', packId }, 'pack in use');
    parts.onSwitch();
  }

  async function use(packId: string): Promise<void> {
    // Chosen already, by default perhaps: from now on it is the person's choice.
    if (packId === activeId && problemOf(packId) === null) return choice.write(packId);
    let release: (() => void) | undefined;
    try {
      await open(packId, async () => {
        release = await parts.holdIndexing();
        await choice.write(packId);
      });
    } finally {
      release?.();
    }
  }

  async function install(packId: string): Promise<void> {
    failedOf.delete(packId);
    if (packId !== activeId) return files.publish(packId);
    // Nothing may be made by the old files under the new revision's name, or the other way round.
    const release = await parts.holdIndexing();
    try {
      await files.publish(packId);
      await open(packId);
    } finally {
      release();
    }
  }

  async function remove(packId: string): Promise<void> {
    if (packId !== activeId) return files.remove(packId);
    throw new AppError('input/invalid', 'this pack is in use; use another one first, then it can be deleted');
  }

  return {
    id: () => activeId,
    problemOf,
    use: (packId) => inTurn(() => use(packId)),
    install: (packId) => inTurn(() => install(packId)),
    remove: (packId) => inTurn(() => remove(packId)),
  };
}

/** Why the children cannot open the pack in use, if that is what keeps them from starting. */
function refusal(inference: Pick<InferencePool, 'states'>): string | null {
  for (const state of inference.states()) {
    if (state.name === 'degraded' && state.error.code.startsWith('model/')) return state.error.message;
  }
  return null;
}

/** One piece of work after the other, whoever asks. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
