// Speaks the contract over WebSockets: one router for each page, never more in memory than a page can take. Web host.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { RequestFrame } from '../../preload/contract/frames.ts';
import { contract, type PhotosHandlers } from '../../preload/contract/index.ts';
import type { EventHub } from '../api/event-hub.ts';
import { createRouter } from '../api/router.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/log.ts';
import { socketProtocol } from './session-route.ts';

export interface SocketPeersOptions {
  readonly handlers: PhotosHandlers;
  readonly events: EventHub;
  readonly contractHash: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Checks handlers' outputs too: in tests. */
  readonly checkOutput: boolean;
}

export interface SocketPeers {
  /** Takes over a connection whose gate and token were checked. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  close(): void;
}

/** The longest request, an edit of 10,000 photos, is a tenth of it. */
const longestFrame = 1 << 20;
/** Above this many bytes on their way, states of topics wait. */
const enoughUnderWay = 1 << 20;
/** A page that lets this much lie does not read any more. */
const mostUnderWay = 64 << 20;
/** Calls of one page that run at once before its next frames are left unread. */
const mostInHand = 256;
/** A page whose computer slept or vanished is let go after two of these without a sign of life. */
const heartbeatMs = 30_000;

/** WebSocket close codes (RFC 6455, 7.4.1). */
const goingAway = 1001;
const wrongKind = 1003;
const notAFrame = 1008;

export function createSocketPeers(options: SocketPeersOptions): SocketPeers {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: longestFrame,
    perMessageDeflate: false,
    handleProtocols: () => socketProtocol,
  });
  const alive = new WeakSet<WebSocket>();
  let cancelBeat = options.clock.after(heartbeatMs, beat);

  function beat(): void {
    for (const socket of server.clients) {
      if (!alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
    cancelBeat = options.clock.after(heartbeatMs, beat);
  }

  return {
    upgrade(request, socket, head) {
      server.handleUpgrade(request, socket, head, (peer) => {
        alive.add(peer);
        peer.on('pong', () => alive.add(peer));
        serve(peer, options);
      });
    },
    count: () => server.clients.size,
    close() {
      cancelBeat();
      for (const socket of server.clients) {
        socket.close(goingAway);
        socket.terminate();
      }
      server.close();
    },
  };
}

function serve(socket: WebSocket, options: SocketPeersOptions): void {
  const { handlers, events, contractHash, log, checkOutput } = options;
  let inHand = 0;

  function replied(): void {
    inHand--;
    if (inHand < mostInHand / 2) socket.resume();
  }

  const router = createRouter(
    contract,
    handlers,
    (frame) => {
      // Written out first: a reply that cannot be is a failure of its call, not of the connection.
      const text = JSON.stringify(frame);
      if (frame.kind === 'ok' || frame.kind === 'fail' || frame.kind === 'cancelled') replied();
      socket.send(text, () => {
        if (socket.bufferedAmount < enoughUnderWay) router.drained();
      });
      if (socket.bufferedAmount > mostUnderWay) socket.terminate();
    },
    {
      log,
      local: false,
      checkOutput,
      stays: { contractHash, events, canTake: () => socket.bufferedAmount < enoughUnderWay },
    },
  );
  socket.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) return socket.close(wrongKind, 'text only');
    const frame = RequestFrame.safeParse(parsed(data.toString()));
    // Dropping it would leave a call without an answer.
    if (!frame.success) return socket.close(notAFrame, 'not a frame');
    if (frame.data.kind === 'call' && ++inHand >= mostInHand) socket.pause();
    router.receive(frame.data);
  });
  socket.on('error', (error) => log.debug({ err: error }, 'a page broke the protocol'));
  socket.on('close', () => router.disconnect());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
