// Remembers the calls that a connection owes an answer, over the loss of its line: waits with them, repeats them, or fails them. Renderer.
import type { ErrorCode } from '../../preload/contract/errors.ts';
import type { ReplyFrame, RequestFrame } from '../../preload/contract/frames.ts';
import { repeatable } from './repeatable.ts';

type CallFrame = RequestFrame & { kind: 'call' };

export interface FrameBook {
  send(frame: RequestFrame): void;
  /** A frame came in. */
  heard(frame: ReplyFrame): void;
  /** The line stands: what waited goes out, in the order it was called. */
  opened(write: (frame: RequestFrame) => void): void;
  /** The line is gone: calls that only ask are made again by `opened`, those that change something fail now. */
  lost(): void;
  failAll(code: ErrorCode, message: string): void;
}

interface Waiting {
  readonly frame: CallFrame;
  /** Ends the wait's time limit. */
  readonly stop: () => void;
}

const lostText = 'the connection to Photoseek was lost before it answered; look whether it was done';
const awayText = 'Photoseek does not answer; is it still running?';

/**
 * @param deliver gets the answers that this side makes itself.
 * @param patienceMs longest wait of a call for a line.
 */
export function createFrameBook(
  deliver: (frame: ReplyFrame) => void,
  clock: { after(delayMs: number, run: () => void): () => void },
  patienceMs: number,
): FrameBook {
  const waiting = new Map<number, Waiting>();
  const sent = new Map<number, CallFrame>();
  let write: ((frame: RequestFrame) => void) | null = null;

  function wait(frame: CallFrame): void {
    const stop = clock.after(patienceMs, () => {
      waiting.delete(frame.id);
      deliver(failure(frame.id, 'host/disconnected', awayText));
    });
    waiting.set(frame.id, { frame, stop });
  }

  function take(id: number): CallFrame | undefined {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.stop();
    return found?.frame;
  }

  function call(frame: CallFrame): void {
    if (write) {
      sent.set(frame.id, frame);
      write(frame);
    } else wait(frame);
  }

  return {
    send(frame) {
      if (frame.kind === 'call') call(frame);
      else if (take(frame.id)) deliver({ kind: 'cancelled', id: frame.id });
      else if (sent.has(frame.id)) write?.(frame);
    },
    heard(frame) {
      if (frame.kind === 'ok' || frame.kind === 'fail' || frame.kind === 'cancelled') sent.delete(frame.id);
    },
    opened(line) {
      write = line;
      for (const id of [...waiting.keys()].sort((a, b) => a - b)) {
        const frame = take(id);
        if (frame) call(frame);
      }
    },
    lost() {
      write = null;
      const owed = [...sent.values()];
      sent.clear();
      for (const frame of owed) {
        if (repeatable.has(frame.method)) wait(frame);
        else deliver(failure(frame.id, 'host/disconnected', lostText));
      }
    },
    failAll(code, message) {
      const owed = [...sent.keys(), ...waiting.keys()];
      for (const id of waiting.keys()) take(id);
      sent.clear();
      for (const id of owed) deliver(failure(id, code, message));
    },
  };
}

export function failure(id: number, code: ErrorCode, message: string): ReplyFrame {
  return { kind: 'fail', id, error: { code, message, retry: code === 'host/disconnected' ? 'later' : 'never' } };
}
