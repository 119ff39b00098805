// The gate as a table of requests, and against every header a stranger could send.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Knock, ownNames, refusalOf } from '../../../../main/web-host/gate.ts';

const own = ownNames(4000);

function knock(headers: Record<string, string | string[]>, more: Partial<Knock> = {}): Knock {
  const distinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
  const folded = Object.fromEntries(Object.entries(distinct).map(([name, values]) => [name, values.join(', ')]));
  return { method: 'GET', isPage: false, isSocket: false, headers: folded, headersDistinct: distinct, ...more };
}
const status = (headers: Record<string, string | string[]>, more: Partial<Knock> = {}) =>
  refusalOf(knock(headers, more), own)?.status ?? 200;

const host = '127.0.0.1:4000';
const origin = `http://${host}`;

describe('the gate', () => {
  it.each([
    [200, host],
    [200, 'localhost:4000'],
    [421, 'localhost'],
    [421, '127.0.0.1'],
    [421, '127.0.0.1:4001'],
    [421, 'photos.example:4000'],
    [421, '127.0.0.1.example:4000'],
    [421, 'localhost.:4000'],
    [421, '[::1]:4000'],
    [421, '0.0.0.0:4000'],
    [421, '127.1:4000'],
    [421, ''],
    [421, [host, host]],
  ])('answers %i to the host %j', (expected, name) => {
    expect(status({ host: name })).toBe(expected);
  });

  it('needs a host', () => expect(status({})).toBe(421));

  it('leaves the default port out, as browsers do', () => {
    expect(refusalOf(knock({ host: 'localhost', origin: 'http://localhost' }), ownNames(80))).toBeNull();
  });

  it.each([
    [200, origin],
    [403, 'http://localhost:4000'],
    [403, 'http://127.0.0.1:4001'],
    [403, 'https://127.0.0.1:4000'],
    [403, 'http://photos.example'],
    [403, 'null'],
    [403, ''],
    [403, [origin, origin]],
  ])('answers %i to the origin %j', (expected, from) => {
    expect(status({ host, origin: from })).toBe(expected);
    expect(status({ host, origin: from }, { method: 'POST' })).toBe(expected);
  });

  it('wants an origin for whatever may change something, and for a socket', () => {
    const changing = ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'];
    expect(changing.map((method) => status({ host }, { method }))).toEqual(changing.map(() => 403));
    expect(status({ host }, { isSocket: true })).toBe(403);
  });

  it.each([
    [200, 'same-origin'],
    [200, 'none'],
    [403, 'same-site'],
    [403, 'cross-site'],
    [403, 'something-new'],
  ])('answers %i to a request that a browser calls %s', (expected, site) => {
    expect(status({ host, 'sec-fetch-site': site })).toBe(expected);
  });

  it('lets a link lead to the page, and to nothing but the page', () => {
    const link = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(status(link, { isPage: true })).toBe(200);
    expect(status(link)).toBe(403);
    expect(status({ ...link, 'sec-fetch-dest': 'iframe' }, { isPage: true })).toBe(403);
    expect(status({ ...link, 'sec-fetch-mode': 'no-cors' }, { isPage: true })).toBe(403);
    expect(status({ ...link, origin: 'http://photos.example' }, { isPage: true, method: 'POST' })).toBe(403);
  });

  it('lets nobody in who does not name this host and, where an origin is named, this origin', () => {
    const anyName = fc.oneof(fc.webAuthority(), fc.string(), fc.constantFrom(host, 'localhost:4000'));
    const anyOrigin = fc.oneof(fc.webUrl(), fc.string(), fc.constantFrom(origin, 'null'));
    fc.assert(
      fc.property(anyName, fc.option(anyOrigin), fc.constantFrom('GET', 'POST'), (name, from, method) => {
        const passed = status({ host: name, ...(from === null ? {} : { origin: from }) }, { method }) === 200;
        const ours = own.hosts.has(name) && (from === null ? method === 'GET' : from === `http://${name}`);
        expect(passed).toBe(ours);
      }),
      { numRuns: 1000 },
    );
  });
});
