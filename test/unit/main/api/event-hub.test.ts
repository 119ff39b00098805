// Events: at their own pace, the newest state to a slow peer, and gaps that a client can see.
import { describe, expect, it } from 'vitest';
import { createEventHub, pauseMs } from '../../../../main/api/event-hub.ts';
import type { ReplyFrame } from '../../../../preload/contract/frames.ts';
import { sampleOutputs } from '../../../helpers/fake-handlers.ts';
import { manualClock } from '../../../helpers/manual-clock.ts';

type EventFrame = Extract<ReplyFrame, { kind: 'event' }>;

function setUp() {
  const clock = manualClock();
  const hub = createEventHub(clock);
  const join = (canTake: () => boolean = () => true) => {
    const frames: EventFrame[] = [];
    const subscription = hub.subscribe({ send: (frame) => void frames.push(frame), canTake });
    return { frames, subscription };
  };
  const progress = (done: number) =>
    hub.publish('indexing.progress', { ...sampleOutputs['indexing.progress'], done, total: 1_000 });
  return { clock, hub, join, progress };
}

const doneOf = (frames: readonly EventFrame[]): number[] => frames.map(({ data }) => (data as { done: number }).done);

describe('event hub', () => {
  it('sends progress at most four times a second, the first at once and the newest last', () => {
    const { clock, join, progress } = setUp();
    const { frames } = join();
    for (let tick = 0; tick <= 100; tick++) {
      progress(tick);
      clock.advance(10);
    }
    clock.advance(1_000);
    expect(doneOf(frames).at(0)).toBe(0);
    expect(doneOf(frames).at(-1)).toBe(100);
    expect(frames.length).toBeLessThanOrEqual(1_010 / pauseMs['indexing.progress'] + 2);
    expect(frames.map((frame) => frame.seq)).toEqual(frames.map((_, index) => index + 1));
    expect(clock.waiting()).toEqual([]);
  });

  it('holds topics apart: a banner does not wait for progress', () => {
    const { hub, join, progress } = setUp();
    const { frames } = join();
    progress(1);
    progress(2);
    hub.publish('shell.banners', { banners: [] });
    expect(frames.map((frame) => frame.name)).toEqual(['indexing.progress', 'shell.banners']);
  });

  it('holds back from a peer that cannot take more, and gives it the newest of each topic, with a gap for what it missed', () => {
    const { clock, hub, join, progress } = setUp();
    let canTake = false;
    const slow = join(() => canTake);
    const quick = join();
    for (const done of [1, 2, 3]) {
      progress(done);
      clock.advance(300);
    }
    hub.publish('library.changed', { revision: 9 });
    expect(slow.frames).toEqual([]);
    expect(quick.frames).toHaveLength(4);
    canTake = true;
    slow.subscription.drained();
    expect(slow.frames.map(({ name, seq }) => [name, seq])).toEqual([
      ['indexing.progress', 3],
      ['library.changed', 4],
    ]);
    expect(doneOf(slow.frames.slice(0, 1))).toEqual([3]);
    slow.subscription.drained();
    expect(slow.frames).toHaveLength(2);
  });

  it('stops when the peer can take no more in the middle of what was held back', () => {
    const { hub, join, progress } = setUp();
    let room = 0;
    const peer = join(() => room-- > 0);
    progress(1);
    hub.publish('library.changed', { revision: 1 });
    room = 1;
    peer.subscription.drained();
    expect(peer.frames.map((frame) => frame.name)).toEqual(['indexing.progress']);
    room = 1;
    peer.subscription.drained();
    expect(peer.frames.map((frame) => frame.name)).toEqual(['indexing.progress', 'library.changed']);
  });

  it('counts for each connection from 1, and forgets one that ended', () => {
    const { hub, join } = setUp();
    const first = join();
    hub.publish('shell.banners', { banners: [] });
    const second = join();
    hub.publish('shell.banners', { banners: [] });
    first.subscription.end();
    hub.publish('shell.banners', { banners: [] });
    expect(first.frames.map((frame) => frame.seq)).toEqual([1, 2]);
    expect(second.frames.map((frame) => frame.seq)).toEqual([1, 2]);
    expect(hub.listeners()).toBe(1);
  });

  it('leaves no timer behind', () => {
    const { clock, hub, progress } = setUp();
    progress(1);
    progress(2);
    hub.close();
    expect(clock.waiting()).toEqual([]);
  });
});
