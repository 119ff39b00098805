// The inference children as the shell sees them: one lane of background work for each, and an interactive way in. Shell process.
import type { Clock } from '../platform/clock.ts';
import type { Remote } from '../platform/rpc.ts';
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
  const children: Supervised<InferenceService>[] = inHand.map((_, index) =>
    supervise<InferenceService>({
      name: `inference process ${index + 1}`,
      spawn: options.spawn,
      init: () => options.init,
      codes: { gone: 'inference/crashed', late: 'inference/timeout' },
      clock: options.clock,
      readyTimeoutMs,
    }),
  );
  const lanes = children.map((child, index) => counting(child.remote, index, inHand));
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
