// Carries frames over the desktop window's preload bridge, where the page runs in one. Renderer.
import type { FrameTransport } from '../../preload/contract/client.ts';
import { bridgeName, type DesktopBridge } from '../../preload/contract/desktop.ts';
import type { ReplyFrame } from '../../preload/contract/frames.ts';
import { failure } from './frame-book.ts';

/** Null in a browser. */
export function desktopBridge(page: object = globalThis): DesktopBridge | null {
  return (page as { readonly [bridgeName]?: DesktopBridge })[bridgeName] ?? null;
}

/**
 * The line stands as long as the page: there is no `onOpen` and no `onClose`. A page of another build than the application (a build that was cut short)
 * has every call refused.
 *
 * @param contractHash names the contract that this page was built for.
 */
export function bridgeTransport(bridge: DesktopBridge, contractHash: string): FrameTransport {
  const listeners: ((frame: ReplyFrame) => void)[] = [];
  let isOutdated = false;

  function deliver(frame: ReplyFrame): void {
    for (const listener of listeners) listener(frame);
  }

  bridge.onFrame((frame) => {
    if (frame.kind === 'hello') isOutdated = frame.contractHash !== contractHash;
    else if (!isOutdated || frame.kind !== 'event') deliver(frame);
  });
  return {
    send(frame) {
      if (!isOutdated) bridge.send(frame);
      else if (frame.kind === 'call')
        queueMicrotask(() =>
          deliver(failure(frame.id, 'host/denied', 'Photoseek was changed; build and start it again')),
        );
    },
    onFrame: (listener) => void listeners.push(listener),
  };
}
