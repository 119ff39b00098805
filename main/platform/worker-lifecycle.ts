// Starts a worker, watches it, restarts it with growing pauses and gives up when it keeps dying. Used by supervisor.ts, in the owner.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import { AppError, CancelledError } from './app-error.ts';
import { type Clock, systemClock } from './clock.ts';
import { greet } from './handshake.ts';
import { type CallOptions, connect, type Remote } from './rpc.ts';
import type { WorkerPort } from './worker-port.ts';

export type SupervisorState =
  | { readonly name: 'idle' | 'starting' | 'closed' }
  | { readonly name: 'ready'; readonly facts: unknown; readonly pid: number | undefined }
  | { readonly name: 'waiting'; readonly reason: string; readonly retryInMs: number }
  /** It died too often, or refused its init data: every call rejects with this error until `restart`. */
  | { readonly name: 'degraded'; readonly error: AppError };

export interface Backoff {
  /** The pause doubles from `firstMs` to `maxMs` with each exit inside the window. */
  readonly firstMs: number;
  readonly maxMs: number;
  /** This many exits within `windowMs` end the attempts. */
  readonly crashes: number;
  readonly windowMs: number;
}

export interface LifecycleOptions {
  /** As messages name it: "search process". */
  readonly name: string;
  readonly spawn: () => WorkerPort;
  /** Plain data for the worker, asked anew for each start. */
  readonly init: () => unknown;
  readonly codes: { readonly gone: ErrorCode; readonly late: ErrorCode };
  readonly clock?: Clock;
  readonly readyTimeoutMs?: number;
  readonly backoff?: Backoff;
  readonly onState?: (state: SupervisorState) => void;
}

export interface LiveWorker<T> {
  readonly port: WorkerPort;
  readonly remote: Remote<T>;
  facts: unknown;
  alive: boolean;
}

export interface Lifecycle<T> {
  state(): SupervisorState;
  /** Starts the worker where none runs; resolves with one that is ready. */
  ready(call?: CallOptions): Promise<LiveWorker<T>>;
  restart(): void;
  /** No more starts, and waiting calls are rejected; the live worker, if any, is left to the caller to end. */
  close(): LiveWorker<T> | undefined;
}

const defaultBackoff: Backoff = { firstMs: 1_000, maxMs: 60_000, crashes: 3, windowMs: 300_000 };
/** Loading a model from a slow disk takes seconds; a worker silent for a minute hangs. */
const defaultReadyTimeoutMs = 60_000;

interface Waiter<T> {
  resolve(worker: LiveWorker<T>): void;
  reject(error: Error): void;
}

/** The state machine behind one supervised worker. */
export function createLifecycle<T>(options: LifecycleOptions): Lifecycle<T> {
  const { name, codes, clock = systemClock, backoff = defaultBackoff } = options;
  const waiters = new Set<Waiter<T>>();
  let state: SupervisorState = { name: 'idle' };
  let current: LiveWorker<T> | undefined;
  let exitTimes: number[] = [];
  let cancelTimer = (): void => undefined;
  const shutDown = (): AppError => new AppError(codes.gone, `The ${name} was shut down.`);

  function enter(next: SupervisorState): void {
    cancelTimer();
    cancelTimer = () => undefined;
    state = next;
    options.onState?.(next);
  }

  function degrade(error: AppError): void {
    enter({ name: 'degraded', error });
    for (const waiter of [...waiters]) waiter.reject(error);
  }

  function exited(reason: string): void {
    current = undefined;
    exitTimes = [...exitTimes.filter((time) => clock.now() - time < backoff.windowMs), clock.now()];
    if (exitTimes.length >= backoff.crashes) {
      degrade(new AppError(codes.gone, `The ${name} ended ${exitTimes.length} times in a short while (${reason}).`));
      return;
    }
    const retryInMs = Math.min(backoff.maxMs, backoff.firstMs * 2 ** (exitTimes.length - 1));
    enter({ name: 'waiting', reason, retryInMs });
    cancelTimer = clock.after(retryInMs, launch);
  }

  function launch(): void {
    enter({ name: 'starting' });
    const started = Promise.resolve().then(options.init).then(spawn);
    started.catch((error: unknown) => degrade(asAppError(error, name)));
  }

  function spawn(data: unknown): void {
    if (state.name !== 'starting') return;
    const worker: LiveWorker<T> = startWorker<T>(options, data, {
      exited: (reason) => current === worker && exited(reason),
      ready(facts) {
        if (current !== worker) return;
        enter({ name: 'ready', facts, pid: worker.port.pid });
        for (const waiter of [...waiters]) waiter.resolve(worker);
      },
      refused(error) {
        if (current !== worker) return;
        current = undefined;
        degrade(error);
      },
    });
    current = worker;
    cancelTimer = clock.after(options.readyTimeoutMs ?? defaultReadyTimeoutMs, () => worker.port.kill());
  }

  return {
    state: () => state,
    ready(call) {
      if (state.name === 'ready' && current) return Promise.resolve(current);
      if (state.name === 'degraded') return Promise.reject(state.error);
      if (state.name === 'closed') return Promise.reject(shutDown());
      if (state.name === 'idle') launch();
      return waitFor(waiters, call ?? {}, clock, codes.late, name);
    },
    restart() {
      if (state.name !== 'degraded') return;
      exitTimes = [];
      launch();
    },
    close() {
      const worker = current;
      current = undefined;
      enter({ name: 'closed' });
      for (const waiter of [...waiters]) waiter.reject(shutDown());
      return worker;
    },
  };
}

/** One worker, greeted; what becomes of it is told by the callbacks, never before this returns. */
function startWorker<T>(
  options: LifecycleOptions,
  data: unknown,
  on: { exited: (reason: string) => unknown; ready: (facts: unknown) => void; refused: (error: AppError) => void },
): LiveWorker<T> {
  const port = options.spawn();
  const worker: LiveWorker<T> = {
    port,
    get remote() {
      return remote;
    },
    facts: undefined,
    alive: true,
  };
  // Before `connect`, whose own listener rejects calls in flight: by then `alive` must be false.
  port.onExit((reason) => {
    worker.alive = false;
    on.exited(reason);
  });
  const remote = connect<T>(port, options.codes);
  greet(port, data, {
    ready(facts) {
      worker.facts = facts;
      on.ready(facts);
    },
    refused(error) {
      on.refused(error);
      port.kill();
    },
  });
  return worker;
}

/** A place in the line for a ready worker, left early by cancellation or the call's deadline. */
function waitFor<T>(
  waiters: Set<Waiter<T>>,
  call: CallOptions,
  clock: Clock,
  late: ErrorCode,
  name: string,
): Promise<LiveWorker<T>> {
  if (call.signal?.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    const cancel = (): void => waiter.reject(new CancelledError());
    const expire = (): void => waiter.reject(new AppError(late, `The ${name} did not start in time.`));
    const stopTimer = call.timeoutMs === undefined ? () => undefined : clock.after(call.timeoutMs, expire);
    const leave = (): void => {
      waiters.delete(waiter);
      stopTimer();
      call.signal?.removeEventListener('abort', cancel);
    };
    const waiter: Waiter<T> = {
      resolve(worker) {
        leave();
        resolve(worker);
      },
      reject(error) {
        leave();
        reject(error);
      },
    };
    waiters.add(waiter);
    call.signal?.addEventListener('abort', cancel, { once: true });
  });
}

function asAppError(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', `The ${name} could not be started.`, { cause: error });
}
