// The one channel between the window's page and the application: checks who speaks, how much and in what form, then serves the contract. Desktop main process.
import {
  type BridgeMessage,
  bridgeName,
  type DesktopCommand,
  type PlaceView,
  type WindowMessage,
} from '../../preload/contract/desktop.ts';
import { contract } from '../../preload/contract/index.ts';
import { createRouter, type Router } from '../api/router.ts';
import { BridgeMessageForm } from '../platform/bridge-message.ts';
import type { Clock } from '../platform/clock.ts';
import { mayTalk } from '../platform/frame-authority.ts';
import { createRateLimit, isBoundedMessage } from '../platform/message-limits.ts';
import type { DesktopApplication } from './desktop-application.ts';
import type { ElectronApi, ElectronContents } from './electron-api.ts';

export interface FrameChannelParts {
  readonly application: DesktopApplication;
  readonly contractHash: string;
  /** Checks what handlers answer: in tests and development. */
  readonly checkOutput: boolean;
  readonly clock: Clock;
  /** Names a folder that was dropped on the page; null for anything else. */
  placeOf(path: string): Promise<PlaceView | null>;
  /** Goes on with a drag of photos as one of files. */
  dragOut(contents: ElectronContents, photoIds: readonly number[]): Promise<void>;
}

export interface FrameChannel {
  /** Serves this window's page from now on; the one before is let go. */
  attach(contents: ElectronContents): void;
  /** The page is gone, is loaded anew or its process died: what it left running is cancelled. */
  detach(): void;
  /** Reaches the page at once, or when it has opened its line. */
  command(command: DesktopCommand): void;
}

/** A page that scrolls through a library as fast as it can, with room to spare. */
const messagesPerSecond = { perSecond: 500, burst: 2000 } as const;
/** Events on their way to a page that has not taken them in; more are held back, the newest of each topic. */
const enoughUnderWay = 8;
/** Commands kept for a page that is still loading. */
const mostWaiting = 4;

/** Serves one window at a time. */
export function openFrameChannel({ ipcMain }: Pick<ElectronApi, 'ipcMain'>, parts: FrameChannelParts): FrameChannel {
  const { log } = parts.application;
  const rate = createRateLimit(parts.clock, messagesPerSecond);
  let contents: ElectronContents | null = null;
  let line: Line | null = null;
  let waiting: DesktopCommand[] = [];

  function send(message: WindowMessage): void {
    if (contents && !contents.isDestroyed()) contents.send(bridgeName, message);
  }

  function open(): void {
    line?.router.disconnect();
    line = openLine(parts, send);
    for (const command of waiting) send({ kind: 'command', command });
    waiting = [];
  }

  async function drop(id: number, path: string): Promise<void> {
    const place = await parts.placeOf(path).catch((error) => {
      log.warn({ err: error }, 'a dropped item could not be looked at');
      return null;
    });
    send({ kind: 'place', id, place });
  }

  function receive(from: ElectronContents, message: BridgeMessage): void {
    if (message.kind === 'open') open();
    else if (message.kind === 'frame') line?.router.receive(message.frame);
    else if (message.kind === 'drop') void drop(message.id, message.path);
    else if (message.kind === 'drag')
      parts.dragOut(from, message.photoIds).catch((error) => log.warn({ err: error }, 'photos could not be dragged'));
    else line?.taken();
  }

  ipcMain.on(bridgeName, (event, message: unknown) => {
    if (
      !contents ||
      contents.isDestroyed() ||
      event.sender !== contents ||
      !mayTalk(event.senderFrame, contents.mainFrame)
    )
      return log.warn('a message of a frame that is not our page was dropped');
    if (!rate.take() || !isBoundedMessage(message)) return refuse(message, send);
    const checked = BridgeMessageForm.safeParse(message);
    if (checked.success) receive(contents, checked.data);
    else log.warn('a message of no known form was dropped');
  });

  return {
    attach(page) {
      contents = page;
    },
    detach() {
      line?.router.disconnect();
      line = null;
    },
    command(command) {
      if (line) send({ kind: 'command', command });
      else waiting = [...waiting.slice(1 - mostWaiting), command];
    },
  };
}

interface Line {
  readonly router: Router;
  /** The page took an event in. */
  taken(): void;
}

function openLine(parts: FrameChannelParts, send: (message: WindowMessage) => void): Line {
  const { application, contractHash, checkOutput } = parts;
  let underWay = 0;
  const router = createRouter(
    contract,
    application.handlers,
    (frame) => {
      if (frame.kind === 'event') underWay += 1;
      send({ kind: 'frame', frame });
    },
    {
      log: application.log,
      local: false,
      checkOutput,
      stays: { contractHash, events: application.events, canTake: () => underWay < enoughUnderWay },
    },
  );
  return {
    router,
    taken() {
      underWay = Math.max(0, underWay - 1);
      router.drained();
    },
  };
}

/** Every call settles, also one that is too large or one too many. */
function refuse(message: unknown, send: (message: WindowMessage) => void): void {
  const frame = (message as { frame?: { kind?: unknown; id?: unknown } } | null)?.frame;
  if (frame?.kind !== 'call' || !Number.isSafeInteger(frame.id)) return;
  const error = { code: 'input/invalid', message: 'too large or too many at once; try again', retry: 'never' } as const;
  send({ kind: 'frame', frame: { kind: 'fail', id: frame.id as number, error } });
}
