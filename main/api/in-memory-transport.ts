// Joins a client and a router inside one process, with the cloning a real transport does: the command line's transport, and the tests'.
import type { FrameTransport } from '../../preload/contract/client.ts';
import type { ReplyFrame } from '../../preload/contract/frames.ts';
import type { Router } from './router.ts';

/** A line that can be cut, as by a window that closes: calls in flight reject, and what they left running is cancelled. */
export interface InMemoryTransport extends FrameTransport {
  close(): void;
}

/** @param makeRouter gets the function that sends replies to this transport's listeners. */
export function inMemoryTransport(makeRouter: (send: (frame: ReplyFrame) => void) => Router): InMemoryTransport {
  const listeners: ((frame: ReplyFrame) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  const router = makeRouter((frame) => {
    const copy = structuredClone(frame);
    queueMicrotask(() => {
      for (const listener of listeners) listener(copy);
    });
  });
  return {
    send(frame) {
      const copy = structuredClone(frame);
      queueMicrotask(() => router.receive(copy));
    },
    onFrame(listener) {
      listeners.push(listener);
    },
    onClose(listener) {
      closeListeners.push(listener);
    },
    close() {
      router.disconnect();
      for (const listener of closeListeners) listener();
    },
  };
}
