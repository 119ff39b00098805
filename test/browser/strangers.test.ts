// Pages of other sites and ports, in the very browser that is signed in: what they can read of the web host, and do through it.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { contractMethods, fakeHandlers } from '../helpers/fake-handlers.ts';
import { hasChromium, launchChromium } from '../helpers/screens.ts';
import { fileScopedFolders } from '../helpers/temp-library.ts';
import { secretBytes, startTestHost, type TestHost } from '../helpers/web-host.ts';

const folderFor = fileScopedFolders();

describe.skipIf(!hasChromium)('another page in the same browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let host: TestHost;
  let elsewhere: Server;
  let attacker: Page;
  let picture: string;
  const handled: string[] = [];
  const asked: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium('--host-resolver-rules=MAP photos.example 127.0.0.1');
    const handlers = contractMethods().map(({ name }) => [name, async () => void handled.push(name)]);
    const media = async (request: object) => {
      asked.push(JSON.stringify(request));
      return { status: 200, headers: { 'content-type': 'image/svg+xml' }, body: Buffer.from(svg) };
    };
    host = await startTestHost(folderFor(), {
      handlers: fakeHandlers(Object.fromEntries(handlers)),
      media: { openMedia: media, openTimeline: media },
      checkOutput: false,
    });
    elsewhere = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>elsewhere</title><body></body>');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    context = await browser.newContext();
    // The person is signed in: the browser holds the cookie.
    const { cookie, mediaFolder } = await host.signIn();
    picture = `/${mediaFolder}/media/7/original?v=1`;
    const [name = '', value = ''] = cookie.split('=');
    await context.addCookies([
      { name, value, domain: '127.0.0.1', path: `/${mediaFolder}`, httpOnly: true, sameSite: 'Strict' },
    ]);
    const own = await context.newPage();
    const response = await own.goto(`${host.origin}${picture}`);
    expect(response?.status()).toBe(200);
    await own.close();
  });
  afterAll(async () => {
    await browser?.close();
    await host?.close();
    elsewhere?.close();
  });
  beforeEach(() => {
    handled.length = 0;
    asked.length = 0;
  });

  describe.each([
    ['another port', () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`],
    ['another site', () => `http://photos.example:${(elsewhere.address() as AddressInfo).port}/`],
  ])('of %s', (_where, address) => {
    beforeEach(async () => {
      attacker = await context.newPage();
      await attacker.goto(address());
    });

    it('reads no picture, by image, script, style, fetch or frame', async () => {
      const seen = await attacker.evaluate(readAll, `${host.origin}${picture}`);
      expect(seen).toEqual({
        image: 'error',
        script: 'error',
        style: 'error',
        cors: 'error',
        noCors: 'error',
        frame: '',
      });
      expect(asked).toEqual([]);
    });

    it('reads not even the empty page', async () => {
      const seen = await attacker.evaluate(readAll, `${host.origin}/`);
      expect(seen).toMatchObject({ script: 'error', cors: 'error', noCors: 'error', frame: '' });
    });

    it('opens no socket', async () => {
      const { token } = await host.signIn();
      const url = `${host.origin.replace('http', 'ws')}/ws`;
      expect(await attacker.evaluate(openSocket, { url, token })).toBe('refused');
    });

    it('does nothing by form or beacon, and gets no session', async () => {
      for (const path of ['/session', '/ws', picture, '/']) {
        const popup = context.waitForEvent('page');
        await attacker.evaluate(submit, `${host.origin}${path}`);
        const opened = await popup;
        await opened.waitForLoadState();
        expect(await opened.evaluate(() => document.body.textContent)).toMatch(/answers its own page only/);
        await opened.close();
        await attacker.evaluate((url) => navigator.sendBeacon(url, '{}'), `${host.origin}${path}`);
      }
      expect(handled).toEqual([]);
      expect(asked).toEqual([]);
    });

    it('holds no string to a page it opens', async () => {
      const popup = context.waitForEvent('page');
      await attacker.evaluate((url) => {
        (window as unknown as { opened: unknown }).opened = window.open(url);
      }, `${host.origin}/`);
      const opened = await popup;
      await opened.waitForLoadState();
      expect(await opened.evaluate(() => window.opener)).toBeNull();
      expect(await attacker.evaluate(() => (window as unknown as { opened: Window }).opened.closed)).toBe(true);
      await opened.close();
    });
  });

  it('by a name of its own that points here is answered 421, and has nothing', async () => {
    const page = await context.newPage();
    for (const path of ['/', picture, '/session', '/media/timeline?v=1']) {
      const response = await page.goto(`http://photos.example:${host.port}${path}`);
      expect(response?.status()).toBe(421);
      expect(await response?.text()).not.toContain(secretBytes);
    }
    const url = `ws://photos.example:${host.port}/ws`;
    const { token } = await host.signIn();
    expect(await page.evaluate(openSocket, { url, token })).toBe('refused');
    expect(asked).toEqual([]);
  });
});

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><title>${secretBytes}</title></svg>`;

/** In the page: every way in which one page can take in what another address answers. */
async function readAll(url: string): Promise<Record<string, string>> {
  const loaded = (element: HTMLElement): Promise<string> =>
    new Promise((resolve) => {
      element.onload = () => resolve('loaded');
      element.onerror = () => resolve('error');
      document.body.append(element);
    });
  const fetched = (init: RequestInit): Promise<string> =>
    fetch(url, { credentials: 'include', ...init }).then(
      async (response) => `${response.type} ${await response.text()}`,
      () => 'error',
    );
  const frame = Object.assign(document.createElement('iframe'), { src: url });
  await loaded(frame);
  let text = '';
  try {
    text = frame.contentDocument?.body.textContent ?? '';
  } catch {
    // Of another origin: nothing is to be read.
  }
  return {
    image: await loaded(Object.assign(new Image(), { src: url })),
    script: await loaded(Object.assign(document.createElement('script'), { src: url })),
    style: await loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url })),
    cors: await fetched({}),
    noCors: await fetched({ mode: 'no-cors' }),
    frame: text,
  };
}

function openSocket({ url, token }: { url: string; token: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, ['photoseek', `token.${token}`]);
    socket.onopen = () => resolve('open');
    socket.onerror = () => resolve('refused');
  });
}

function submit(url: string): void {
  const form = Object.assign(document.createElement('form'), {
    action: url,
    method: 'post',
    enctype: 'text/plain',
    target: '_blank',
  });
  form.append(Object.assign(document.createElement('input'), { name: '{"code":"', value: '"}' }));
  document.body.append(form);
  form.submit();
}
