// The supervisor against workers made of two joined ends and a clock moved by hand.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../main/platform/app-error.ts';
import type { Clock } from '../../../../main/platform/clock.ts';
import { serveSupervised } from '../../../../main/platform/handshake.ts';
import { type SuperviseOptions, supervise } from '../../../../main/platform/supervisor.ts';
import type { SupervisorState } from '../../../../main/platform/worker-lifecycle.ts';
import { portPair, type WorkerPort } from '../../../../main/platform/worker-port.ts';

interface Echo {
  echo(input: { text: string }): Promise<string>;
  hang(input: Record<string, never>): Promise<never>;
}

function manualClock(): Clock & { advance(ms: number): void } {
  let time = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => time,
    after(delayMs, run) {
      const timer = { at: time + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      time += ms;
      for (const timer of [...timers].filter((t) => t.at <= time)) {
        timers.delete(timer);
        timer.run();
      }
    },
  };
}

/** A supervised echo service; `workers` are the owner's ends in order of their start. */
function setUp(options: Partial<SuperviseOptions> & { start?: (init: unknown) => Promise<void> } = {}) {
  const clock = manualClock();
  const workers: WorkerPort[] = [];
  const states: SupervisorState[] = [];
  const waiting = new Set<{ when: (state: SupervisorState) => boolean; resolve: () => void }>();
  const supervised = supervise<Echo>({
    name: 'echo process',
    spawn() {
      const { owner, worker } = portPair();
      const generation = workers.push(owner);
      const service: Echo = {
        echo: async ({ text }) => `${text} ${generation}`,
        hang: () => new Promise(() => undefined),
      };
      serveSupervised<unknown, Echo>(worker, async (init) => {
        await options.start?.(init);
        return { service, methods: ['echo', 'hang'], facts: { init, generation } };
      });
      return owner;
    },
    init: () => ({ folder: 'x' }),
    codes: { gone: 'inference/crashed', late: 'inference/timeout' },
    clock,
    onState(state) {
      states.push(state);
      for (const waiter of [...waiting]) if (waiter.when(state)) waiter.resolve();
    },
    ...options,
  });
  const reached = (name: SupervisorState['name']): Promise<void> =>
    new Promise((resolve) => waiting.add({ when: (state) => state.name === name, resolve }));
  return { supervised, clock, workers, states, reached };
}

