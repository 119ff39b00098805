// Works on a graph in the background and says when it may answer. Runs in the search process.
import type { Clock } from '../../platform/clock.ts';
import type { GraphStatus } from '../vector-index.ts';
import type { GraphFollower } from './graph-follower.ts';
import { createGraphLife, type GraphLifeOptions } from './graph-life.ts';

/** How much of the process the background work takes, and when it saves; in milliseconds. */
export interface GraphPace {
  /** A question waits about this long behind the building. */
  readonly work: number;
  readonly rest: number;
  /** Time without a change before a save; also how often is looked for changes that no question met. */
  readonly quiet: number;
  /** Wait after the store could not be read or a file not be saved, doubled with each further one. */
  readonly retry: number;
}

const usualPace: GraphPace = { work: 8, rest: 8, quiet: 5_000, retry: 60_000 };

/** A graph that is this share ahead of its file is worth a save; replaying less is quick. */
const saveShare = 0.01;
/** A question brings the graph up to date by itself where that takes no longer than the exact scan would. */
const catchUpMs = 4;
const mostDoublings = 6;

export interface GraphKeeper {
  /** Photos nearest by the graph, best first, or null where only an exact scan can answer over the library's present state. */
  nearest(vector: Float32Array, limit: number): number[] | null;
  status(): GraphStatus;
  /** Resolves once the graph is up to date; with `save`, once its files are too. @throws AppError `vectors/failed` where they cannot be saved */
  settle(options: { save: boolean }): Promise<void>;
  /** Ends the work; resolves when none is under way. */
  close(): Promise<void>;
}

/** Begins to load or build at once. */
export function createGraphKeeper(
  options: GraphLifeOptions & { readonly clock: Clock; readonly pace?: GraphPace },
): GraphKeeper {
  const { clock, pace = usualPace } = options;
  const life = createGraphLife(options);
  const rest = restable(clock);
  let state: GraphStatus['state'] = 'loading';
  let closed = false;
  /** Why the last round of work ended early. */
  let failed: string | null = null;
  let changedAt = clock.now();
  /** Pieces of work, one at a time. */
  let work: Promise<void> = Promise.resolve();

  async function follow(own: GraphFollower): Promise<boolean> {
    for (;;) {
      const before = own.changes();
      const end = clock.now() + pace.work;
      const isDone = own.advance(() => clock.now() >= end);
      if (own.changes() !== before) changedAt = clock.now();
      if (isDone || closed) return !closed;
      await rest.during(pace.rest);
    }
  }

  async function bringUpToDate(): Promise<void> {
    if (!life.follower()) await life.load(follow);
    for (let own = life.follower(); own && !closed; own = life.follower()) {
      if (!(await life.renew())) {
        if (own.isCurrent()) {
          state = 'ready';
          return;
        }
        if (state !== 'ready') state = 'building';
        await follow(own);
      } else state = 'building';
    }
  }

  function inTurn(piece: () => Promise<void>): Promise<void> {
    const done = work.then(piece);
    work = done.catch(() => undefined);
    return done;
  }

  const isSaveDue = (): boolean =>
    options.store.writes &&
    life.unsaved() > saveShare * (life.follower()?.graph.nodes() ?? 0) &&
    clock.now() - changedAt >= pace.quiet;

  async function round(): Promise<void> {
    await bringUpToDate();
    if (isSaveDue()) await life.save();
  }

  async function run(): Promise<void> {
    for (let failures = 0; !closed; ) {
      // Where the store cannot be read, the exact scan says so; it may be read again later.
      failed = await inTurn(round).then(...outcome);
      failures = failed === null ? 0 : failures + 1;
      await rest.during(failures > 0 ? pace.retry * 2 ** Math.min(failures - 1, mostDoublings) : pace.quiet);
    }
  }

  void run();

  return {
    nearest(vector, limit) {
      const own = life.follower();
      if (state !== 'ready' || !own || own.wentBack()) return null;
      if (!own.isCurrent()) {
        const end = clock.now() + catchUpMs;
        if (life.isSaving() || !own.advance(() => clock.now() >= end)) return null;
      }
      return own.graph.nearest(vector, limit);
    },
    status: () => ({ state, nodes: life.follower()?.graph.nodes() ?? 0, problem: failed ?? life.problem() }),
    settle: ({ save }) =>
      inTurn(async () => {
        await bringUpToDate();
        if (save && life.unsaved() > 0) await life.save();
      }),
    async close() {
      closed = true;
      state = 'off';
      rest.end();
      await work;
    },
  };
}

const outcome = [() => null, (error: unknown) => (error instanceof Error ? error.message : String(error))] as const;

/** Pauses that can all be cut short for good. */
function restable(clock: Clock): { during(ms: number): Promise<void>; end(): void } {
  const enders = new Set<() => void>();
  let ended = false;
  return {
    during(ms) {
      if (ended) return Promise.resolve();
      return new Promise((resolve) => {
        const stop = clock.after(ms, end);
        function end(): void {
          stop();
          enders.delete(end);
          resolve();
        }
        enders.add(end);
      });
    },
    end() {
      ended = true;
      for (const end of [...enders]) end();
    },
  };
}
