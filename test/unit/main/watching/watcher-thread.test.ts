// The watcher thread as the shell holds it: started when needed, and let go of when it does not end.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../../../../main/platform/rpc.ts';
import { portPair, type WorkerPort } from '../../../../main/platform/worker-port.ts';
import { createWatcherThread } from '../../../../main/watching/watcher-thread.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

function setUp(options: { hangs?: boolean } = {}) {
  const clock = manualClock();
  const kill = vi.fn();
  const spawn = vi.fn((): WorkerPort => {
    const { owner, worker } = portPair();
    serve(worker, { begin: async () => ({ walkId: 1 }) }, ['begin']);
    onTestFinished(() => owner.kill());
    return {
      ...owner,
      kill() {
        kill();
        if (!options.hangs) owner.kill();
      },
    };
  });
  return { clock, kill, spawn, thread: createWatcherThread(spawn, clock) };
}

describe('watcher thread', () => {
  it('is started by the first call, and waited for at its end', async () => {
    const { clock, spawn, kill, thread } = setUp();
    expect(await thread.end()).toBe(true);
    expect(spawn).not.toHaveBeenCalled();
    await thread.remote.begin({ root: '/photos' });
    await thread.remote.begin({ root: '/photos' });
    expect(await thread.end()).toBe(true);
    expect([spawn.mock.calls.length, kill.mock.calls.length, clock.waiting()]).toEqual([1, 1, []]);
  });

  it('is waited for no longer than two seconds where it hangs on a drive', async () => {
    const { clock, kill, thread } = setUp({ hangs: true });
    await thread.remote.begin({ root: '/photos' });
    const ended = thread.end();
    await settled(1);
    expect([kill.mock.calls.length, clock.waiting()]).toEqual([1, [2_000]]);
    clock.advance(2_000);
    expect(await ended).toBe(false);
  });
});
