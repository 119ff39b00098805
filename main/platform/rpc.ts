// Calls over a message pipe between our own threads and processes: typed, cancellable, with a deadline, and never left hanging. Any process.
import type { ErrorCode, ErrorEnvelope } from '../../preload/contract/errors.ts';
import { AppError, CancelledError, fromEnvelope, toEnvelope } from './app-error.ts';
import type { MessageEnd } from './worker-port.ts';

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds until the call is given up; none by default. */
  readonly timeoutMs?: number;
}

/** What the serving side may call on an object: async methods of one plain argument. */
// biome-ignore lint/suspicious/noExplicitAny: a method table is contravariant in its inputs; `any` is the only type that accepts them all.
export type Service<T> = { [K in keyof T]: (input: any, call: { signal: AbortSignal }) => Promise<unknown> };

/** The calling side's view of a service: the same methods, each with optional call options. */
export type Remote<T> = {
  // biome-ignore lint/suspicious/noExplicitAny: see Service.
  [K in keyof T]: T[K] extends (...args: any[]) => Promise<infer Output>
    ? (input: Parameters<T[K]>[0], options?: CallOptions) => Promise<Output>
    : never;
};

type Frame =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'ok'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'fail'; readonly id: number; readonly error: ErrorEnvelope; readonly detail: string }
  | { readonly kind: 'cancelled'; readonly id: number };

/** Serves an object's methods to the other end. Only own or inherited functions named by the peer's type are reachable. */
export function serve<T extends object>(end: MessageEnd, service: T, methods: readonly (keyof T & string)[]): void {
  const running = new Map<number, AbortController>();
  const table = new Map<string, (input: unknown, call: { signal: AbortSignal }) => Promise<unknown>>();
  for (const name of methods) table.set(name, (service as Service<T>)[name].bind(service));

  async function answer(frame: Extract<Frame, { kind: 'call' }>): Promise<void> {
    const controller = new AbortController();
    running.set(frame.id, controller);
    try {
      const method = table.get(frame.method);
      if (!method) throw new AppError('input/unknown-method', `no method ${frame.method}`);
      end.post({ kind: 'ok', id: frame.id, output: await method(frame.input, { signal: controller.signal }) });
    } catch (error) {
      if (error instanceof CancelledError) end.post({ kind: 'cancelled', id: frame.id });
      else end.post({ kind: 'fail', id: frame.id, error: toEnvelope(error), detail: detailOf(error) });
    } finally {
      running.delete(frame.id);
    }
  }

  end.onMessage((message) => {
    const frame = message as Frame;
    if (frame.kind === 'call') void answer(frame);
    else if (frame.kind === 'cancel') running.get(frame.id)?.abort();
  });
}

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

/**
 * Calls the other end's methods. `gone` is the code that calls in flight are rejected with when the other end dies, `late` the one past a deadline.
 */
export function connect<T>(end: MessageEnd, codes: { gone: ErrorCode; late: ErrorCode }): Remote<T> {
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let exitReason: string | undefined;

  end.onMessage((message) => {
    const frame = message as Frame;
    const entry = pending.get(frame.id);
    if (!entry) return;
    if (frame.kind === 'ok') entry.resolve(frame.output);
    else if (frame.kind === 'cancelled') entry.reject(new CancelledError());
    else if (frame.kind === 'fail') entry.reject(withDetail(fromEnvelope(frame.error), frame.detail));
  });
  end.onExit((reason) => {
    exitReason = reason;
    for (const entry of [...pending.values()]) entry.reject(new AppError(codes.gone, `a worker ended (${reason})`));
  });

  function call(method: string, input: unknown, options: CallOptions = {}): Promise<unknown> {
    if (options.signal?.aborted) return Promise.reject(new CancelledError());
    if (exitReason !== undefined) return Promise.reject(new AppError(codes.gone, `a worker ended (${exitReason})`));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => end.post({ kind: 'cancel', id });
      const timer = options.timeoutMs === undefined ? undefined : setTimeout(expire, options.timeoutMs);
      function expire(): void {
        cancel();
        entry.reject(new AppError(codes.late, `${method} took longer than ${(options.timeoutMs ?? 0) / 1000} s`));
      }
      function settle(): void {
        pending.delete(id);
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', cancel);
      }
      const entry: Pending = {
        resolve(output) {
          settle();
          resolve(output);
        },
        reject(error) {
          settle();
          reject(error);
        },
      };
      pending.set(id, entry);
      options.signal?.addEventListener('abort', cancel, { once: true });
      try {
        end.post({ kind: 'call', id, method, input });
      } catch (error) {
        // An input that cannot be copied: no reply will come.
        entry.reject(error as Error);
      }
    });
  }

  return new Proxy({} as Remote<T>, {
    // A thenable proxy would be called by `await`; there is no method of that name.
    get: (_target, method) =>
      method === 'then' ? undefined : (input: unknown, options?: CallOptions) => call(String(method), input, options),
  });
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error
    ? `${error.stack}\ncaused by ${error.cause.stack}`
    : (error.stack ?? error.message);
}

/** Keeps the far side's stack as the cause, for the log. */
function withDetail(error: AppError, detail: string): AppError {
  error.cause = detail;
  return error;
}
