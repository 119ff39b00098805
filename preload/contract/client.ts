// The calling side of the contract over any transport that carries frames: used by the command line and by the renderer.
import type { z } from 'zod';
import type { Client, Contract } from './define.ts';
import type { ErrorCode, ErrorEnvelope, Retry } from './errors.ts';
import type { EventData, EventName } from './events.ts';
import type { ReplyFrame, RequestFrame } from './frames.ts';

/** Carries frames to the application and back, in order. One that loses its line and finds it again says both. */
export interface FrameTransport {
  send(frame: RequestFrame): void;
  onFrame(listener: (frame: ReplyFrame) => void): void;
  /** The line is gone: no reply will come to anything sent so far. Left out by a transport that cannot lose it. */
  onClose?(listener: () => void): void;
  /** The line stands, at first or again. Left out by a transport that always stands. */
  onOpen?(listener: () => void): void;
}

/** A client that also hears events. */
export interface Connection<C extends Contract> {
  readonly api: Client<C>;
  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (data: EventData<Name>) => void): () => void;
  /** Events were missed, or the line was lost and stands again: whoever shows a topic's state asks for it anew. */
  onGap(listener: () => void): () => void;
}

/** What a refused or failed call is rejected with. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly code: ErrorCode;
  readonly retry: Retry;

  constructor(envelope: ErrorEnvelope) {
    super(envelope.message);
    this.code = envelope.code;
    this.retry = envelope.retry;
  }
}

/** What a call is rejected with that was cancelled through its signal. */
export class CallCancelled extends Error {
  override readonly name = 'CallCancelled';
}

interface Pending {
  resolve(output: unknown): void;
  reject(error: Error): void;
}

export function createClient<C extends Contract>(contract: C, transport: FrameTransport): Client<C> {
  return createConnection(contract, transport).api;
}

export function createConnection<C extends Contract>(contract: C, transport: FrameTransport): Connection<C> {
  const calls = createCalls(transport);
  const listeners = new Map<string, Set<(data: never) => void>>();
  const gapListeners = new Set<() => void>();
  let lastSeq = 0;
  let opened = false;

  function heard(frame: ReplyFrame & { kind: 'event' }): void {
    const gap = frame.seq !== lastSeq + 1;
    lastSeq = frame.seq;
    for (const listener of listeners.get(frame.name) ?? []) listener(frame.data as never);
    if (gap) for (const listener of gapListeners) listener();
  }

  transport.onFrame((frame) => {
    if (frame.kind === 'event') heard(frame);
    else if (frame.kind !== 'hello') calls.settle(frame);
  });
  transport.onClose?.(calls.rejectAll);
  transport.onOpen?.(() => {
    lastSeq = 0;
    if (opened) for (const listener of gapListeners) listener();
    opened = true;
  });

  return {
    api: methodsOf(contract, calls.call),
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    onGap(listener) {
      gapListeners.add(listener);
      return () => gapListeners.delete(listener);
    },
  };
}

type SettlingFrame = Exclude<ReplyFrame, { kind: 'event' | 'hello' }>;
type Call = (method: string, input: unknown, signal: AbortSignal | undefined) => Promise<unknown>;

/** The calls in flight: every one of them settles, by its reply or because the line is gone. */
function createCalls(transport: FrameTransport): { call: Call; settle(frame: SettlingFrame): void; rejectAll(): void } {
  const pending = new Map<number, Pending>();
  let nextId = 1;

  function settle(frame: SettlingFrame): void {
    const call = pending.get(frame.id);
    if (!call) return;
    pending.delete(frame.id);
    if (frame.kind === 'ok') call.resolve(frame.output);
    else if (frame.kind === 'fail') call.reject(new CallError(frame.error));
    else call.reject(new CallCancelled('cancelled'));
  }

  function rejectAll(): void {
    const lost = [...pending.values()];
    pending.clear();
    for (const call of lost) call.reject(new CallError(lostConnection));
  }

  function call(method: string, input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (signal?.aborted) return Promise.reject(new CallCancelled('cancelled'));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => transport.send({ kind: 'cancel', id });
      const settle = (): void => signal?.removeEventListener('abort', cancel);
      pending.set(id, {
        resolve(output) {
          settle();
          resolve(output);
        },
        reject(error) {
          settle();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        transport.send({ kind: 'call', id, method, input });
      } catch (error) {
        // An input that cannot be copied, or a closed transport: no reply will come.
        pending.get(id)?.reject(error as Error);
        pending.delete(id);
      }
    });
  }

  return { call, settle, rejectAll };
}

const lostConnection: ErrorEnvelope = {
  code: 'host/disconnected',
  message: 'the connection to Photoseek is lost; it is being restored',
  retry: 'later',
};

function methodsOf<C extends Contract>(contract: C, call: Call): Client<C> {
  const domains = Object.entries(contract).map(([domain, methods]) => {
    const calls = Object.keys(methods).map((name) => [
      name,
      (input: z.input<z.ZodType>, options?: { signal?: AbortSignal }) =>
        call(`${domain}.${name}`, input, options?.signal),
    ]);
    return [domain, Object.fromEntries(calls)];
  });
  return Object.fromEntries(domains) as Client<C>;
}
