// Joins a client and a router inside one process, with the cloning a real transport does: the command line's transport, and the tests'.
import type { FrameTransport } from '../../preload/contract/client.ts';
import type { ReplyFrame } from '../../preload/contract/frames.ts';
import type { Router } from './router.ts';

/** @param makeRouter gets the function that sends replies to this transport's listeners. */
export function inMemoryTransport(makeRouter: (send: (frame: ReplyFrame) => void) => Router): FrameTransport {
  const listeners: ((frame: ReplyFrame) => void)[] = [];
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
  };
}
