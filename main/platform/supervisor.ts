// Keeps one worker process at hand: its methods look local, survive its death, and every call settles. Runs in the owner.
import { CancelledError } from './app-error.ts';
import { systemClock } from './clock.ts';
import type { CallOptions, Remote } from './rpc.ts';
import { createLifecycle, type LifecycleOptions, type LiveWorker, type SupervisorState } from './worker-lifecycle.ts';

export interface SuperviseOptions extends LifecycleOptions {
  /** For services without side effects: a call cut off by an exit is sent once more to the restarted worker, not rejected. */
  readonly retryOnce?: boolean;
}

export interface Supervised<T> {
  /** Starts the worker with the first call and waits for it; `signal` and `timeoutMs` of a call cover that wait. */
  readonly remote: Remote<T>;
  /** Resolves with the worker's facts once it is ready. */
  start(): Promise<unknown>;
  state(): SupervisorState;
  /** Leaves `degraded`, on the person's wish or after its cause was mended. */
  restart(): void;
  /** Refuses new calls, gives those in flight `graceMs` (default 2,000) to settle, ends the worker. */
  shutdown(graceMs?: number): Promise<void>;
}

/** Supervises the worker that `spawn` starts; nothing is started before the first call. */
export function supervise<T>(options: SuperviseOptions): Supervised<T> {
  const { clock = systemClock } = options;
  const lifecycle = createLifecycle<T>(options);
  const inFlight = new Set<Promise<unknown>>();

  async function call(method: string, input: unknown, callOptions: CallOptions = {}): Promise<unknown> {
    const { timeoutMs } = callOptions;
    const startedAt = clock.now();
    const remaining = (): CallOptions =>
      timeoutMs === undefined
        ? callOptions
        : { ...callOptions, timeoutMs: Math.max(1, timeoutMs - (clock.now() - startedAt)) };
    for (let retries = options.retryOnce ? 1 : 0; ; retries--) {
      const worker = await lifecycle.ready(remaining());
      try {
        return await (worker.remote as Record<string, (input: unknown, options: CallOptions) => Promise<unknown>>)[
          method
        ]?.(input, remaining());
      } catch (error) {
        if (worker.alive || retries === 0 || error instanceof CancelledError) throw error;
        if (timeoutMs !== undefined && clock.now() - startedAt >= timeoutMs) throw error;
      }
    }
  }

  function tracked(method: string, input: unknown, callOptions?: CallOptions): Promise<unknown> {
    const promise = call(method, input, callOptions);
    inFlight.add(promise);
    const forget = (): boolean => inFlight.delete(promise);
    promise.then(forget, forget);
    return promise;
  }

  return {
    remote: new Proxy({} as Remote<T>, {
      // A thenable proxy would be called by `await`; there is no method of that name.
      get: (_target, method) =>
        method === 'then'
          ? undefined
          : (input: unknown, callOptions?: CallOptions) => tracked(String(method), input, callOptions),
    }),
    start: async () => (await lifecycle.ready()).facts,
    state: lifecycle.state,
    restart: lifecycle.restart,
    async shutdown(graceMs = 2_000) {
      const worker = lifecycle.close();
      if (!worker?.alive) return;
      await within(Promise.allSettled(inFlight), graceMs, clock);
      await end(worker);
      if (inFlight.size > 0) await Promise.allSettled(inFlight);
    },
  };

  function end(worker: LiveWorker<T>): Promise<void> {
    if (!worker.alive) return Promise.resolve();
    return new Promise((resolve) => {
      worker.port.onExit(() => resolve());
      worker.port.kill();
    });
  }

  function within(promise: Promise<unknown>, ms: number, timers: typeof clock): Promise<void> {
    return new Promise((resolve) => {
      const stop = timers.after(ms, resolve);
      void promise.then(() => {
        stop();
        resolve();
      });
    });
  }
}
