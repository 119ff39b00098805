// Indexing that can be made to rest while something under it is exchanged, unseen by whoever started the run. Shell process.
import { CancelledError } from '../../platform/app-error.ts';
import type { IndexingService } from './indexing-service.ts';

export interface HoldableIndexing extends IndexingService {
  /** Resolves once no run is going; none begins until the returned function is called, and a run that was cut short begins again then. */
  hold(): Promise<() => void>;
}

export function holdableRuns(service: IndexingService): HoldableIndexing {
  const running = new Map<AbortController, Promise<unknown>>();
  let holders = 0;
  let free = Promise.withResolvers<void>();
  free.resolve();

  /** One try; false where it was cut short for a holder. */
  async function attempt(...[input, { signal }]: Parameters<IndexingService['run']>): Promise<Outcome | false> {
    const interrupt = new AbortController();
    const run = service.run(input, { signal: AbortSignal.any([signal, interrupt.signal]) });
    running.set(interrupt, run);
    try {
      return await run;
    } catch (error) {
      if (error instanceof CancelledError && interrupt.signal.aborted && !signal.aborted) return false;
      throw error;
    } finally {
      running.delete(interrupt);
    }
  }

  return {
    ...service,
    async run(input, context) {
      for (;;) {
        while (holders > 0) await untilFree(free.promise, context.signal);
        const outcome = await attempt(input, context);
        if (outcome !== false) return outcome;
      }
    },
    async hold() {
      if (holders++ === 0) free = Promise.withResolvers<void>();
      const ends = [...running.values()];
      for (const interrupt of running.keys()) interrupt.abort();
      await Promise.allSettled(ends);
      let isHeld = true;
      return () => {
        if (isHeld && --holders === 0) free.resolve();
        isHeld = false;
      };
    },
  };
}

type Outcome = Awaited<ReturnType<IndexingService['run']>>;

async function untilFree(free: Promise<void>, signal: AbortSignal): Promise<void> {
  const cancelled = Promise.withResolvers<never>();
  const leave = (): void => cancelled.reject(new CancelledError());
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([free, cancelled.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
