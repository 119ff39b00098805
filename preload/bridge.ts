// The preload script of the desktop window: passes messages between the page and the application on one channel, and nothing else. Renderer process, sandboxed.
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import {
  type BridgeMessage,
  bridgeName,
  type DesktopBridge,
  type DesktopCommand,
  type PlaceView,
  type WindowMessage,
} from './contract/desktop.ts';
import type { ReplyFrame } from './contract/frames.ts';

const places = new Map<number, (place: PlaceView | null) => void>();
let nextDrop = 1;
let frameListener: ((frame: ReplyFrame) => void) | undefined;
let commandListener: ((command: DesktopCommand) => void) | undefined;
let early: DesktopCommand[] = [];

function post(message: BridgeMessage): void {
  ipcRenderer.send(bridgeName, message);
}

ipcRenderer.on(bridgeName, (_event, message: WindowMessage) => {
  if (message.kind === 'frame') {
    frameListener?.(message.frame);
    if (message.frame.kind === 'event') post({ kind: 'ack' });
  } else if (message.kind === 'place') {
    places.get(message.id)?.(message.place);
    places.delete(message.id);
  } else if (commandListener) commandListener(message.command);
  else early.push(message.command);
});

const bridge: DesktopBridge = {
  send: (frame) => post({ kind: 'frame', frame }),
  onFrame(listener) {
    frameListener = listener;
    post({ kind: 'open' });
  },
  onCommand(listener) {
    commandListener = listener;
    for (const command of early) listener(command);
    early = [];
  },
  placeOf(file) {
    // The one path that leaves the page's side, and only that of a file which a person dropped: a page cannot make such a file up.
    const path = webUtils.getPathForFile(file);
    if (path === '') return Promise.resolve(null);
    const id = nextDrop++;
    post({ kind: 'drop', id, path });
    return new Promise((resolve) => places.set(id, resolve));
  },
  dragOut: (photoIds) => post({ kind: 'drag', photoIds: [...photoIds] }),
};

contextBridge.exposeInMainWorld(bridgeName, bridge);
