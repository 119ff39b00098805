// What the window's own scheme answers: the page from its map, photos by id, and nothing else whatever the address (reliability row 20).
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEventHub } from '../../main/api/event-hub.ts';
import type { Media } from '../../main/api/media.ts';
import { schemeHandler } from '../../main/electron/app-scheme.ts';
import { appTarget } from '../../main/platform/app-address.ts';
import { assetMapOf, assetTable } from '../../main/platform/asset-map.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { silentLog } from '../../main/platform/log.ts';
import { windowHeaders, windowPolicy } from '../../main/platform/window-headers.ts';
import { commonHeaders } from '../../main/web-host/security-headers.ts';
import { fakeApplication } from '../helpers/desktop.ts';

const folder = mkdtempSync(join(tmpdir(), 'photoseek-page-'));
const outside = join(folder, '..', 'secret.txt');
const built = {
  'index.html': '<!doctype html>',
  'assets/index-B3xK9q2_.js': 'export {}',
  'assets/index-a1b2c3d4.css': 'body {}',
  'assets/Ünïcode name.svg': '<svg/>',
};
for (const [name, text] of Object.entries(built)) {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, name), text);
}
writeFileSync(join(folder, 'notes.txt'), 'not of the page');
writeFileSync(outside, 'secret');

const assets = assetMapOf([...Object.keys(built), 'notes.txt', 'assets/index-B3xK9q2_.js.map']);
let asked: unknown[];
let answer: ReturnType<typeof schemeHandler>;
function handler(media?: Media): ReturnType<typeof schemeHandler> {
  const application = fakeApplication(createEventHub(systemClock), {}, asked);
  return schemeHandler({ rendererFolder: folder, assets, media: media ?? application.media, log: silentLog() });
}
beforeEach(() => {
  asked = [];
  answer = handler();
});
const get = (url: string, init: RequestInit = {}) => answer(new Request(url, init));

describe('the page', () => {
  it('every file of the map is served with its type and the policy', async () => {
    for (const [url, { file, type }] of Object.entries(assets)) {
      const response = await get(`app://photoseek${url}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, type]);
      expect(response.headers.get('content-security-policy')).toBe(windowPolicy);
      expect(await response.text()).toBe(readFileSync(join(folder, file), 'utf8'));
    }
    expect(Object.keys(assets)).toHaveLength(4);
  });

  it('the address without a path is the page', async () => {
    expect(await (await get('app://photoseek/')).text()).toBe('<!doctype html>');
    expect(await (await get('app://photoseek/?x=1#y')).text()).toBe('<!doctype html>');
  });

  it.each([
    '/notes.txt',
    '/assets/index-B3xK9q2_.js.map',
    '/assets',
    '/constructor',
    '/__proto__',
    '/toString',
    '/media/',
    '/media/x',
  ])('%s is not there', async (path) => expect((await get(`app://photoseek${path}`)).status).toBe(404));

  it('is only read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await get('app://photoseek/', { method })).status).toBe(405);
  });

  it('a file of the map that is gone is an error, not a crash', async () => {
    answer = schemeHandler({
      rendererFolder: join(folder, 'nowhere'),
      assets,
      media: fakeApplication(createEventHub(systemClock)).media,
      log: silentLog(),
    });
    expect((await get('app://photoseek/')).status).toBe(500);
  });
});

describe('the policy', () => {
  it('is that of the web host, word for word', () => {
    expect(Object.keys(windowHeaders)).toContain('content-security-policy');
    for (const [name, value] of Object.entries(windowHeaders))
      expect([name, value]).toEqual([name, commonHeaders[name]]);
  });

  it('forbids all that is not named, and inline code above all', () => {
    expect(windowPolicy).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(windowPolicy).not.toMatch(/unsafe|\*|https?:|data:/);
  });
});

describe('photos', () => {
  it('are asked for by id, with range and etag', async () => {
    const response = await get('app://photoseek/media/7/original?v=3', {
      headers: { range: 'bytes=0-9', 'if-none-match': '"x"' },
    });
    expect(asked).toEqual([{ photoId: 7, variant: 'original', range: 'bytes=0-9', ifNoneMatch: '"x"' }]);
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  });

  it('so is the timeline', async () => {
    const response = await get('app://photoseek/media/timeline?v=9');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([4]));
    expect(asked).toEqual([{ ifNoneMatch: undefined }]);
  });

  it.each([
    '/media/0/thumbnail',
    '/media/07/thumbnail',
    '/media/-1/thumbnail',
    '/media/1/raw',
    '/media/1',
    '/media/1/thumbnail/',
    '/media/1e3/thumbnail',
    '/media/9999999999999999/thumbnail',
    '/media/%31/thumbnail',
  ])('%s names none', async (path) => {
    expect((await get(`app://photoseek${path}`)).status).toBe(404);
    expect(asked).toEqual([]);
  });

  const streamed = (body: Readable, status = 206): Media => ({
    openMedia: async () => ({ status, headers: { 'content-range': 'bytes 0-5/6' }, body }),
    openTimeline: () => Promise.reject(new Error('broken')),
  });

  it('a stream is passed on', async () => {
    answer = handler(streamed(Readable.from([Buffer.from('abc'), Buffer.from('def')])));
    const response = await get('app://photoseek/media/1/original');
    expect([response.status, await response.text()]).toEqual([206, 'abcdef']);
  });

  it('a stream that nobody reads on is destroyed', async () => {
    const body = new Readable({ read: () => undefined });
    answer = handler(streamed(body));
    const response = await get('app://photoseek/media/1/original');
    await response.body?.cancel();
    await expect.poll(() => body.destroyed).toBe(true);
  });

  it('HEAD and 304 have no body', async () => {
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 304],
    ] as const) {
      const body = Readable.from(['abc']);
      answer = handler(streamed(body, status));
      const response = await get('app://photoseek/media/1/original', { method });
      expect([response.status, response.body]).toEqual([status, null]);
      expect(body.destroyed).toBe(true);
    }
  });

  it('a failure is answered', async () => {
    answer = handler(streamed(Readable.from([])));
    expect((await get('app://photoseek/media/timeline')).status).toBe(500);
  });
});

