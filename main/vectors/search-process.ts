// The vector index as services see it: a client of the search child process, restarted when it dies. Runs in the owner.
import type { Clock } from '../platform/clock.ts';
import { supervise } from '../platform/supervisor.ts';
import type { SupervisorState } from '../platform/worker-lifecycle.ts';
import type { WorkerPort } from '../platform/worker-port.ts';
import type { VectorIndex } from './vector-index.ts';

/** What the child is told at its start. */
export interface SearchProcessInit {
  readonly libraryFolder: string;
}

/** Methods of the child that may be called. */
export const vectorIndexMethods = ['candidates', 'similar', 'warm'] as const satisfies readonly (keyof VectorIndex)[];

/** Past this a question hangs: the longest honest one loads a million vectors first. */
const answerTimeoutMs = 60_000;

export interface SearchProcess extends VectorIndex {
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
  clock?: Clock;
  onState?: (state: SupervisorState) => void;
}): SearchProcess {
  const init: SearchProcessInit = { libraryFolder: options.libraryFolder };
  const supervised = supervise<VectorIndex>({
    name: 'search process',
    spawn: options.spawn,
    init: () => init,
    codes: { gone: 'vectors/failed', late: 'vectors/failed' },
    retryOnce: true,
    ...(options.clock && { clock: options.clock }),
    ...(options.onState && { onState: options.onState }),
  });
  const { remote } = supervised;
  return {
    candidates: (input) => remote.candidates(input, { timeoutMs: answerTimeoutMs }),
    similar: (input) => remote.similar(input, { timeoutMs: answerTimeoutMs }),
    warm: (input) => remote.warm(input, { timeoutMs: answerTimeoutMs }),
    state: supervised.state,
    restart: supervised.restart,
    shutdown: () => supervised.shutdown(),
  };
}
