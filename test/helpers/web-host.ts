// A web host over fake handlers and a tiny page, and ways to knock at it that no browser would take. Test processes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { createEventHub, type EventHub } from '../../main/api/event-hub.ts';
import type { Media } from '../../main/api/media.ts';
import type { Clock } from '../../main/platform/clock.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { silentLog } from '../../main/platform/log.ts';
import { startWebHost, type WebHost, type WebHostOptions } from '../../main/web-host/web-host.ts';
import type { BrowserPage, SignedIn } from '../../renderer/client/browser-page.ts';
import { fakeHandlers } from './fake-handlers.ts';

/** Every byte that a stranger must not see carries it. */
export const secretBytes = 'bytes-of-a-photo';
export const contractHash = 'test-contract';

/** Answers every photo with the same bytes. */
export function fakeMedia(): Media {
  const answer = async () => ({
    status: 200,
    headers: { 'content-type': 'image/webp', 'cache-control': 'private, max-age=31536000, immutable' },
    body: Buffer.from(secretBytes),
  });
  return { openMedia: answer, openTimeline: answer };
}

/** As a build leaves it. @returns the folder. */
export function writeTinyPage(folder: string, script = ''): string {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'assets', 'index-B3xK9q2_.js'), script);
  writeFileSync(join(folder, 'assets', 'index-B3xK9q2_.js.map'), '{}');
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Photoseek</title><script type="module" src="./assets/index-B3xK9q2_.js"></script><p id="out">',
  );
  return folder;
}

export interface TestHost extends WebHost {
  readonly origin: string;
  readonly events: EventHub;
  /** Signs in and gives what the page would hold. */
  signIn(): Promise<{ token: string; cookie: string; mediaFolder: string }>;
}

export async function startTestHost(folder: string, replaced: Partial<WebHostOptions> = {}): Promise<TestHost> {
  const clock: Clock = replaced.clock ?? systemClock;
  const events = createEventHub(clock);
  const host = await startWebHost({
    port: 0,
    rendererFolder: writeTinyPage(join(folder, 'page')),
    stateFolder: join(folder, 'web-host'),
    media: fakeMedia(),
    handlers: fakeHandlers(),
    events,
    contractHash,
    log: silentLog(),
    clock,
    checkOutput: true,
    now: () => Date.now(),
    ...replaced,
  });
  const origin = `http://127.0.0.1:${host.port}`;
  return {
    ...host,
    origin,
    events,
    async signIn() {
      const { body, headers } = await post(host.port, codeOf(host.signInUrl()));
      const [cookie = ''] = headers['set-cookie']?.[0]?.split(';') ?? [];
      return { ...(JSON.parse(body) as SignedIn), cookie };
    },
  };
}

export function codeOf(url: string): string {
  return new URL(url).hash.replace('#code=', '');
}

export function post(port: number, code: string, headers: OutgoingHttpHeaders = {}): Promise<Answer> {
  return ask(port, {
    method: 'POST',
    path: '/session',
    headers: { origin: `http://127.0.0.1:${port}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ code }),
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Question {
  readonly method?: string;
  readonly path: string;
  /** As they are: with node:http, unlike `fetch`, `host` too. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** One request on a connection of its own. */
export function ask(port: number, { method = 'GET', path, headers = {}, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      response.on('error', reject);
    });
    sent.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Headers of a socket's request. */
export function socketHeaders(token: string | null, headers: OutgoingHttpHeaders = {}): OutgoingHttpHeaders {
  return {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': token === null ? 'photoseek' : `photoseek, token.${token}`,
    ...headers,
  };
}

export interface TestPage extends BrowserPage {
  token: string | null;
  code: string | null;
  /** Sockets opened so far, the newest last. */
  readonly sockets: WebSocket[];
  readonly reloads: string[];
  /** What happens when the person looks at the page. */
  wake(): void;
}

/** What a page's script sees of its browser, in Node: real requests and sockets. */
export function testPage(origin: string, clock: Pick<Clock, 'after'> = systemClock): TestPage {
  let wake = (): void => undefined;
  return {
    token: null,
    code: null,
    sockets: [],
    reloads: [],
    wake: () => wake(),
    takeCode() {
      const { code } = this;
      this.code = null;
      return code;
    },
    onAddress: () => undefined,
    readToken() {
      return this.token;
    },
    keepToken(token) {
      this.token = token;
    },
    async signIn(secret) {
      const response = await fetch(`${origin}/session`, {
        method: 'POST',
        headers: {
          origin,
          ...('code' in secret ? { 'content-type': 'application/json' } : { authorization: `Bearer ${secret.token}` }),
        },
        ...('code' in secret ? { body: JSON.stringify(secret) } : {}),
      });
      return response.ok ? ((await response.json()) as SignedIn) : null;
    },
    openSocket(token) {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/ws`, ['photoseek', `token.${token}`], { origin });
      // The page hears of it as a close.
      socket.on('error', () => undefined);
      this.sockets.push(socket);
      return socket as unknown as ReturnType<BrowserPage['openSocket']>;
    },
    onWake(listener) {
      wake = listener;
    },
    reloadOnce(build) {
      this.reloads.push(build);
      return this.reloads.length === 1;
    },
    after: (delayMs, run) => clock.after(delayMs, run),
  };
}
