// A clock that moves only when a test says so. Test processes.
import type { Clock } from '../../main/platform/clock.ts';

export interface ManualClock extends Clock {
  /** Moves time on and runs the timers that are due, in order of their time. */
  advance(ms: number): void;
  /** Delays of the timers that wait, as of now. */
  waiting(): number[];
}

export function manualClock(start = 0): ManualClock {
  let time = start;
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
      const due = [...timers].filter((timer) => timer.at <= time).sort((a, b) => a.at - b.at);
      for (const timer of due) if (timers.delete(timer)) timer.run();
    },
    waiting: () => [...timers].map((timer) => timer.at - time),
  };
}

/** Lets every promise and message that is under way settle. */
export async function settled(turns = 10): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
}
