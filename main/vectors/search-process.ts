// The vector index as services see it: a client of the search child process, restarted when it dies. Runs in the owner.
import { type Clock, systemClock } from '../platform/clock.ts';
import { supervise } from '../platform/supervisor.ts';
import type { Backoff, SupervisorState } from '../platform/worker-lifecycle.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { WatchedIndex } from './vector-index.ts';

/** What the child is told at its start. */
export interface SearchProcessInit {
  readonly libraryFolder: string;
  /** False where another program owns the library: side files are read then, never written. */
  readonly writes: boolean;
  /** `suspect` after one crash within `backoff.windowMs`: the saved graph is thrown away and built anew. `off` after more: exact scans alone. */
  readonly graph: 'on' | 'suspect' | 'off';
}

/** Methods of the child that may be called. */
export const vectorIndexMethods = [
  'candidates',
  'similar',
  'warm',
  'status',
] as const satisfies readonly (keyof WatchedIndex)[];

/** Past this a question hangs: the longest honest one loads a million vectors first. */
const answerTimeoutMs = 60_000;

/**
 * Nothing is lost with this process and a question waits for the next, so the pauses are short: an answer comes within two seconds of a crash, its start
 * included. The person is asked before the fourth restart within five minutes.
 */
const backoff: Backoff = { firstMs: 100, maxMs: 2_000, crashes: 4, windowMs: 300_000 };

/** By the crashes of the last minutes. */
const graphAfter: readonly SearchProcessInit['graph'][] = ['on', 'suspect'];

export interface SearchProcess extends WatchedIndex {
  state(): SupervisorState;
  /** Leaves the degraded state after too many crashes. */
  restart(): void;
  shutdown(): Promise<void>;
}

/**
 * The process starts with the first question. Questions have no side effects, so one cut off by a crash is asked again after the
 * restart; a second crash rejects it with `vectors/failed`.
 */
export function createSearchProcess(options: {
  spawn: () => WorkerPort;
  libraryFolder: string;
  writes?: boolean;
  clock?: Clock;
  onState?: (state: SupervisorState) => void;
}): SearchProcess {
  const { libraryFolder, writes = true, clock = systemClock } = options;
  /** When it crashed, within the window. */
  let crashes: number[] = [];
  const recent = (): number[] => crashes.filter((time) => clock.now() - time < backoff.windowMs);
  const graph = (): SearchProcessInit['graph'] => graphAfter[recent().length] ?? 'off';
  const supervised = supervise<WatchedIndex>({
    name: 'search process',
    spawn: options.spawn,
    init: (): SearchProcessInit => ({ libraryFolder, writes, graph: graph() }),
    backoff,
    codes: { gone: 'vectors/failed', late: 'vectors/failed' },
    retryOnce: true,
    clock,
    onState(state) {
      if (state.name === 'waiting') crashes = [...recent(), clock.now()];
      options.onState?.(state);
    },
  });
  const { remote } = supervised;
  return {
    candidates: (input) => remote.candidates(input, { timeoutMs: answerTimeoutMs }),
    similar: (input) => remote.similar(input, { timeoutMs: answerTimeoutMs }),
    warm: (input) => remote.warm(input, { timeoutMs: answerTimeoutMs }),
    status: (input) => remote.status(input, { timeoutMs: answerTimeoutMs }),
    state: supervised.state,
    restart() {
      crashes = [];
      supervised.restart();
    },
    shutdown: () => supervised.shutdown(),
  };
}
