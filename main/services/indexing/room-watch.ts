// Stops work where the disk gets short of room under it. Shell process.
import { AppError, CancelledError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';

/** Room is looked at so often: it stops work before there is none, and work goes on within ten seconds of there being enough. */
export const lookAtDiskMs = 5_000;

/**
 * Runs a pass while there is room. @throws AppError `store/disk-full` where there is too little before it or while it runs: it is cancelled then, and what
 * it stored stays.
 */
export async function whileRoom(
  isDiskFull: () => Promise<boolean>,
  clock: Clock,
  signal: AbortSignal,
  pass: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (await isDiskFull()) throw diskFull();
  if (signal.aborted) throw new CancelledError();
  const noRoom = new AbortController();
  let isOver = false;
  let cancelLook = (): void => undefined;
  const lookLater = (): void => {
    cancelLook = clock.after(lookAtDiskMs, () => {
      void isDiskFull().then((full) => {
        if (full) noRoom.abort();
        else if (!isOver) lookLater();
      });
    });
  };
  lookLater();
  try {
    await pass(AbortSignal.any([signal, noRoom.signal]));
  } catch (error) {
    throw noRoom.signal.aborted && error instanceof CancelledError ? diskFull() : error;
  } finally {
    isOver = true;
    cancelLook();
  }
}

function diskFull(): AppError {
  return new AppError(
    'store/disk-full',
    'The disk that holds the library is nearly full: make room on it, and indexing goes on by itself.',
  );
}
