// The inference children as the shell sees them: one lane of background work for each, and an interactive way in. Shell process.
import { AppError, CancelledError, throwIfCancelled } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { CallOptions, Remote } from '../platform/rpc.ts';
import { type Supervised, supervise } from '../platform/supervisor.ts';
import type { SupervisorState } from '../platform/worker-lifecycle.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { InferenceInit, InferenceService, OpenedPack } from './protocol.ts';

export interface InferencePool {
  /** Background work: give each lane one request at a time. Children start on first use. */
  readonly lanes: readonly Remote<InferenceService>[];
  /** For a waiting person: goes to the child with the least in hand, which answers it between two graph runs. */
  embedText(
    input: { texts: readonly string[] },
    options: { signal: AbortSignal },
  ): Promise<{ text: Float32Array[]; sentence: Float32Array[] }>;
  /** The active pack's facts; starts a child where none runs yet. Rejects with `model/*` where the pack cannot be used. */
  pack(): Promise<OpenedPack>;
  states(): readonly SupervisorState[];
  shutdown(): Promise<void>;
}

export interface InferencePoolOptions {
  readonly count: number;
  readonly spawn: () => WorkerPort;
  readonly init: InferenceInit;
  readonly clock: Clock;
}

/** A model file on a slow disk and its hash; then the largest batch of huge photos on a slow machine. */
const readyTimeoutMs = 120_000;

export function createInferencePool(options: InferencePoolOptions): InferencePool {
  const inHand = new Array<number>(options.count).fill(0);
  const ports: (WorkerPort | undefined)[] = [];
  const children: Supervised<InferenceService>[] = inHand.map((_, index) =>
    supervise<InferenceService>({
      name: `inference process ${index + 1}`,
      spawn() {
        const port = options.spawn();
        ports[index] = port;
        return port;
      },
      init: () => options.init,
      codes: { gone: 'inference/crashed', late: 'inference/timeout' },
      clock: options.clock,
      readyTimeoutMs,
    }),
  );
  const lanes = children.map((child, index) =>
    counting(laneOf(child, { kill: () => ports[index]?.kill() }), index, inHand),
  );
  let pack: Promise<OpenedPack> | undefined;

  return {
    lanes,
    embedText(input, callOptions) {
      const least = inHand.indexOf(Math.min(...inHand));
      const lane = lanes[least];
      if (!lane) throw new Error('a pool has at least one lane');
      return lane.embedText(input, callOptions);
    },
    pack() {
      pack ??= startFirst(children).catch((error) => {
        pack = undefined; // a pack that was mended must be seen without a restart
        throw error;
      });
      return pack;
    },
    states: () => children.map((child) => child.state()),
    async shutdown() {
      await Promise.all(children.map((child) => child.shutdown()));
    },
  };
}

async function startFirst(children: readonly Supervised<InferenceService>[]): Promise<OpenedPack> {
  const [first] = children;
  if (!first) throw new Error('a pool has at least one child');
  return (await first.start()) as OpenedPack;
}

/**
 * Calls to a child that tell its own troubles from those of the work in hand: only an end with the work in hand is `inference/crashed`,
 * and it never makes the child give up, since the work that ended it pays with a strike. A child that cannot even start is
 * `inference/unavailable`, which nobody blames on a photo.
 */
function laneOf(child: Supervised<InferenceService>, port: { kill(): void }): Remote<InferenceService> {
  type Call = (input: unknown, options?: CallOptions) => Promise<unknown>;
  return new Proxy(child.remote, {
    get(target, method) {
      const call = Reflect.get(target, method) as Call | undefined;
      if (call === undefined) return undefined;
      return async (input: unknown, options?: CallOptions) => {
        // Outside of the call's own deadline: pauses between restarts would use it up.
        await started(child, options?.signal);
        try {
          return await call(input, options);
        } catch (error) {
          // Past its deadline the child hangs in native code, which nothing else ends.
          if (hasCode(error, 'inference/timeout')) port.kill();
          if (hasCode(error, 'inference/crashed')) child.restart();
          throw error;
        }
      };
    },
  });
}

async function started(child: Supervised<InferenceService>, signal: AbortSignal | undefined): Promise<void> {
  throwIfCancelled(signal);
  if (child.state().name === 'ready') return;
  let leave = (): void => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    leave = () => reject(new CancelledError());
  });
  signal?.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([child.start(), cancelled]);
  } catch (error) {
    if (!hasCode(error, 'inference/crashed')) throw error;
    const message = 'the process that reads photos does not start; photoseek doctor may say why';
    throw new AppError('inference/unavailable', message, { cause: error });
  } finally {
    signal?.removeEventListener('abort', leave);
  }
}

function hasCode(error: unknown, code: AppError['code']): boolean {
  return error instanceof AppError && error.code === code;
}

/** Counts what each child has in hand. */
function counting(remote: Remote<InferenceService>, index: number, inHand: number[]): Remote<InferenceService> {
  return new Proxy(remote, {
    get(target, method) {
      const call = Reflect.get(target, method) as unknown;
      if (typeof call !== 'function') return call;
      return async (...input: unknown[]) => {
        inHand[index] = (inHand[index] ?? 0) + 1;
        try {
          return await (call as (...args: unknown[]) => Promise<unknown>)(...input);
        } finally {
          inHand[index] = (inHand[index] ?? 1) - 1;
        }
      };
    },
  });
}
