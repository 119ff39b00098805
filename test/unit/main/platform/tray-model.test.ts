// What tray and task bar say of the work, and when the last window ends the application.
import { describe, expect, it } from 'vitest';
import { afterLastWindow, isWorking, taskBarShare, trayModel } from '../../../../main/platform/tray-model.ts';

const progress = {
  phase: 'indexing',
  done: 120,
  total: 1000,
  failed: 0,
  photosPerSecond: 4,
  secondsLeft: 220,
  paused: false,
  current: null,
} as const;

describe('trayModel', () => {
  it.each([
    [{}, 'Photoseek: indexing 120 of 1000, 4 min left'],
    [{ secondsLeft: 0 }, 'Photoseek: indexing 120 of 1000, 1 s left'],
    [{ secondsLeft: 45 }, 'Photoseek: indexing 120 of 1000, 45 s left'],
    [{ secondsLeft: 7200 }, 'Photoseek: indexing 120 of 1000, 2 h left'],
    [{ secondsLeft: null }, 'Photoseek: indexing 120 of 1000'],
    [{ phase: 'scanning', done: 0, total: 0, secondsLeft: null }, 'Photoseek: looking for photos'],
    [{ paused: true }, 'Photoseek: paused 120 of 1000'],
  ] as const)('%j', (change, tooltip) => expect(trayModel({ ...progress, ...change }, true)?.tooltip).toBe(tooltip));

  it('is nothing while nothing is to be done, or where it is not wanted', () => {
    expect([trayModel({ ...progress, phase: 'idle' }, true), trayModel(progress, false)]).toEqual([null, null]);
  });
});

describe('taskBarShare', () => {
  it('is a share, an endless bar, or none', () => {
    const shares = [
      progress,
      { ...progress, done: 2000 },
      { ...progress, total: 0 },
      { ...progress, paused: true },
    ].map(taskBarShare);
    expect(shares).toEqual([0.12, 1, 2, -1]);
    expect(taskBarShare({ ...progress, phase: 'idle' })).toBe(-1);
  });
});

describe('afterLastWindow', () => {
  it('stays on macOS, and elsewhere for work that the tray shows', () => {
    expect(afterLastWindow('darwin', false, false)).toBe('stay');
    expect(afterLastWindow('linux', true, true)).toBe('stay');
    // Without a tray nothing would tell of it, and nothing could end it.
    expect(afterLastWindow('linux', true, false)).toBe('quit');
    expect(afterLastWindow('win32', false, true)).toBe('quit');
  });
  it('a pause is no work', () => expect(isWorking({ ...progress, paused: true })).toBe(false));
});
