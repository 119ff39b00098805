// Calls over a pipe: whatever happens on either end, each one settles.
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { AppError, CancelledError } from '../../../../main/platform/app-error.ts';
import { connect, serve } from '../../../../main/platform/rpc.ts';
import { type MessageEnd, portPair } from '../../../../main/platform/worker-port.ts';

interface Desk {
  echo(input: unknown): Promise<unknown>;
  fail(input: { code: 'fs/denied' | 'foreign' | 'text' }): Promise<never>;
  /** Ends as cancelled once its signal fires; `started` tells that it runs. */
  wait(input: null, call: { signal: AbortSignal }): Promise<never>;
  /** Hears no signal. */
  hang(input: null): Promise<never>;
  unclonable(input: null): Promise<unknown>;
}

function setUp() {
  const { owner, worker } = portPair();
  const started = vi.fn();
  const service: Desk = {
    echo: async (input) => input,
    fail: async ({ code }) => {
      if (code === 'foreign') throw new TypeError('/home/ada/secret.txt is not iterable');
      if (code === 'text') throw 'just text';
      throw new AppError(code, 'not for you', { cause: new Error('EACCES') });
    },
    wait: (_input, { signal }) =>
      new Promise((_, reject) => {
        started();
        signal.addEventListener('abort', () => reject(new CancelledError()));
      }),
    hang: () => new Promise(() => undefined),
    unclonable: async () => () => 1,
  };
  serve<Desk>(worker, service, ['echo', 'fail', 'wait', 'hang', 'unclonable']);
  const desk = connect<Desk>(owner, { gone: 'inference/crashed', late: 'inference/timeout' });
  return { desk, owner, started };
}

/** An end whose messages a test reads and writes itself. */
function looseEnd() {
  const posted: { kind: string; id: number; method?: string }[] = [];
  const messages: ((message: unknown) => void)[] = [];
  const exits: ((reason: string) => void)[] = [];
  const end: MessageEnd = {
    post: (message) => void posted.push(message as (typeof posted)[number]),
    onMessage: (listener) => void messages.push(listener),
    onExit: (listener) => void exits.push(listener),
  };
  const deliver = (message: unknown): void => {
    for (const listener of messages) listener(message);
  };
  const exit = (): void => {
    for (const listener of exits) listener('SIGKILL');
  };
  return { end, posted, deliver, exit };
}

const codes = { gone: 'store/failed', late: 'store/busy' } as const;

