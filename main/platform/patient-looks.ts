// Looks at what a dead drive may never answer about: one at a time for each path, waited for with patience. Any process.
import type { Clock } from './clock.ts';

export interface PatientLooks<T> {
  /**
   * Begins a look, or joins the one that is in hand under this key, for each that hangs holds a thread of the process until its drive answers.
   * @returns undefined where it has not ended so long after it began. @throws what the look throws before that.
   */
  ask(key: string, look: () => Promise<T>): Promise<T | undefined>;
  /** Looks that were given up and have not ended. */
  hanging(): number;
}

interface Look<T> {
  readonly answer: Promise<T>;
  readonly begunAt: number;
}

export function createPatientLooks<T>(clock: Clock, patienceMs: number): PatientLooks<T> {
  const looks = new Map<string, Look<T>>();

  function begin(key: string, look: () => Promise<T>): Look<T> {
    const answer = look().finally(() => looks.delete(key));
    // Nobody may be waiting any more when it fails.
    answer.catch(() => undefined);
    const begun = { answer, begunAt: clock.now() };
    looks.set(key, begun);
    return begun;
  }

  return {
    async ask(key, look) {
      const { answer, begunAt } = looks.get(key) ?? begin(key, look);
      const leftMs = begunAt + patienceMs - clock.now();
      if (leftMs <= 0) return undefined;
      const late = Promise.withResolvers<undefined>();
      const forget = clock.after(leftMs, () => late.resolve(undefined));
      try {
        return await Promise.race([answer, late.promise]);
      } finally {
        forget();
      }
    },
    hanging: () => [...looks.values()].filter(({ begunAt }) => clock.now() - begunAt >= patienceMs).length,
  };
}