/** Pieces from which ways out of a folder are made, on every system. */
const piece = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '%2E.',
    '..%2f',
    '%2f',
    '%5c',
    '\\',
    '..\\',
    '\0',
    '%00',
    'C:',
    '//server/share',
    '\\\\?\\',
    'file:',
    '~',
  ),
  fc.constantFrom(
    'media',
    '1',
    'thumbnail',
    'original',
    'timeline',
    'assets',
    'index.html',
    'secret.txt',
    'notes.txt',
    'etc',
    'passwd',
  ),
  fc.string({ maxLength: 8 }),
);
const address = fc
  .tuple(
    fc.constantFrom(
      'app://photoseek/',
      'app://photoseek',
      'app:/',
      'app:',
      'app://photoseek@evil/',
      'app://evil/',
      'app://PHOTOSEEK/',
      'app://photoseek:1/',
      'file://photoseek/',
      'https://photoseek/',
      '',
    ),
    fc.array(piece, { maxLength: 8 }),
    fc.constantFrom('/', '', '%2f', '\\'),
  )
  .map(([start, pieces, between]) => start + pieces.join(between));

describe('no path escapes (row 20)', () => {
  it('100,000 addresses: each names a file of the map, a photo by id, or nothing', () => {
    const table = assetTable(assets);
    const files = new Set(Object.keys(built));
    let served = 0;
    fc.assert(
      fc.property(address, (url) => {
        const target = appTarget(url);
        if (target.kind === 'asset') {
          const found = table.get(target.key);
          if (found) served += 1;
          return found === undefined || files.has(found.file);
        }
        if (target.kind === 'photo') return Number.isSafeInteger(target.photoId) && target.photoId > 0;
        return target.kind === 'timeline' || target.kind === 'none';
      }),
      { numRuns: 100_000 },
    );
    expect(served).toBeGreaterThan(100);
  }, 60_000);

  it('through the handler too: no answer holds what is outside', async () => {
    await fc.assert(
      fc.asyncProperty(address, async (url) => {
        // Only addresses of the scheme reach the handler; ones with credentials no request can have.
        const { protocol, username } = URL.parse(url) ?? {};
        if (protocol !== 'app:' || username !== '') return;
        const response = await get(url);
        expect(await response.text()).not.toMatch(/secret|not of the page|root:/);
      }),
      { numRuns: 2000 },
    );
  });
});
