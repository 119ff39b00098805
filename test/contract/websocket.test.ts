// The contract over a real WebSocket of the web host, through the transport that the page uses.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { CallContext } from '../../preload/contract/define.ts';
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { webSocketTransport } from '../../renderer/client/websocket.ts';
import { contractMethods, fakeHandlers } from '../helpers/fake-handlers.ts';
import { manualClock } from '../helpers/manual-clock.ts';
import { codeOf, contractHash, startTestHost, type TestHost, testPage } from '../helpers/web-host.ts';
import { contractSuite } from './contract-suite.ts';

const folder = mkdtempSync(join(tmpdir(), 'photoseek-test-'));
let host: TestHost;
let current: PhotosHandlers;

type AnyMethod = (input: unknown, context: CallContext) => Promise<unknown>;

/** Hands every call to the handlers of the test that runs. */
function delegating(): PhotosHandlers {
  const replaced = contractMethods().map(({ name, domain, method }) => [
    name,
    (input: unknown, context: CallContext) =>
      (current as unknown as Record<string, Record<string, AnyMethod>>)[domain]?.[method]?.(input, context),
  ]);
  return fakeHandlers(Object.fromEntries(replaced));
}

beforeAll(async () => {
  host = await startTestHost(folder, { handlers: delegating() });
});
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

contractSuite({
  mayBeLocal: false,
  async connect(handlers) {
    current = handlers;
    const clock = manualClock();
    const page = testPage(host.origin, clock);
    page.code = codeOf(host.signInUrl());
    const transport = webSocketTransport({ contractHash, page });
    await new Promise<void>((resolve) => transport.onOpen?.(resolve));
    return {
      transport,
      async disconnect() {
        const [socket] = page.sockets;
        if (socket && socket.readyState !== socket.CLOSED) {
          const closed = new Promise((resolve) => socket.once('close', resolve));
          socket.terminate();
          await closed;
        }
        // Nobody answers any more, and the page's patience ends.
        page.signIn = () => Promise.reject(new Error('no host'));
        clock.advance(60_000);
      },
    };
  },
});