describe('supervise', () => {
  it('starts with the first call, hands over the init data and answers', async () => {
    const { supervised, workers } = setUp();
    expect(workers).toHaveLength(0);
    expect(await supervised.remote.echo({ text: 'hello' })).toBe('hello 1');
    expect(await supervised.start()).toEqual({ init: { folder: 'x' }, generation: 1 });
    await supervised.shutdown();
  });

  it('rejects calls in flight when the worker dies, and serves again after the pause', async () => {
    const { supervised, workers, clock, reached, states } = setUp();
    await supervised.start();
    const waiting = reached('waiting');
    const hanging = supervised.remote.hang({});
    const failure = expect(hanging).rejects.toMatchObject({ code: 'inference/crashed' });
    workers[0]?.kill();
    await failure;
    await waiting;
    expect(supervised.state()).toMatchObject({ name: 'waiting', retryInMs: 1_000 });
    const next = supervised.remote.echo({ text: 'again' });
    clock.advance(999);
    expect(workers).toHaveLength(1);
    clock.advance(1);
    expect(await next).toBe('again 2');
    expect(states.map((state) => state.name)).toEqual(['starting', 'ready', 'waiting', 'starting', 'ready']);
    await supervised.shutdown();
  });

  it('sends a call cut off by an exit once more where that is harmless, and only once', async () => {
    const { supervised, workers, clock, reached } = setUp({ retryOnce: true });
    await supervised.start();
    const first = reached('waiting');
    const hanging = supervised.remote.hang({});
    const failure = expect(hanging).rejects.toMatchObject({ code: 'inference/crashed' });
    workers[0]?.kill();
    await first;
    const ready = reached('ready');
    clock.advance(1_000);
    await ready;
    await supervised.remote.echo({ text: 'the call went out again before this one' });
    workers[1]?.kill();
    await failure;
    await supervised.shutdown();
  });

  it('gives up after three exits in five minutes, until it is restarted', async () => {
    const { supervised, workers, clock, reached } = setUp();
    const pauses: number[] = [];
    for (let crash = 0; crash < 3; crash++) {
      await supervised.start();
      const next = reached(crash < 2 ? 'waiting' : 'degraded');
      workers.at(-1)?.kill();
      await next;
      const state = supervised.state();
      if (state.name === 'waiting') {
        pauses.push(state.retryInMs);
        clock.advance(state.retryInMs);
      }
    }
    expect(pauses).toEqual([1_000, 2_000]);
    await expect(supervised.remote.echo({ text: 'x' })).rejects.toMatchObject({
      code: 'inference/crashed',
      message: expect.stringContaining('echo process ended 3 times'),
    });
    supervised.restart();
    expect(await supervised.remote.echo({ text: 'back' })).toBe('back 4');
    await supervised.shutdown();
  });

  it('forgets exits older than the window, so rare ones never add up', async () => {
    const { supervised, workers, clock, reached } = setUp();
    for (let crash = 0; crash < 5; crash++) {
      await supervised.start();
      const next = reached('waiting');
      workers.at(-1)?.kill();
      await next;
      expect(supervised.state()).toMatchObject({ retryInMs: 1_000 });
      clock.advance(300_000);
    }
    await supervised.shutdown();
  });

  it('does not start again what refused its init data', async () => {
    const { supervised, workers } = setUp({
      start: async () => {
        throw new AppError('model/checksum', 'a file is damaged');
      },
    });
    await expect(supervised.start()).rejects.toMatchObject({ code: 'model/checksum', message: 'a file is damaged' });
    await expect(supervised.remote.echo({ text: 'x' })).rejects.toMatchObject({ code: 'model/checksum' });
    expect(workers).toHaveLength(1);
  });

  it('counts a worker that never gets ready as a crash', async () => {
    const { supervised, clock, reached } = setUp({ start: () => new Promise(() => undefined), readyTimeoutMs: 5_000 });
    const starting = reached('starting');
    const call = expect(supervised.remote.echo({ text: 'x' })).rejects.toMatchObject({ code: 'inference/crashed' });
    await starting;
    await new Promise(setImmediate);
    const waiting = reached('waiting');
    clock.advance(5_000);
    await waiting;
    await supervised.shutdown();
    await call;
  });

  it('lets a waiting call be cancelled or run out of time', async () => {
    const { supervised, clock } = setUp({ start: () => new Promise(() => undefined) });
    const controller = new AbortController();
    const cancelled = supervised.remote.echo({ text: 'x' }, { signal: controller.signal });
    const late = supervised.remote.echo({ text: 'x' }, { timeoutMs: 200 });
    controller.abort();
    await expect(cancelled).rejects.toMatchObject({ name: 'CancelledError' });
    clock.advance(200);
    await expect(late).rejects.toMatchObject({ code: 'inference/timeout' });
    await supervised.shutdown();
  });

  it('on shutdown refuses new calls, waits for those in flight, then ends the worker', async () => {
    const { supervised, clock, states } = setUp();
    await supervised.start();
    const finishing = supervised.remote.echo({ text: 'last' });
    const hanging = expect(supervised.remote.hang({})).rejects.toMatchObject({ code: 'inference/crashed' });
    const closed = supervised.shutdown(500);
    await expect(supervised.remote.echo({ text: 'late' })).rejects.toMatchObject({ code: 'inference/crashed' });
    expect(await finishing).toBe('last 1');
    clock.advance(500);
    await closed;
    await hanging;
    expect(states.at(-1)).toEqual({ name: 'closed' });
  });
});
