// The calling side of the contract over any transport that carries frames: used by the command line and by the renderer.
import type { z } from 'zod';
import type { Client, Contract } from './define.ts';
import type { ErrorCode, ErrorEnvelope, Retry } from './errors.ts';
import type { ReplyFrame, RequestFrame } from './frames.ts';

/** Carries frames to the application and back, in order. */
export interface FrameTransport {
  send(frame: RequestFrame): void;
  onFrame(listener: (frame: ReplyFrame) => void): void;
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
  const pending = new Map<number, Pending>();
  let nextId = 1;

  transport.onFrame((frame) => {
    const call = pending.get(frame.id);
    if (!call) return;
    pending.delete(frame.id);
    if (frame.kind === 'ok') call.resolve(frame.output);
    else if (frame.kind === 'fail') call.reject(new CallError(frame.error));
    else call.reject(new CallCancelled('cancelled'));
  });

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
