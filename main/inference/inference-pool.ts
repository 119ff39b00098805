// The inference children as the shell sees them: one lane of background work for each, and an interactive way in. Shell process.
import { AppError, CancelledError, throwIfCancelled } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import type { CallOptions, Remote } from '../platform/rpc.ts';
import { type Supervised, supervise } from '../platform/supervisor.ts';
import type { SupervisorState } from '../platform/worker-lifecycle.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type {
  InferenceInit,
  InferenceService,
  OpenedPack,
  PictureBytes,
  PicturePart,
  SmallPicture,
} from './protocol.ts';

export interface InferencePool {
  /** Background work: give each lane one request at a time. Children start on first use. */
  readonly lanes: readonly Remote<InferenceService>[];
  /** For a waiting person: goes to the child with the least in hand, which answers it between two graph runs. */
  embedText(
    input: { texts: readonly string[] },
    options: { signal: AbortSignal },
  ): Promise<{ text: Float32Array[]; sentence: Float32Array[] }>;
  /** Makes one child ready for sentences, the last one: it is the first to be free of background work. */
  warmText(): Promise<void>;
  /** A picture for a waiting person, as `InferenceService.preview`; made by the child with the least in hand. */
  preview(
    input: { path: string; sha256: string | null; longestSide: number },
    options: { signal: AbortSignal },
  ): Promise<SmallPicture>;
  /** What is where in a picture, for a waiting person: as `InferenceService.parts`; by another child than sentences go to, where there is one. */
  parts(input: { picture: PictureBytes }, options: { signal: AbortSignal }): Promise<PicturePart[]>;
  /** The active pack's facts; starts a child where none runs yet. Rejects with `model/*` where the pack cannot be used. */
  pack(): Promise<OpenedPack>;
  states(): readonly SupervisorState[];
  /** Starts children again that gave up after too many ends. */
  restart(): void;
  /**
   * Works with another pack from now on; rejects as `pack` where it or one of its graphs cannot be loaded, and the one before stays. `beforeSwitch`
   * is called once the pack is known to work; nothing changes where it rejects. Calls in hand end as `inference/crashed`, so background work has
   * to be stopped by then. `lanes` are others afterwards.
   */
  usePack(packId: string, beforeSwitch?: () => Promise<void>): Promise<OpenedPack>;
  shutdown(): Promise<void>;
}

export interface InferencePoolOptions {
  readonly count: number;
  readonly spawn: () => WorkerPort;
  readonly init: InferenceInit;
  readonly clock: Clock;
  /** The state of a child may have changed, see `states`. */
  readonly onState?: () => void;
}

/** A model file on a slow disk and its hash; then the largest batch of huge photos on a slow machine. */
const readyTimeoutMs = 120_000;

/** Reading and decoding the largest photo on a slow disk; past it the child hangs in a decoder. */
const previewTimeoutMs = 60_000;

/** Two dozen runs of the largest image model on a slow machine that has other work in hand. */
const partsTimeoutMs = 120_000;

export function createInferencePool(options: InferencePoolOptions): InferencePool {
  let children = startChildren(options, options.init);
  let isClosed = false;

  return {
    get lanes() {
      return children.lanes;
    },
    embedText: (input, call) => children.forText().embedText(input, call),
    warmText: () => children.warmText(),
    preview: (input, call) => children.leastBusy().preview(input, { ...call, timeoutMs: previewTimeoutMs }),
    parts: (input, call) => children.forLooking().parts(input, { ...call, timeoutMs: partsTimeoutMs }),
    pack: () => children.pack(),
    states: () => children.states(),
    restart: () => children.restart(),
    async usePack(packId, beforeSwitch) {
      const next = startChildren(options, { ...options.init, packId });
      let pack: OpenedPack;
      try {
        pack = await next.pack();
        await next.leastBusy().warm({ parts: partsOf(pack) });
        await beforeSwitch?.();
        if (isClosed) throw new AppError('inference/unavailable', 'Photoseek is being closed');
      } catch (error) {
        await next.shutdown();
        throw error;
      }
      const before = children;
      children = next;
      await before.shutdown();
      return pack;
    },
    async shutdown() {
      isClosed = true;
      await children.shutdown();
    },
  };
}

/** All that a pack has: a graph that this computer cannot run must be found before the pack is in use. */
function partsOf(pack: OpenedPack): ('image' | 'text' | 'captioner')[] {
  return pack.captionModelId === '' ? ['image', 'text'] : ['image', 'text', 'captioner'];
}

type Children = Pick<InferencePool, 'lanes' | 'pack' | 'states' | 'restart' | 'shutdown' | 'warmText'> & {
  /** As `leastBusy`; of those equally busy the one that has the text model open. */
  forText(): Remote<InferenceService>;
  /** As `leastBusy`, away from the child that sentences go to: a key that is pressed while it looks would be answered by a child that has to be started. */
  forLooking(): Remote<InferenceService>;
  /** The lane of the child with the least in hand. */
  leastBusy(): Remote<InferenceService>;
};

/** The children of one pack; each starts with its first call. */
function startChildren(options: InferencePoolOptions, init: InferenceInit): Children {
  const inHand = new Array<number>(options.count).fill(0);
  const ports: (WorkerPort | undefined)[] = [];
  let revision: string | undefined;
  const children: Supervised<InferenceService>[] = inHand.map((_, index) =>
    supervise<InferenceService>({
      name: `inference process ${index + 1}`,
      spawn() {
        const port = options.spawn();
        ports[index] = port;
        return port;
      },
      init: () => (revision === undefined ? init : { ...init, revision }),
      codes: { gone: 'inference/crashed', late: 'inference/timeout' },
      clock: options.clock,
      readyTimeoutMs,
      onState: () => options.onState?.(),
    }),
  );
  const lanes = children.map((child, index) =>
    counting(laneOf(child, { kill: () => ports[index]?.kill() }), index, inHand),
  );
  let pack: Promise<OpenedPack> | undefined;
  let hasText: number | undefined;

  function leastBusy(preferred: number | undefined): Remote<InferenceService> {
    const least = Math.min(...inHand);
    const isLeast = inHand.map((count) => count === least);
    // A child that runs already answers at once; one that has to be started first does not.
    const running = children.findIndex((child, i) => isLeast[i] && child.state().name === 'ready');
    const first = running >= 0 ? running : isLeast.indexOf(true);
    const lane = lanes[preferred !== undefined && isLeast[preferred] ? preferred : first];
    if (!lane) throw new Error('a pool has at least one lane');
    return lane;
  }

  return {
    lanes,
    leastBusy: () => leastBusy(undefined),
    forText: () => leastBusy(hasText),
    forLooking: () => leastBusy(0),
    async warmText() {
      await lanes.at(-1)?.warm({ parts: ['text'] });
      hasText = lanes.length - 1;
    },
    pack() {
      pack ??= startFirst(children).then(
        (opened) => {
          revision = opened.revision;
          return opened;
        },
        (error) => {
          pack = undefined; // a pack that was mended must be seen without a restart
          throw error;
        },
      );
      return pack;
    },
    states: () => children.map((child) => child.state()),
    restart() {
      for (const child of children) child.restart();
    },
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
