// Runs passes of work one at a time: when asked, unless stopped or held, and again after an error that may pass. Shell process.
import { AppError, CancelledError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import { lookAtDiskMs, whileRoom } from './room-watch.ts';

export interface WorkLoop {
  /** There may be work: a pass begins as soon as none is going and nothing stands against it. */
  ask(): void;
  /** Ends the pass in hand at its next step; work that was cut short is begun again where it may. */
  interrupt(): Promise<void>;
  /** Resolves once no pass is going; none begins until the returned function is called. */
  hold(): Promise<() => void>;
  /** Why passes have stopped by themselves, else null. */
  problem(): AppError | null;
  /** Forgets why they had stopped, and asks again. */
  retry(): void;
  close(): Promise<void>;
}

export interface WorkLoopParts {
  pass(signal: AbortSignal): Promise<void>;
  /** Asked before each pass: the person may have stopped the work for now. */
  mayRun(): boolean;
  /** A pass has ended, or `problem` answers something else. */
  onChange(): void;
  /** The disk has too little room to store what a pass would make; asked before a pass and while it runs. Never so where left out. */
  isDiskFull?(): Promise<boolean>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** After an error that may pass: at first, and at most. */
const retryAfterMs = { first: 5_000, most: 60_000 };

export function createWorkLoop(parts: WorkLoopParts): WorkLoop {
  let asked = false;
  /** Holders, of which a closed loop has one for ever. */
  let held = 0;
  let failures = 0;
  let problem: AppError | null = null;
  let running: { readonly controller: AbortController; readonly ended: Promise<void> } | undefined;
  let cancelRetry = (): void => undefined;

  function begin(): void {
    if (!asked || held > 0 || running || !parts.mayRun() || needsPerson(problem)) return;
    asked = false;
    cancelRetry();
    const controller = new AbortController();
    running = { controller, ended: run(controller.signal) };
  }

  async function run(signal: AbortSignal): Promise<void> {
    try {
      await passWithRoom(signal);
      failures = 0;
      problem = null;
    } catch (error) {
      // Stopped on purpose: what was left is begun again where it may be.
      if (error instanceof CancelledError) asked = true;
      else fail(error);
    }
    running = undefined;
    parts.onChange();
    begin();
  }

  function passWithRoom(signal: AbortSignal): Promise<void> {
    return parts.isDiskFull ? whileRoom(parts.isDiskFull, parts.clock, signal, parts.pass) : parts.pass(signal);
  }

  function fail(error: unknown): void {
    parts.log.warn({ area: 'indexing', err: error }, 'background work stopped');
    problem = error instanceof AppError ? error : new AppError('internal', 'something went wrong', { cause: error });
    if (needsPerson(problem)) return;
    const backOffMs = Math.min(retryAfterMs.most, retryAfterMs.first * 2 ** failures++);
    cancelRetry = parts.clock.after(problem.code === 'store/disk-full' ? lookAtDiskMs : backOffMs, ask);
  }

  function ask(): void {
    asked = true;
    begin();
  }

  function retry(): void {
    const before = problem;
    problem = null;
    failures = 0;
    if (before) parts.onChange();
    ask();
  }

  async function interrupt(): Promise<void> {
    running?.controller.abort();
    await running?.ended;
  }

  async function hold(): Promise<() => void> {
    held++;
    await interrupt();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      held--;
      // Another pack, or a mended one: what had stopped may work now.
      retry();
    };
  }

  return {
    ask,
    interrupt,
    hold,
    problem: () => problem,
    retry,
    async close() {
      cancelRetry();
      await hold();
    },
  };
}

/** What stopped for such a reason is not begun again by the next best event; room on a disk is made without telling us. */
function needsPerson(problem: AppError | null): boolean {
  return problem?.retry === 'user' && problem.code !== 'store/disk-full';
}
