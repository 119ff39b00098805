// Lets what typed texts are read with be read soon after the start, not before the first photos are shown. Shell process.
import type { Clock } from '../../platform/clock.ts';
import type { QueryReader } from './query-reader.ts';

/** The first photos are on the screen by then; a text typed before is read with less. */
const pauseMs = 1_500;

export interface WarmReader {
  warm(): void;
  /** What has not begun by then does not begin. */
  close(): void;
}

export function warmReader(reader: Pick<QueryReader, 'ready'>, clock: Clock): WarmReader {
  let cancel: (() => void) | undefined;
  let isClosed = false;
  return {
    warm() {
      if (!isClosed) cancel ??= clock.after(pauseMs, () => void reader.ready());
    },
    close() {
      isClosed = true;
      cancel?.();
    },
  };
}
