// Strangers at the web host's door, with requests that no browser would let a test make: other hosts and origins, no token, used codes, odd paths.

import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileScopedFolders } from '../helpers/temp-library.ts';
import {
  type Answer,
  ask as askHost,
  codeOf,
  post,
  type Question,
  secretBytes,
  socketHeaders,
  startTestHost,
  type TestHost,
} from '../helpers/web-host.ts';

const folderFor = fileScopedFolders();
let host: TestHost;
let token: string;
let cookie: string;
let mediaFolder: string;

beforeAll(async () => {
  host = await startTestHost(folderFor('host'));
  ({ token, cookie, mediaFolder } = await host.signIn());
});
afterAll(() => host.close());

/** `FOLDER` stands for the folder of pictures, whose name is known when the host runs. */
function ask(port: number, question: Question): Promise<Answer> {
  return askHost(port, { ...question, path: question.path.replace(/^FOLDER/, `/${mediaFolder}`) });
}

const own = () => `127.0.0.1:${host.port}`;
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'];
const paths = [
  '/',
  '/index.html',
  '/assets/index-B3xK9q2_.js',
  '/session',
  '/ws',
  '/nothing-here',
  'FOLDER/media/timeline?v=1',
];
const pictures = ['FOLDER/media/7/thumbnail?v=1', 'FOLDER/media/7/preview?v=1', 'FOLDER/media/7/original?v=1'];
const everywhere = [...paths, ...pictures].flatMap((path) => methods.map((method) => ({ method, path })));

/** A signed-in page's own request. */
function trusted(question: Question): Question {
  const headers = { host: own(), origin: host.origin, authorization: `Bearer ${token}`, cookie };
  return { ...question, headers: { ...headers, ...question.headers } };
}

async function statuses(questions: readonly Question[]): Promise<number[]> {
  const answers: Answer[] = [];
  for (const question of questions) answers.push(await ask(host.port, question));
  expect(answers.filter(({ body }) => body.includes(secretBytes))).toEqual([]);
  return [...new Set(answers.map(({ status }) => status))];
}

describe('a name of another site that points here', () => {
  it('is answered 421 on every route and method, with secrets and all', async () => {
    for (const name of ['photos.example', `photos.example:${host.port}`, 'localhost', `[::1]:${host.port}`])
      expect(await statuses(everywhere.map((one) => trusted({ ...one, headers: { host: name } })))).toEqual([421]);
  });

  it('opens no socket', async () => {
    const headers = { ...socketHeaders(token), host: 'photos.example', origin: 'http://photos.example' };
    expect((await ask(host.port, { path: '/ws', headers })).status).toBe(421);
  });
});

describe('a page of another site or port', () => {
  it('is answered 403 on every route and method, with secrets and all', async () => {
    for (const origin of ['http://photos.example', `http://127.0.0.1:${host.port + 1}`, 'null', `https://${own()}`])
      expect(await statuses(everywhere.map((one) => trusted({ ...one, headers: { origin } })))).toEqual([403]);
  });

  it('is known by what its browser says where it sends no origin, as for an image', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const headers = {
        host: own(),
        cookie,
        'sec-fetch-site': site,
        'sec-fetch-mode': 'no-cors',
        'sec-fetch-dest': 'image',
      };
      const questions = [...paths, ...pictures].map((path) => ({ path, headers }));
      expect(await statuses(questions)).toEqual([403]);
    }
  });

  it('opens no socket', async () => {
    for (const origin of ['http://photos.example', `http://127.0.0.1:${host.port + 1}`, undefined]) {
      const headers = { ...socketHeaders(token), ...(origin ? { origin } : {}) };
      expect((await ask(host.port, { path: '/ws', headers })).status).toBe(403);
    }
  });

  it('is sent no header that would let it read or frame', async () => {
    for (const path of [...paths, ...pictures]) {
      const { headers } = await ask(host.port, { path, headers: { cookie } });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(headers).toMatchObject({
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      });
    }
  });
});

describe('whoever is not signed in', () => {
  it('gets the empty page and 401 for all else', async () => {
    for (const path of [
      ...pictures,
      'FOLDER/media/timeline?v=1',
      'FOLDER/media/',
      '/media/7/thumbnail?v=1',
      '/nothing-here',
      '/ws',
    ]) {
      expect((await ask(host.port, { path })).status).toBe(401);
      const wrong = { authorization: `Bearer ${'x'.repeat(43)}`, cookie: `${cookie.split('=')[0]}=${'x'.repeat(43)}` };
      expect((await ask(host.port, { path, headers: wrong })).status).toBe(401);
    }
    expect((await ask(host.port, { path: '/' })).status).toBe(200);
  });

  it('opens no socket, with none, a wrong or the pictures’ secret', async () => {
    for (const secret of [null, 'x'.repeat(43), cookie.split('=')[1] ?? '']) {
      const headers = { ...socketHeaders(secret), origin: host.origin, cookie };
      expect((await ask(host.port, { path: '/ws', headers })).status).toBe(401);
    }
    const headers = { ...socketHeaders(token), origin: host.origin };
    expect((await ask(host.port, { path: '/ws', headers })).status).toBe(101);
  });

  it('gets no session by the pictures’ cookie, a guess, or an odd body', async () => {
    const odd = ['{}', '', '[]', 'null', '{"code":1}', '{"code":""}', `{"code":"${'x'.repeat(2000)}"}`, '{"code":'];
    for (const body of odd) {
      const headers = { origin: host.origin, 'content-type': 'application/json', cookie };
      expect((await ask(host.port, { method: 'POST', path: '/session', headers, body })).status).toBe(401);
    }
    const plain = { origin: host.origin, 'content-type': 'text/plain' };
    const body = JSON.stringify({ code: codeOf(host.signInUrl()) });
    expect((await ask(host.port, { method: 'POST', path: '/session', headers: plain, body })).status).toBe(401);
  });
});

