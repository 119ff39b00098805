// Time as a dependency, so that back-off and deadlines can be tested without waiting. Any process.

/** Monotonic milliseconds and one-shot timers. */
export interface Clock {
  now(): number;
  /** Runs once after the delay unless the returned function is called first. */
  after(delayMs: number, run: () => void): () => void;
}

/** The process's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
