// Lets a newer question of the same asker end an older one that is still running. Shell process.

/** Runs `work` with a signal that aborts with `signal`, or as soon as the same `asker` starts something newer. */
export type LatestWins = <T>(
  asker: string | undefined,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

export function createLatestWins(): LatestWins {
  const running = new Map<string, AbortController>();
  return async (asker, signal, work) => {
    const controller = new AbortController();
    const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
    if (asker === undefined) return work(both);
    running.get(asker)?.abort();
    running.set(asker, controller);
    try {
      return await work(both);
    } finally {
      if (running.get(asker) === controller) running.delete(asker);
    }
  };
}
