// Turns counts of finished photos into what a person wants to know: how many, how fast, how long. Shell process.
import type { IndexingProgress } from '../../../preload/contract/indexing.ts';

/** The rate is taken over this much of the recent past: long enough to be calm, short enough to follow a change of folder. */
const windowMs = 20_000;

export interface ProgressMeter {
  phase(name: IndexingProgress['phase']): void;
  setTotal(total: number): void;
  addDone(count: number): void;
  addFailed(count: number): void;
  read(): IndexingProgress;
}

export function createProgressMeter(now: () => number): ProgressMeter {
  let phase: IndexingProgress['phase'] = 'idle';
  let total = 0;
  let done = 0;
  let failed = 0;
  let marks: { at: number; done: number }[] = [];

  return {
    phase(name) {
      // What was counted belongs to the run before.
      if (phase === 'idle') total = done = failed = 0;
      if (name !== phase) marks = [{ at: now(), done }];
      phase = name;
    },
    setTotal(count) {
      total = count;
    },
    addDone(count) {
      done += count;
      marks.push({ at: now(), done });
      // The newest mark before the window stays, so that the rate covers the whole of it.
      while (marks.length > 2 && (marks[1]?.at ?? 0) < now() - windowMs) marks.shift();
    },
    addFailed(count) {
      failed += count;
    },
    read() {
      const first = marks[0];
      const seconds = first ? (now() - first.at) / 1000 : 0;
      const photosPerSecond = first && seconds > 0 ? (done - first.done) / seconds : 0;
      const left = Math.max(0, total - done - failed);
      return {
        phase,
        done,
        total,
        failed,
        photosPerSecond: Math.round(photosPerSecond * 10) / 10,
        secondsLeft: photosPerSecond > 0 ? Math.round(left / photosPerSecond) : null,
        paused: false,
        current: null,
      };
    },
  };
}
