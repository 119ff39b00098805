// Ends the process when one photo takes too long or too much memory: native code can be stopped in no other way. Inference child.

export interface WatchdogLimits {
  /** Milliseconds that one piece of work may take; the decoder's own limit comes first where it still listens. */
  readonly mostMs: number;
  /** Bytes by which the process may grow under one piece of work. */
  readonly mostGrowthBytes: number;
}

export interface WatchdogParts {
  readonly limits: WatchdogLimits;
  /** Resident bytes of the process. */
  rss(): number;
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls until the returned function is called. */
  every(ms: number, look: () => void): () => void;
  /** Ends the process at once, whatever its threads do. */
  end(): void;
}

/** Often enough to meet a decoder while it still fills its memory: filling a gigabyte takes several of these. */
const lookEveryMs = 100;

/** @returns what to run work in; the owner learns of an end as of any crash, and finds out by itself which photo was at fault. */
export function createWatchdog(parts: WatchdogParts): <T>(work: () => Promise<T>) => Promise<T> {
  const { limits, rss, now } = parts;
  return async (work) => {
    const startedAt = now();
    const before = rss();
    const stop = parts.every(lookEveryMs, () => {
      if (now() - startedAt > limits.mostMs || rss() - before > limits.mostGrowthBytes) parts.end();
    });
    try {
      return await work();
    } finally {
      stop();
    }
  };
}

/** The real process. `SIGKILL`: a regular end would wait for the threads that hang. */
export function processWatchdog(limits: WatchdogLimits): <T>(work: () => Promise<T>) => Promise<T> {
  return createWatchdog({
    limits,
    rss: () => process.memoryUsage.rss(),
    now: () => performance.now(),
    every(ms, look) {
      const timer = setInterval(look, ms);
      return () => clearInterval(timer);
    },
    end: () => process.kill(process.pid, 'SIGKILL'),
  });
}
