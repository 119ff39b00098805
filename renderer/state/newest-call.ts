// Newest wins: starting a call ends the one before it. Renderer.
import { CallCancelled, CallError } from '../../preload/contract/client.ts';

export interface NewestCall {
  /**
   * Runs `call`, cancelling the one still in hand. Resolves with its answer, or with undefined where a newer one took its place or `stop` ended it;
   * rejects where the newest one failed.
   */
  run<Answer>(call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | undefined>;
  stop(): void;
}

export function createNewestCall(): NewestCall {
  let current: AbortController | undefined;

  async function run<Answer>(call: (signal: AbortSignal) => Promise<Answer>): Promise<Answer | undefined> {
    current?.abort();
    const mine = new AbortController();
    current = mine;
    try {
      const answer = await call(mine.signal);
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      // A cancelled newest call was ended by the other side for a newer one of the same interface: its answer comes with that one.
      if (mine.signal.aborted || error instanceof CallCancelled) return undefined;
      throw error;
    }
  }

  return { run, stop: () => current?.abort() };
}

/** True where the application cannot be reached, which the window says as a whole: what was asked is asked again when the line stands. */
export function isLostLine(error: unknown): boolean {
  return error instanceof CallError && (error.code === 'host/disconnected' || error.code === 'host/denied');
}

/** What a person is told of a failed call. */
export function problemText(error: unknown, fallback: string): string {
  return error instanceof CallError && error.message ? error.message : fallback;
}
