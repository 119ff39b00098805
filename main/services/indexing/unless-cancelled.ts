// Waits for an answer until the work is to stop. Shell process.
import { CancelledError } from '../../platform/app-error.ts';

/** Waits for no drive that hangs once the work is to stop. @throws CancelledError then, and what `answer` rejects with. */
export function unlessCancelled<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // What has been read already is kept.
    const cancel = (): unknown => setImmediate(() => reject(new CancelledError()));
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}
