// A connection to handlers of a test's own, with events and a line that can break: what the renderer's state is tested over. Test processes.
import { CallCancelled, CallError } from '../../preload/contract/client.ts';
import { type ErrorCode, retryByCode } from '../../preload/contract/errors.ts';
import type { EventData, EventName } from '../../preload/contract/events.ts';
import { contract } from '../../preload/contract/index.ts';
import type { AppConnection } from '../../renderer/state/app-context.ts';
import { type MethodName, sampleOutputs } from './fake-handlers.ts';

type Answer = (input: never, signal: AbortSignal | undefined) => Promise<unknown>;

export interface FakeConnection extends AppConnection {
  /** Calls made, oldest first. */
  readonly calls: { readonly method: string; readonly input: never }[];
  tell<Name extends EventName>(name: Name, data: EventData<Name>): void;
  /** Events were missed, or the line stands again. */
  gap(): void;
}

/** @param answers of some methods, by `domain.method`; the others give their sample. */
export function fakeConnection(answers: Partial<Record<MethodName, Answer>> = {}): FakeConnection {
  const calls: FakeConnection['calls'] = [];
  const listeners = new Map<string, Set<(data: never) => void>>();
  const gaps = new Set<() => void>();
  const call = (method: MethodName) => (input: never, options?: { signal?: AbortSignal }) => {
    calls.push({ method, input });
    const answer = answers[method] ?? (async () => structuredClone(sampleOutputs[method]));
    return answer(input, options?.signal);
  };
  const api = Object.fromEntries(
    Object.entries(contract).map(([domain, methods]) => [
      domain,
      Object.fromEntries(Object.keys(methods).map((name) => [name, call(`${domain}.${name}` as MethodName)])),
    ]),
  );
  return {
    api: api as unknown as AppConnection['api'],
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    onGap(listener) {
      gaps.add(listener);
      return () => gaps.delete(listener);
    },
    calls,
    tell(name, data) {
      for (const listener of listeners.get(name) ?? []) listener(data as never);
    },
    gap() {
      for (const listener of gaps) listener();
    },
  };
}

export function callError(code: ErrorCode, message = 'it failed'): CallError {
  return new CallError({ code, message, retry: retryByCode[code] });
}

/** An answer that a test gives when it likes; ends as cancelled where its call is. */
export function pending<Value>(signal?: AbortSignal): {
  answer: Promise<Value>;
  give(value: Value): void;
  fail(error: Error): void;
} {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  signal?.addEventListener('abort', () => reject(new CallCancelled('cancelled')));
  return { answer: promise, give: resolve, fail: reject };
}

/** Until everything that was answered has been taken in. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
