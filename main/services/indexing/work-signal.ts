// Tells waiting lanes that the state of the work has changed, without polling. Shell process.
import { CancelledError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';

export interface WorkSignal {
  /** Rises with every announcement; read it before looking for work, so that none is missed. */
  version(): number;
  announce(): void;
  /** Resolves at once when announced since `seen`, else at the next announcement or after `timeoutMs`. Rejects when aborted. */
  next(seen: number, timeoutMs: number | null, signal: AbortSignal): Promise<void>;
}

export function createWorkSignal(clock: Clock): WorkSignal {
  let version = 0;
  const waiting = new Set<() => void>();
  return {
    version: () => version,
    announce() {
      version++;
      for (const wake of [...waiting]) wake();
    },
    next(seen, timeoutMs, signal) {
      if (signal.aborted) return Promise.reject(new CancelledError());
      if (seen !== version) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const cancelTimer = timeoutMs === null ? undefined : clock.after(timeoutMs, wake);
        function settle(): void {
          waiting.delete(wake);
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
        waiting.add(wake);
        signal.addEventListener('abort', abort, { once: true });
      });
    },
  };
}
