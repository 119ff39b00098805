// Which pack answers searches: after another one was chosen, the one before goes on answering until the new one has seen every photo. Shell process.
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { OpenedPack } from '../../inference/protocol.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { stageVersions } from '../indexing/stage-versions.ts';
import type { PackChoice } from './pack-choice.ts';

/** A pack whose results are complete, as the library remembers it. */
export interface KeptPack {
  readonly id: string;
  readonly revision: string;
}

/** What searches are made with: one pack at a time, its sentences and its stored vectors. */
export interface SearchModels extends Pick<InferencePool, 'pack' | 'embedText' | 'parts' | 'warmText'> {
  /** The pack that photos are looked at with now: another one than answers while its results are being made. */
  coming?(): Promise<OpenedPack>;
}

export interface AnsweringPack {
  readonly models: SearchModels;
  /** Choosing another pack keeps the one before answering where it has anything to answer with; both are written at once. */
  readonly choice: PackChoice;
  close(): Promise<void>;
}

export interface AnsweringPackParts {
  readonly db: Pick<LibraryDb, 'counts' | 'readSettings' | 'writeSettings'>;
  readonly choice: PackChoice;
  /** Children of the chosen pack. */
  readonly inference: Pick<InferencePool, 'pack' | 'embedText' | 'parts' | 'warmText'>;
  /** A child for what is asked of another pack, which is started by its first call and refuses another revision. */
  startPool(pack: KeptPack): Pick<InferencePool, 'pack' | 'embedText' | 'parts' | 'warmText' | 'shutdown'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Beside the chosen pack, in the library. */
export const answeringKey = 'models.answering';

/** Whether the new results are complete is asked no more often: a person types faster. */
const lookAgainAfterMs = 500;

interface Before {
  readonly kept: KeptPack;
  readonly pool: ReturnType<AnsweringPackParts['startPool']>;
}

/** @param stored what `answeringKey` holds in the library. */
export function createAnsweringPack(parts: AnsweringPackParts, stored: unknown): AnsweringPack {
  const { inference } = parts;
  let before = start(keptOf(stored));
  let lookedAt = Number.NEGATIVE_INFINITY;

  function start(kept: KeptPack | null): Before | null {
    return kept && { kept, pool: parts.startPool(kept) };
  }

  /** The chosen pack answers from now on. Not being able to note it costs another look at the next start. */
  async function end(ended: Before): Promise<void> {
    if (before !== ended) return;
    before = null;
    await parts.db.writeSettings({ values: { [answeringKey]: null } }).catch(() => undefined);
    await ended.pool.shutdown();
  }

  async function isComplete(): Promise<boolean> {
    const { pending } = await parts.db.counts({ wanted: stageVersions(await inference.pack()) });
    return pending === 0;
  }

  /** The pack before, while it still answers and can. */
  async function stillAnswering(): Promise<{ before: Before; pack: OpenedPack } | null> {
    const asked = before;
    if (!asked) return null;
    const now = parts.clock.now();
    if (now - lookedAt >= lookAgainAfterMs) {
      lookedAt = now;
      // A new pack that cannot be opened is no reason to lose the answers of the one before.
      if (await isComplete().catch(() => false)) await end(asked);
    }
    if (before !== asked) return stillAnswering();
    try {
      return { before: asked, pack: await asked.pool.pack() };
    } catch (error) {
      // Deleted, or replaced by another revision: nothing can be asked of its vectors any more. Or ended by another question, which found the new ones complete.
      if (before === asked && !(error instanceof AppError && error.code.startsWith('model/'))) throw error;
      await end(asked);
      return stillAnswering();
    }
  }

  async function keptFor(packId: string): Promise<KeptPack | null> {
    if (before) return before.kept.id === packId ? null : before.kept;
    const pack = await inference.pack().catch(() => null);
    if (!pack || pack.id === packId) return null;
    const { indexed } = await parts.db.counts({ wanted: stageVersions(pack) });
    return indexed > 0 ? { id: pack.id, revision: pack.revision } : null;
  }

  async function ask<T>(question: (pool: AnsweringPackParts['inference']) => Promise<T>): Promise<T> {
    const answering = await stillAnswering();
    if (!answering) return question(inference);
    try {
      return await question(answering.before.pool);
    } catch (error) {
      if (before === answering.before) throw error;
      throw new AppError('vectors/stale-index', 'another model pack was taken into use; ask again', { cause: error });
    }
  }

  return {
    models: {
      coming: () => inference.pack(),
      pack: async () => (await stillAnswering())?.pack ?? inference.pack(),
      async warmText() {
        const answering = await stillAnswering();
        await (answering?.before.pool ?? inference).warmText();
      },
      embedText: (input, call) => ask((pool) => pool.embedText(input, call)),
      parts: (input, call) => ask((pool) => pool.parts(input, call)),
    },
    choice: {
      read: () => parts.choice.read(),
      async write(packId) {
        const kept = await keptFor(packId);
        await parts.choice.write(packId, { [answeringKey]: kept });
        if (before?.kept.id === kept?.id) return;
        const ended = before;
        before = start(kept);
        lookedAt = Number.NEGATIVE_INFINITY;
        await ended?.pool.shutdown();
      },
    },
    async close() {
      await before?.pool.shutdown();
    },
  };
}

function keptOf(stored: unknown): KeptPack | null {
  const { id, revision } = (stored ?? {}) as Partial<Record<keyof KeptPack, unknown>>;
  return typeof id === 'string' && typeof revision === 'string' ? { id, revision } : null;
}