describe('the pictures’ cookie', () => {
  it('opens nothing without the name of their folder, which it does not tell', async () => {
    const named = await ask(host.port, { path: 'FOLDER/media/7/thumbnail?v=1', headers: { cookie } });
    expect(named).toMatchObject({ status: 200, headers: { 'cache-control': expect.stringContaining('immutable') } });
    expect(cookie).not.toContain(mediaFolder);
    const [, instanceId] = /^photoseek-([0-9a-f]+)=/.exec(cookie) ?? [];
    const guesses = ['/media', `/${instanceId}/media`, `/${'0'.repeat(32)}/media`, `/${mediaFolder.slice(1)}/media`];
    const paths = guesses.flatMap((guess) => [`${guess}/7/thumbnail?v=1`, `${guess}/timeline?v=1`]);
    const asked = paths.map((path) => ({ path, headers: { cookie } }));
    expect(await statuses(asked)).toEqual([404]);
  });
});

describe('a code', () => {
  it('signs in once; used again, it is refused', async () => {
    const code = codeOf(host.signInUrl());
    expect((await post(host.port, code)).status).toBe(200);
    expect((await post(host.port, code)).status).toBe(401);
  });

  it('is used up by one of many that come at once', async () => {
    const code = codeOf(host.signInUrl());
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(host.port, code)));
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
  });

  it('gives a cookie that scripts and other sites cannot use, named after this host alone', async () => {
    const { headers } = await post(host.port, codeOf(host.signInUrl()));
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^photoseek-[0-9a-f]{16}=[\w-]{43}; Path=\/[0-9a-f]{32}; HttpOnly; SameSite=Strict$/),
    ]);
    expect(headers['cache-control']).toBe('no-store');
    const other = await startTestHost(folderFor('other'));
    expect((await other.signIn()).cookie.split('=')[0]).not.toBe(cookie.split('=')[0]);
    await other.close();
  });
});

describe('a path', () => {
  it('leads to nothing but the page’s files, whatever is in it', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '..',
        '.',
        '%2e%2e',
        '%2E.',
        '..%2f',
        '%5c..',
        '\\..',
        'etc',
        'passwd',
        'C:',
        '%00',
        'index.html',
      ),
      fc.constantFrom(
        'assets',
        'media',
        '7',
        'original',
        'session',
        '__proto__',
        'constructor',
        'index-B3xK9q2_.js.map',
      ),
      fc.webSegment(),
    );
    const anyPath = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join('/')}`);
    const page = [...paths.slice(0, 3)];
    await fc.assert(
      fc.asyncProperty(anyPath, async (path) => {
        const { status } = await ask(host.port, { path });
        expect(status).toBe(page.includes(path.split('?')[0] ?? '') ? 200 : path === '/session' ? 405 : 401);
      }),
      { numRuns: 200, examples: [['//etc/passwd'], ['/../../etc/passwd'], ['/assets/../../secret']] },
    );
  });

  it('of another server is none of ours', async () => {
    for (const path of [`http://${own()}/`, 'http://photos.example/', '*'])
      expect((await ask(host.port, trusted({ path }))).status).not.toBe(200);
  });

  it('names photos by numbers only', async () => {
    for (const path of ['0/thumbnail', '-1/original', '7/exe', '1e3/preview', '7'])
      expect((await ask(host.port, trusted({ path: `FOLDER/media/${path}` }))).status).toBe(404);
    const { status, body } = await ask(host.port, trusted({ path: 'FOLDER/media/7/original?v=1' }));
    expect({ status, body }).toEqual({ status: 200, body: secretBytes });
  });
});

describe('the listening socket', () => {
  const others = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address, family, scopeid }) => (family === 'IPv6' && scopeid ? `${address}%${scopeid}` : address))
    .filter((address) => address !== '127.0.0.1');

  it.each([...others, '::1', '127.0.0.2'])('is not on %s', async (address) => {
    const outcome = await new Promise((resolve) => {
      const socket = connect({ host: address, port: host.port, timeout: 2000 });
      socket.once('connect', () => resolve('connected'));
      socket.once('timeout', () => resolve('no answer'));
      socket.once('error', () => resolve('refused'));
      socket.once('close', () => resolve('closed'));
    });
    expect(outcome).not.toBe('connected');
  });
});
