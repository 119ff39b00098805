// Finds the line to the application: the window's bridge where there is one, else the web host this page came from. Renderer.
import { type Connection, createConnection, type FrameTransport } from '../../preload/contract/client.ts';
import { contract } from '../../preload/contract/index.ts';
import { webSocketTransport } from './websocket.ts';

export interface HostLine {
  readonly connection: Connection<typeof contract>;
  readonly transport: FrameTransport;
}

export function connect(): HostLine {
  const transport = webSocketTransport({ contractHash: __CONTRACT_HASH__ });
  return { connection: createConnection(contract, transport), transport };
}
