// Waits for an end with patience: what hangs on a drive that has gone keeps nothing else from ending. Any process.
import type { Clock } from './clock.ts';

/** @returns whether `end` has come within so many milliseconds; a failure is an end, too. */
export async function endsWithin(clock: Clock, patienceMs: number, end: Promise<unknown>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const forget = clock.after(patienceMs, () => late.resolve(false));
  const ended = end.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late.promise]);
  } finally {
    forget();
  }
}
