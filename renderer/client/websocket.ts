// Carries frames to the web host over a WebSocket: signs in, finds the line again when it is lost, and lets no call wait for ever. Renderer.
import type { FrameTransport } from '../../preload/contract/client.ts';
import type { ErrorCode } from '../../preload/contract/errors.ts';
import type { ReplyFrame, RequestFrame } from '../../preload/contract/frames.ts';
import { type BrowserPage, browserPage, type SignedIn, type Socket } from './browser-page.ts';
import { createFrameBook, failure } from './frame-book.ts';

/**
 * `connecting`: not yet; `open`: the line stands; `lost`: it is being restored; `signed-out`: a fresh address from Photoseek is needed; `outdated`: the
 * application is of another build than this page, and loading the page anew did not help.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'signed-out' | 'outdated';

export interface WebSocketTransport extends FrameTransport {
  readonly state: ConnectionState;
  /** What goes before the path of every picture; known before the first call is answered. */
  readonly mediaBase: string;
  onState(listener: (state: ConnectionState) => void): void;
}

export interface WebSocketOptions {
  /** Names the contract that this page was built for. */
  readonly contractHash: string;
  readonly page?: BrowserPage;
}

/** Milliseconds before the first, second … next try; the last one holds from then on. */
const retryDelaysMs: readonly number[] = [100, 250, 500, 1000, 2000];
/** A call made while the line is down is given up after this. */
const patienceMs = 30_000;

/** What is answered where no waiting helps. */
const refusals: Readonly<Partial<Record<ConnectionState, readonly [ErrorCode, string]>>> = {
  'signed-out': ['host/denied', 'signed out; open Photoseek again from where it was started'],
  outdated: ['host/denied', 'Photoseek was changed; restart it and load this page again'],
};

/**
 * Starts to connect at once; calls may be made before the line stands. A call whose line is lost is made again where it only asks, and fails with
 * `host/disconnected` where it changes something: therefore there is no `onClose`, every call is answered one by one.
 */
export function webSocketTransport({ contractHash, page = browserPage() }: WebSocketOptions): WebSocketTransport {
  const frameListeners: ((frame: ReplyFrame) => void)[] = [];
  const openListeners: (() => void)[] = [];
  const stateListeners: ((state: ConnectionState) => void)[] = [];
  let state: ConnectionState = 'connecting';
  let mediaBase = '';

  function deliver(frame: ReplyFrame): void {
    for (const listener of frameListeners) listener(frame);
  }
  const book = createFrameBook(deliver, page, patienceMs);

  function become(next: ConnectionState): void {
    if (next === state) return;
    state = next;
    const refusal = refusals[state];
    if (refusal) book.failAll(...refusal);
    for (const listener of stateListeners) listener(state);
  }

  keepConnected(page, contractHash, {
    signedIn({ mediaFolder }) {
      mediaBase = `${mediaFolder}/`;
    },
    opened(socket) {
      become('open');
      for (const listener of openListeners) listener();
      book.opened((frame) => socket.send(written(frame)));
    },
    heard(frame) {
      book.heard(frame);
      deliver(frame);
    },
    lost() {
      book.lost();
      become('lost');
    },
    refused: become,
  });

  return {
    get state() {
      return state;
    },
    get mediaBase() {
      return mediaBase;
    },
    send(frame) {
      const refusal = refusals[state];
      if (!refusal) book.send(frame);
      else if (frame.kind === 'call') queueMicrotask(() => deliver(failure(frame.id, ...refusal)));
    },
    onFrame: (listener) => void frameListeners.push(listener),
    onOpen(listener) {
      openListeners.push(listener);
      if (state === 'open') listener();
    },
    onState: (listener) => void stateListeners.push(listener),
  };
}

/** JSON has no `undefined`: a call without an input would come in as no call at all. */
function written(frame: RequestFrame): string {
  return JSON.stringify(frame.kind === 'call' ? { ...frame, input: frame.input ?? null } : frame);
}

interface Line {
  signedIn(secrets: SignedIn): void;
  opened(socket: Socket): void;
  heard(frame: ReplyFrame): void;
  /** Also called where the first try failed. */
  lost(): void;
  refused(state: 'signed-out' | 'outdated'): void;
}

/** Signs in and opens a socket, again and again while there is none: after a pause that grows, at once when the person looks at the page. */
function keepConnected(page: BrowserPage, contractHash: string, line: Line): void {
  let tries = 0;
  let busy = false;
  let cancelRetry = (): void => undefined;

  async function connect(): Promise<void> {
    if (busy) return;
    busy = true;
    cancelRetry();
    try {
      const secrets = await signedIn(page);
      page.keepToken(secrets?.token ?? null);
      if (secrets === null) {
        busy = false;
        line.refused('signed-out');
      } else {
        line.signedIn(secrets);
        listen(page.openSocket(secrets.token));
      }
    } catch {
      lost();
    }
  }

  function lost(): void {
    busy = false;
    line.lost();
    const delayMs = retryDelaysMs[Math.min(tries++, retryDelaysMs.length - 1)] ?? 0;
    cancelRetry = page.after(delayMs, () => void connect());
  }

  /** `busy` stays true while the socket lives: nothing else is to be opened beside it. */
  function listen(socket: Socket): void {
    let outdated = false;
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as ReplyFrame;
      if (frame.kind !== 'hello') return line.heard(frame);
      tries = 0;
      if (frame.contractHash === contractHash) return line.opened(socket);
      outdated = true;
      socket.close();
    };
    socket.onclose = () => {
      if (!outdated) return lost();
      busy = false;
      if (!page.reloadOnce(contractHash)) line.refused('outdated');
    };
  }

  page.onWake(() => {
    if (!busy) void connect();
  });
  page.onAddress(() => {
    if (busy) void useUp(page);
    else void connect();
  });
  void connect();
}

/** A code that came while another sign-in holds is spent, so that nobody finds it in the history. */
async function useUp(page: BrowserPage): Promise<void> {
  const code = page.takeCode();
  const secrets = code === null ? null : await page.signIn({ code }).catch(() => null);
  if (secrets !== null) page.keepToken(secrets.token);
}

/** By the address's code, else by the token of before. */
async function signedIn(page: BrowserPage): Promise<SignedIn | null> {
  const code = page.takeCode();
  const byCode = code === null ? null : await page.signIn({ code });
  if (byCode !== null) return byCode;
  const token = page.readToken();
  return token === null ? null : page.signIn({ token });
}
