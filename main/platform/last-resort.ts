// Ends a process that has nothing more to do and cannot end: a call to a drive that has gone holds one of its threads. Entry files.
import type { Writable } from 'node:stream';

/** A process that ends as it should is gone long before. */
const patienceMs = 5_000;

/**
 * To be called when all is closed. Node waits for threads of its own that hang in a call to the system, `process.exit` included: only a signal ends them.
 * Where nothing hangs, this keeps no process from ending.
 *
 * @param output what is still to be written to it is waited for.
 */
export function endInAnyCase(output: Pick<Writable, 'writableLength'>, waitMs: number = patienceMs): void {
  setTimeout(() => {
    if (output.writableLength > 0) endInAnyCase(output, waitMs);
    else process.kill(process.pid, 'SIGKILL');
  }, waitMs).unref();
}
