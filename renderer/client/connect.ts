// Finds the line to the application: the window's bridge where there is one, else the web host this page came from. Renderer.
import { type Connection, createConnection, type FrameTransport } from '../../preload/contract/client.ts';
import type { DesktopBridge } from '../../preload/contract/desktop.ts';
import { contract } from '../../preload/contract/index.ts';
import { bridgeTransport, desktopBridge } from './electron-bridge.ts';
import { type MediaAddresses, mediaAddresses } from './media-addresses.ts';
import { type ConnectionState, webSocketTransport } from './websocket.ts';

export interface HostLine {
  readonly connection: Connection<typeof contract>;
  readonly transport: FrameTransport;
  readonly media: MediaAddresses;
  /** Hears how the line stands; left out by a line that always stands. */
  onState?(listener: (state: ConnectionState) => void): void;
  /** What a desktop window can do beside; null in a browser. */
  readonly desktop: DesktopBridge | null;
}

export function connect(): HostLine {
  const desktop = desktopBridge();
  if (desktop) {
    const transport = bridgeTransport(desktop, __CONTRACT_HASH__);
    return { connection: createConnection(contract, transport), transport, media: mediaAddresses(() => ''), desktop };
  }
  const transport = webSocketTransport({ contractHash: __CONTRACT_HASH__ });
  return {
    connection: createConnection(contract, transport),
    transport,
    media: mediaAddresses(() => transport.mediaBase),
    onState: transport.onState,
    desktop,
  };
}