describe('rpc', () => {
  it('carries inputs and outputs as structured clones', async () => {
    const { desk, owner } = setUp();
    const input = { vector: new Float32Array([1, 2]), when: new Map([['a', null]]), nothing: undefined };
    expect(await desk.echo(input)).toEqual(input);
    owner.kill();
  });

  it('keeps code and message of our own errors, and the far stack as the cause', async () => {
    const { desk, owner } = setUp();
    const error = await desk.fail({ code: 'fs/denied' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'fs/denied', message: 'not for you', retry: 'never' });
    expect((error as AppError).cause).toMatch(/AppError: not for you[\s\S]*caused by Error: EACCES/);
    owner.kill();
  });

  it.each(['foreign', 'text'] as const)(
    'sends no text of a %s error across, but keeps it for the log',
    async (code) => {
      const { desk, owner } = setUp();
      const error = (await desk.fail({ code }).catch((thrown: unknown) => thrown)) as AppError;
      expect(error.code).toBe('internal');
      expect(error.message).not.toMatch(/secret|just text/);
      expect(error.cause).toMatch(/secret|just text/);
      owner.kill();
    },
  );

  it('refuses a method it does not serve, inherited ones of objects included', async () => {
    const { desk, owner } = setUp();
    const any = desk as unknown as Record<string, (input: null) => Promise<never>>;
    for (const method of ['nope', 'toString', '__proto__', 'constructor']) {
      await expect(any[method]?.(null)).rejects.toMatchObject({ code: 'input/unknown-method' });
    }
    owner.kill();
  });

  it('is no thenable, so that it can be returned from async functions', async () => {
    const { desk, owner } = setUp();
    expect(await Promise.resolve(desk)).toBe(desk);
    owner.kill();
  });

  it('cancels a running call through its signal', async () => {
    const { desk, owner, started } = setUp();
    const controller = new AbortController();
    const call = desk.wait(null, { signal: controller.signal });
    await vi.waitFor(() => expect(started).toHaveBeenCalled(), { interval: 1 });
    controller.abort();
    await expect(call).rejects.toBeInstanceOf(CancelledError);
    owner.kill();
  });

  it('sends nothing for a call that was cancelled before', async () => {
    const { end, posted } = looseEnd();
    const desk = connect<Desk>(end, codes);
    await expect(desk.echo(1, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(CancelledError);
    expect(posted).toEqual([]);
  });

  it('rejects a call past its deadline, asks for it to be cancelled, and ignores a late reply', async () => {
    vi.useFakeTimers();
    try {
      const { end, posted, deliver } = looseEnd();
      const desk = connect<Desk>(end, codes);
      const call = expect(desk.hang(null, { timeoutMs: 1_500 })).rejects.toMatchObject({
        code: 'store/busy',
        message: 'hang took longer than 1.5 s',
      });
      vi.advanceTimersByTime(1_500);
      await call;
      expect(posted.map(({ kind, id }) => ({ kind, id }))).toEqual([
        { kind: 'call', id: 1 },
        { kind: 'cancel', id: 1 },
      ]);
      deliver({ kind: 'ok', id: 1, output: 'late' });
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('rejects calls in flight when the other end goes, and every call after that', async () => {
    const { desk, owner } = setUp();
    const calls = [desk.hang(null), desk.wait(null), desk.hang(null, { timeoutMs: 60_000 })];
    owner.kill();
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'inference/crashed' } });
    }
    await expect(desk.echo(1)).rejects.toMatchObject({ code: 'inference/crashed' });
  });

  it('rejects an input that cannot be copied, and leaves nothing behind', async () => {
    vi.useFakeTimers();
    try {
      const { desk, owner } = setUp();
      const controller = new AbortController();
      const removed = vi.spyOn(controller.signal, 'removeEventListener');
      const call = desk.echo(() => 1, { timeoutMs: 60_000, signal: controller.signal });
      await expect(call).rejects.toMatchObject({ name: 'DataCloneError' });
      expect(vi.getTimerCount()).toBe(0);
      expect(removed).toHaveBeenCalledOnce();
      owner.kill();
    } finally {
      vi.useRealTimers();
    }
  });

  it('answers even where the output cannot be copied', async () => {
    const { desk, owner } = setUp();
    await expect(desk.unclonable(null)).rejects.toMatchObject({ code: 'internal' });
    owner.kill();
  });

  it('settles every call exactly once, whatever order replies, cancellations and the exit come in', async () => {
    const step = fc.record({
      act: fc.constantFrom('call', 'ok', 'fail', 'cancelled', 'abort', 'stray', 'exit'),
      which: fc.nat(9),
    });
    const steps = fc.array(step, { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        const { end, deliver, exit } = looseEnd();
        const desk = connect<Desk>(end, codes);
        const calls: { controller: AbortController; settled: Promise<unknown> }[] = [];
        for (const { act, which } of script) {
          const id = which + 1;
          if (act === 'call') {
            const controller = new AbortController();
            const settled = desk.echo(which, { signal: controller.signal }).catch((error: unknown) => error);
            calls.push({ controller, settled });
          } else if (act === 'ok') deliver({ kind: 'ok', id, output: which });
          else if (act === 'fail') {
            deliver({ kind: 'fail', id, error: { code: 'fs/denied', message: 'x', retry: 'never' }, detail: '' });
          } else if (act === 'cancelled') deliver({ kind: 'cancelled', id });
          else if (act === 'abort') calls[which]?.controller.abort();
          else if (act === 'stray') deliver({ kind: 'ok', id: id + 1_000, output: null });
          else exit();
        }
        exit();
        const outcomes = await Promise.all(calls.map((call) => call.settled));
        expect(outcomes).toHaveLength(calls.length);
      }),
      { numRuns: 60 },
    );
  });
});
