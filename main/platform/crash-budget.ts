// How often the window's page may die before the person is asked: 3 times in 5 minutes, as for the worker processes. Shell process.
import type { Clock } from './clock.ts';

const most = 3;
const windowMs = 5 * 60_000;

/** `again`: load it anew at once; `ask`: it would only die again. */
export function createCrashBudget(clock: Clock): { crashed(): 'again' | 'ask' } {
  let crashes: number[] = [];
  return {
    crashed() {
      const now = clock.now();
      crashes = [...crashes.filter((at) => now - at < windowMs), now];
      if (crashes.length <= most) return 'again';
      crashes = [];
      return 'ask';
    },
  };
}
