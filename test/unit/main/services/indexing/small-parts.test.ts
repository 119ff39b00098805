// The small parts of indexing: waiting for work, progress, means, versions.
import { describe, expect, it } from 'vitest';
import { meanVector } from '../../../../../main/services/indexing/mean-vector.ts';
import { createProgressMeter } from '../../../../../main/services/indexing/progress.ts';
import { stageVersions, versionOf } from '../../../../../main/services/indexing/stage-versions.ts';
import { createWorkSignal } from '../../../../../main/services/indexing/work-signal.ts';
import { openedPack } from '../../../../helpers/fake-inference.ts';
import { manualClock } from '../../../../helpers/manual-clock.ts';

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
  it('gives rate and time left over the phase', () => {
    const clock = manualClock();
    const meter = createProgressMeter(clock.now);
    expect(meter.read()).toEqual({
      phase: 'idle',
      done: 0,
      total: 0,
      failed: 0,
      photosPerSecond: 0,
      secondsLeft: null,
      paused: false,
      current: null,
    });
    meter.phase('indexing');
    meter.setTotal(100);
    clock.advance(10_000);
    meter.addDone(20);
    meter.addFailed(4);
    expect(meter.read()).toEqual({
      phase: 'indexing',
      done: 20,
      total: 100,
      failed: 4,
      photosPerSecond: 2,
      secondsLeft: 38,
      paused: false,
      current: null,
    });
  });

  it('follows the recent past, not the whole run', () => {
    const clock = manualClock();
    const meter = createProgressMeter(clock.now);
    meter.phase('indexing');
    meter.setTotal(1_000);
    for (let second = 0; second < 60; second++) {
      clock.advance(1_000);
      meter.addDone(second < 30 ? 10 : 1);
    }
    expect(meter.read().photosPerSecond).toBeCloseTo(1, 0);
  });

  it('starts from nothing with each run', () => {
    const meter = createProgressMeter(() => 0);
    meter.phase('scanning');
    meter.setTotal(9);
    meter.addDone(5);
    meter.addFailed(1);
    meter.phase('idle');
    expect(meter.read()).toMatchObject({ done: 5, failed: 1, total: 9 });
    meter.phase('scanning');
    expect(meter.read()).toMatchObject({ done: 0, failed: 0, total: 0 });
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
