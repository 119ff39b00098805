// Tells waiting lanes that the state of the work has changed, without polling. Shell process.
import { CancelledError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';

export interface WorkSignal {
  /** Rises with every announcement; read it before looking for work, so that none is missed. */
  version(): number;
  announce(): void;
  /** Resolves at once when announced since `seen`, else at the next announcement or after `timeoutMs`. Rejects when aborted. */
  next(seen: number, timeoutMs: number | null, signal: AbortSignal): Promise<void>;
  /** Resolves after `restMs`, whatever is announced. Rejects when aborted. */
  rest(restMs: number, signal: AbortSignal): Promise<void>;
}

export function createWorkSignal(clock: Clock): WorkSignal {
  let version = 0;
  const waiting = new Set<() => void>();

  return {
    rest(restMs, signal) {
      if (restMs <= 0) return Promise.resolve();
      return waitFor(clock, restMs, signal, () => () => undefined);
    },
    version: () => version,
    announce() {
      version++;
      for (const wake of [...waiting]) wake();
    },
    next(seen, timeoutMs, signal) {
      if (signal.aborted) return Promise.reject(new CancelledError());
      if (seen !== version) return Promise.resolve();
      return waitFor(clock, timeoutMs, signal, (wake) => {
        waiting.add(wake);
        return () => waiting.delete(wake);
      });
    },
  };
}

/** @param listen is given what ends the waiting, and returns what stops it from being called. */
function waitFor(
  clock: Clock,
  timeoutMs: number | null,
  signal: AbortSignal,
  listen: (wake: () => void) => () => unknown,
): Promise<void> {
  if (signal.aborted) return Promise.reject(new CancelledError());
  return new Promise((resolve, reject) => {
    const cancelTimer = timeoutMs === null ? undefined : clock.after(timeoutMs, wake);
    const unlisten = listen(wake);
    function settle(): void {
      unlisten();
      cancelTimer?.();
      signal.removeEventListener('abort', abort);
    }
    function wake(): void {
      settle();
      resolve();
    }
    function abort(): void {
      settle();
      reject(new CancelledError());
    }
    signal.addEventListener('abort', abort, { once: true });
  });
}
