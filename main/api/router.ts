// Answers contract frames: finds the method, checks its input, calls the handler, and always replies. Shell process.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { CallContext, Contract, Handlers, MethodDefinition } from '../../preload/contract/define.ts';
import { type ReplyFrame, RequestFrame } from '../../preload/contract/frames.ts';
import { AppError, CancelledError, toEnvelope } from '../platform/app-error.ts';
import type { Logger } from '../platform/log.ts';
import type { EventHub } from './event-hub.ts';

interface Route {
  readonly definition: MethodDefinition;
  handle(input: unknown, context: CallContext): Promise<unknown>;
}

export interface RouterOptions {
  readonly log: Logger;
  /** True for an edge on the person's own terminal; others get no `local` method. */
  readonly local: boolean;
  /** Checks handlers' outputs too: in tests and development. */
  readonly checkOutput: boolean;
  /** Set for a peer that stays: it is greeted first, and told of events from then on. */
  readonly stays?: {
    readonly contractHash: string;
    readonly events: EventHub;
    /** False while what was sent before has not gone out: events are held back, the newest of each topic. */
    canTake?(): boolean;
  };
}

/** Serves one peer. */
export interface Router {
  receive(frame: unknown): void;
  /** The peer can take more again, see `RouterOptions.stays.canTake`. */
  drained(): void;
  /** The peer has gone (its transport's `onClose`): what it left running is cancelled, and nothing is sent any more. */
  disconnect(): void;
}

export function createRouter<C extends Contract>(
  contract: C,
  handlers: Handlers<C>,
  sendToPeer: (frame: ReplyFrame) => void,
  options: RouterOptions,
): Router {
  const routes = routeTable(contract, handlers, options.local);
  const running = new Map<number, AbortController>();
  const peer = randomUUID();
  let gone = false;

  function send(frame: ReplyFrame): void {
    if (!gone) sendToPeer(frame);
  }

  async function answer(id: number, method: string, input: unknown): Promise<void> {
    const controller = new AbortController();
    const startedAt = performance.now();
    running.set(id, controller);
    let outcome = 'ok';
    try {
      const route = routes.get(method);
      if (!route) throw new AppError('input/unknown-method', `there is no method ${method}`);
      const output = await route.handle(parse(route.definition.input, input), { signal: controller.signal, peer });
      send({ kind: 'ok', id, output: options.checkOutput ? route.definition.output.parse(output) : output });
    } catch (error) {
      if (error instanceof CancelledError) {
        outcome = 'cancelled';
        send({ kind: 'cancelled', id });
      } else {
        const envelope = toEnvelope(error);
        outcome = envelope.code;
        if (envelope.code === 'internal') options.log.error({ err: error, method }, 'call failed');
        send({ kind: 'fail', id, error: envelope });
      }
    } finally {
      running.delete(id);
      options.log.debug({ method, outcome, ms: Math.round(performance.now() - startedAt) }, 'call');
    }
  }

  if (options.stays) send({ kind: 'hello', contractHash: options.stays.contractHash });
  const subscription = options.stays?.events.subscribe({ send, canTake: options.stays.canTake ?? (() => true) });

  return {
    receive(message) {
      if (gone) return;
      const frame = RequestFrame.safeParse(message);
      if (!frame.success) options.log.warn('a frame of no known form was dropped');
      else if (frame.data.kind === 'call') void answer(frame.data.id, frame.data.method, frame.data.input);
      else running.get(frame.data.id)?.abort();
    },
    drained: () => subscription?.drained(),
    disconnect() {
      gone = true;
      subscription?.end();
      for (const controller of running.values()) controller.abort();
    },
  };
}

function routeTable<C extends Contract>(contract: C, handlers: Handlers<C>, local: boolean): Map<string, Route> {
  const routes = new Map<string, Route>();
  for (const [domain, methods] of Object.entries(contract)) {
    for (const [name, definition] of Object.entries(methods)) {
      if (definition.local && !local) continue;
      const handle = (handlers as Record<string, Record<string, Route['handle']>>)[domain]?.[name];
      if (handle) routes.set(`${domain}.${name}`, { definition, handle });
    }
  }
  return routes;
}

function parse<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AppError('input/invalid', `${issue?.path.join('.') || 'input'}: ${issue?.message ?? 'not valid'}`);
}
