import { describe, expect, it } from 'vitest';
import { createWatchdog } from '../../../../main/inference/watchdog.ts';

function setUp() {
  const state = { now: 0, rss: 100, looks: new Set<() => void>(), ended: 0 };
  const guard = createWatchdog({
    limits: { mostMs: 1_000, mostGrowthBytes: 500 },
    rss: () => state.rss,
    now: () => state.now,
    every(_ms, look) {
      state.looks.add(look);
      return () => state.looks.delete(look);
    },
    end: () => {
      state.ended++;
    },
  });
  const look = (): void => {
    for (const one of state.looks) one();
  };
  return { state, guard, look };
}

describe('the watchdog of a process that decodes', () => {
  it('lets work be that keeps within its limits, and stops looking with its end', async () => {
    const { state, guard, look } = setUp();
    const answer = guard(async () => {
      state.now = 1_000;
      state.rss = 600;
      look();
      return 'done';
    });
    expect(await answer).toBe('done');
    await expect(guard(() => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect({ ended: state.ended, looks: state.looks.size }).toEqual({ ended: 0, looks: 0 });
  });

  it.each([
    ['takes too long', { now: 1_001, rss: 100 }],
    ['takes too much memory', { now: 0, rss: 601 }],
  ])('ends the process where work %s', (_name, found) => {
    const { state, guard, look } = setUp();
    void guard(() => new Promise(() => undefined));
    Object.assign(state, found);
    look();
    expect(state.ended).toBe(1);
  });

  it('measures growth under the work in hand, not what came before it', async () => {
    const { state, guard, look } = setUp();
    state.rss = 5_000;
    void guard(() => new Promise(() => undefined));
    state.rss = 5_400;
    look();
    expect(state.ended).toBe(0);
  });
});
