// The small parts of indexing: waiting for work, progress, means, versions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanVector } from '../../../../../main/services/indexing/mean-vector.ts';
import { paceOf } from '../../../../../main/services/indexing/pace.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import { stageVersions, versionOf } from '../../../../../main/services/indexing/stage-versions.ts';
import { createWorkSignal } from '../../../../../main/services/indexing/work-signal.ts';
import { openedPack } from '../../../../helpers/fake-inference.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';

describe('work signal', () => {
  const never = new AbortController().signal;

  it('resolves at once where something was announced since', async () => {
    const signal = createWorkSignal(manualClock());
    const seen = signal.version();
    signal.announce();
    await signal.next(seen, null, never);
  });

  it('wakes everyone who waits, and stops their timers', async () => {
    const clock = manualClock();
    const signal = createWorkSignal(clock);
    const waiting = [signal.next(0, null, never), signal.next(0, 5_000, never)];
    signal.announce();
    await Promise.all(waiting);
    expect(clock.waiting()).toEqual([]);
  });

  it('gives up waiting after the time given', async () => {
    const clock = manualClock();
    const waiting = createWorkSignal(clock).next(0, 250, never);
    expect(clock.waiting()).toEqual([250]);
    clock.advance(250);
    await waiting;
  });

  it('rests its time out, whatever is announced, and not at all for nothing', async () => {
    const clock = manualClock();
    const signal = createWorkSignal(clock);
    await signal.rest(0, never);
    let rested = false;
    const resting = signal.rest(300, never).then(() => {
      rested = true;
    });
    signal.announce();
    await settled(1);
    expect(rested).toBe(false);
    clock.advance(300);
    await resting;
    await expect(signal.rest(5, AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
  });

  it('rejects when aborted, before or while waiting', async () => {
    const clock = manualClock();
    const signal = createWorkSignal(clock);
    await expect(signal.next(0, null, AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
    const controller = new AbortController();
    const waiting = expect(signal.next(0, 1_000, controller.signal)).rejects.toMatchObject({ name: 'CancelledError' });
    controller.abort();
    await waiting;
    expect(clock.waiting()).toEqual([]);
  });
});

describe('progress meter', () => {
  const meterAt = (clock = manualClock()) => ({ clock, meter: createProgressMeter({ now: clock.now }) });

  it('gives rate and time left over the phase, in photos', () => {
    const { clock, meter } = meterAt();
    expect(meter.read()).toEqual({
      phase: 'idle',
      done: 0,
      total: 0,
      failed: 0,
      photosPerSecond: 0,
      secondsLeft: null,
      current: null,
    });
    meter.phase('indexing');
    meter.setLeft({ photos: 100, pieces: 200 });
    clock.advance(10_000);
    meter.addDone(40);
    meter.addFailed(4, 8);
    meter.current('a.jpg');
    expect(meter.read()).toEqual({
      phase: 'indexing',
      done: 20,
      total: 100,
      failed: 4,
      photosPerSecond: 2.4,
      secondsLeft: 32,
      current: 'a.jpg',
    });
  });

  it('follows the recent past, not the whole run', () => {
    const { clock, meter } = meterAt();
    meter.phase('indexing');
    meter.setLeft({ photos: 1_000, pieces: 2_000 });
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000);
      meter.addDone(second < 30 ? 20 : 2);
    }
    expect(meter.read().photosPerSecond).toBeCloseTo(1, 0);
  });

  it('starts from nothing with each run', () => {
    const { meter } = meterAt();
    meter.phase('scanning');
    meter.addLeft({ photos: 9, pieces: 18 });
    meter.addDone(10);
    meter.addFailed(1, 2);
    meter.phase('idle');
    expect(meter.read()).toMatchObject({ done: 5, failed: 1, total: 9 });
    meter.phase('scanning');
    expect(meter.read()).toMatchObject({ done: 0, failed: 0, total: 0 });
  });

  it('counts a photo that is looked at first and captioned later once, and never more than there are', () => {
    const { meter } = meterAt();
    meter.phase('indexing');
    meter.setLeft({ photos: 10, pieces: 20 });
    for (let photo = 0; photo < 10; photo++) meter.addDone(1);
    expect(meter.read()).toMatchObject({ done: 5, total: 10 });
    for (let photo = 0; photo < 10; photo++) meter.addDone(1);
    expect(meter.read()).toMatchObject({ done: 10, total: 10 });
  });

  it('never shows more than there is, nor less done than before, and all of it at the end', () => {
    const count = fc.nat(30);
    const step = fc.oneof(
      fc.record({ kind: fc.constant('done' as const), pieces: count }),
      fc.record({ kind: fc.constant('failed' as const), photos: fc.nat(5), pieces: fc.nat(10) }),
      fc.record({ kind: fc.constant('more' as const), photos: count }),
      fc.record({ kind: fc.constant('left' as const), photos: count }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { meter } = meterAt();
        meter.phase('indexing');
        meter.setLeft({ photos: 50, pieces: 100 });
        for (const one of steps) {
          if (one.kind === 'done') meter.addDone(one.pieces);
          else if (one.kind === 'failed') meter.addFailed(one.photos, one.pieces);
          else if (one.kind === 'more') meter.addLeft({ photos: one.photos, pieces: 2 * one.photos });
          else meter.setLeft({ photos: one.photos, pieces: 2 * one.photos });
          const { done, failed, total } = meter.read();
          expect(done + failed).toBeLessThanOrEqual(total);
          expect(Math.min(done, failed)).toBeGreaterThanOrEqual(0);
        }
        meter.finish();
        const { done, failed, total } = meter.read();
        expect(done + failed).toBe(total);
      }),
    );
  });

  it('keeps what is finished when the work left is counted anew', () => {
    const { meter } = meterAt();
    meter.phase('indexing');
    meter.setLeft({ photos: 10, pieces: 20 });
    meter.addDone(8);
    meter.setLeft({ photos: 30, pieces: 45 });
    expect(meter.read()).toMatchObject({ done: 4, total: 34 });
    meter.addDone(45);
    expect(meter.read()).toMatchObject({ done: 34, total: 34 });
  });
});

describe('pace', () => {
  it('leaves a core to the person unless asked for everything', () => {
    const lanes = (speed: 'quiet' | 'normal' | 'full', cores: number, of: number) =>
      paceOf(speed, { cores, lanes: of }).lanes;
    expect([lanes('normal', 2, 2), lanes('normal', 1, 1), lanes('normal', 8, 4), lanes('normal', 4, 4)]).toEqual([
      1, 1, 4, 3,
    ]);
    expect([lanes('full', 2, 2), lanes('full', 8, 4)]).toEqual([2, 4]);
    expect([lanes('quiet', 16, 4), paceOf('quiet', { cores: 16, lanes: 4 }).restShare > 0]).toEqual([1, true]);
  });
});

describe('mean vector', () => {
  it('is the unit mean, and zero where vectors cancel out', () => {
    expect([...meanVector([new Float32Array([1, 0]), new Float32Array([0, 1])])]).toEqual([
      expect.closeTo(Math.SQRT1_2, 6),
      expect.closeTo(Math.SQRT1_2, 6),
    ]);
    expect([...meanVector([new Float32Array([1, 0]), new Float32Array([-1, 0])])]).toEqual([0, 0]);
    expect(() => meanVector([])).toThrow(RangeError);
  });
});

describe('stage versions', () => {
  it('change with the model that makes the stage and with the pipeline', () => {
    expect(stageVersions(openedPack)).toEqual([
      { stage: 'look', version: 'tiny@1/image/p1' },
      { stage: 'own', version: 'tiny@1/sentence/p1' },
      { stage: 'caption', version: 'tiny@1/caption/p1' },
    ]);
    expect(versionOf(stageVersions({ ...openedPack, pipelineVersion: 2 }), 'look').version).toBe('tiny@1/image/p2');
    expect(() => versionOf([], 'look')).toThrow();
  });
});
