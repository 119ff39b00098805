// The first messages between an owner and its worker process: init data one way, readiness or a refusal the other. Both sides.
import type { ErrorEnvelope } from '../../preload/contract/errors.ts';
import { AppError, fromEnvelope, toEnvelope } from './app-error.ts';
import { serve } from './rpc.ts';
import type { MessageEnd } from './worker-port.ts';

/** Raised when init data or ready facts change shape: an owner and a worker of different builds must not talk. */
export const handshakeProtocol = 1;

type Greeting =
  | { readonly kind: 'init'; readonly protocol: number; readonly data: unknown }
  | { readonly kind: 'ready'; readonly facts: unknown }
  | { readonly kind: 'refused'; readonly error: ErrorEnvelope; readonly detail: string };

/** What a worker serves once its init data is understood; `facts` go to the owner with `ready`. */
export interface WorkerService<T extends object> {
  readonly service: T;
  readonly methods: readonly (keyof T & string)[];
  readonly facts?: unknown;
}

/** Worker's side: waits for init data, starts, serves. An error of `start` is sent to the owner, who does not try again by itself. */
export function serveSupervised<Init, T extends object>(
  end: MessageEnd,
  start: (init: Init) => Promise<WorkerService<T>>,
): void {
  let greeted = false;

  async function answer(greeting: Extract<Greeting, { kind: 'init' }>): Promise<void> {
    try {
      if (greeting.protocol !== handshakeProtocol) {
        throw new AppError('internal', `protocol ${greeting.protocol} met ${handshakeProtocol}; restart Photoseek`);
      }
      const { service, methods, facts } = await start(greeting.data as Init);
      serve(end, service, methods);
      end.post({ kind: 'ready', facts } satisfies Greeting);
    } catch (error) {
      const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
      end.post({ kind: 'refused', error: toEnvelope(error), detail } satisfies Greeting);
    }
  }

  end.onMessage((message) => {
    const greeting = message as Greeting;
    if (greeting.kind !== 'init' || greeted) return;
    greeted = true;
    void answer(greeting);
  });
}

/** Owner's side: sends the init data and reports the worker's answer, which comes at most once. An exit is the caller's to watch. */
export function greet(
  end: MessageEnd,
  data: unknown,
  on: { ready: (facts: unknown) => void; refused: (error: AppError) => void },
): void {
  end.onMessage((message) => {
    const greeting = message as Greeting;
    if (greeting.kind === 'ready') on.ready(greeting.facts);
    else if (greeting.kind === 'refused') {
      const error = fromEnvelope(greeting.error);
      error.cause = greeting.detail;
      on.refused(error);
    }
  });
  end.post({ kind: 'init', protocol: handshakeProtocol, data } satisfies Greeting);
}
