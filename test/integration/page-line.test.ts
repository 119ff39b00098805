// The page's side of the line over real sockets: signing in, a host that dies and comes back, calls in between, slow and hostile peers.
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';
import { type Connection, createConnection } from '../../preload/contract/client.ts';
import { contract } from '../../preload/contract/index.ts';
import { repeatable } from '../../renderer/client/repeatable.ts';
import { type ConnectionState, webSocketTransport } from '../../renderer/client/websocket.ts';
import { type AnyHandler, contractMethods, fakeHandlers, sampleOutputs } from '../helpers/fake-handlers.ts';
import { manualClock, settled } from '../helpers/manual-clock.ts';
import { folderOf } from '../helpers/temporary-folder.ts';
import { codeOf, contractHash, startTestHost, type TestHost, testPage } from '../helpers/web-host.ts';

type Started = Parameters<typeof startTestHost>[1];

async function start(folder: string, replaced: Started = {}): Promise<TestHost> {
  const host = await startTestHost(folder, replaced);
  onTestFinished(() => host.close().catch(() => undefined));
  return host;
}

interface Line extends Connection<typeof contract> {
  readonly page: ReturnType<typeof testPage>;
  readonly states: ConnectionState[];
  readonly gaps: () => number;
  state(wanted: ConnectionState): Promise<void>;
}

function open(origin: string, code: string | null, hash = contractHash, clock?: ReturnType<typeof manualClock>): Line {
  const page = testPage(origin, clock);
  page.code = code;
  const transport = webSocketTransport({ contractHash: hash, page });
  onTestFinished(() => {
    page.signIn = () => Promise.resolve(null);
    page.sockets.at(-1)?.terminate();
  });
  const states: ConnectionState[] = [];
  const waiting: [ConnectionState, () => void][] = [];
  transport.onState((state) => {
    states.push(state);
    for (const [wanted, tell] of waiting) if (wanted === state) tell();
  });
  const connection = createConnection(contract, transport);
  let gaps = 0;
  connection.onGap(() => gaps++);
  return {
    ...connection,
    page,
    states,
    gaps: () => gaps,
    state: (wanted) =>
      transport.state === wanted ? Promise.resolve() : new Promise((resolve) => waiting.push([wanted, resolve])),
  };
}

describe('signing in', () => {
  it('takes the code out of the address and keeps the token; a reload needs no code', async () => {
    const host = await start(folderOf());
    const line = open(host.origin, codeOf(host.signInUrl()));
    expect(await line.api.library.revision({})).toEqual(sampleOutputs['library.revision']);
    expect(line.page.code).toBeNull();
    const reloaded = testPage(host.origin);
    reloaded.token = line.page.token;
    expect(await reloaded.signIn({ token: reloaded.token ?? '' })).toMatchObject({ token: line.page.token });
  });

  it('without a code, or with a used one, ends in signed-out, and every call says so', async () => {
    const host = await start(folderOf());
    const code = codeOf(host.signInUrl());
    const first = open(host.origin, code);
    await first.state('open');
    const line = open(host.origin, code);
    const early = line.api.library.revision({});
    await expect(early).rejects.toMatchObject({ code: 'host/denied' });
    await expect(line.api.settings.get({})).rejects.toMatchObject({ code: 'host/denied' });
    expect(line.states).toEqual(['signed-out']);
  });

  it('of a page of another build loads it anew once, then says that it is outdated', async () => {
    const host = await start(folderOf());
    const line = open(host.origin, codeOf(host.signInUrl()), 'another contract');
    await expect.poll(() => line.page.reloads).toEqual(['another contract']);
    line.page.wake();
    await line.state('outdated');
    await expect(line.api.library.revision({})).rejects.toMatchObject({ code: 'host/denied' });
  });
});

describe('a host that dies and comes back on its port', () => {
  it('finds its page again by itself: reads are only late, edits in hand fail, later ones wait', async () => {
    const folder = folderOf();
    const pending: AnyHandler = () => new Promise(() => undefined);
    const first = await start(folder, {
      handlers: fakeHandlers({ 'library.folders': pending, 'library.setCaption': pending }),
    });
    const line = open(first.origin, codeOf(first.signInUrl()));
    await line.state('open');
    const read = line.api.library.folders({});
    const edit = line.api.library.setCaption({ photoId: 7, text: 'a dog' });
    await line.api.library.revision({});
    await first.close();
    await expect(edit).rejects.toMatchObject({ code: 'host/disconnected', retry: 'later' });
    await line.state('lost');
    const later = line.api.library.setFavourite({ photoIds: [7], favourite: true });
    await start(folder, { port: first.port });
    expect(await read).toEqual(sampleOutputs['library.folders']);
    expect(await later).toEqual(sampleOutputs['library.setFavourite']);
    expect(line.states).toEqual(['open', 'lost', 'open']);
    expect(line.gaps()).toBe(1);
  });

  it('with other sign-ins signs the page out', async () => {
    const first = await start(folderOf());
    const line = open(first.origin, codeOf(first.signInUrl()));
    await line.state('open');
    await first.close();
    await start(folderOf(), { port: first.port });
    await line.state('signed-out');
    expect(line.page.token).toBeNull();
  });

  it('is given up by a call after half a minute, and tried at once when the person looks', async () => {
    const clock = manualClock();
    const folder = folderOf();
    const first = await start(folder);
    const line = open(first.origin, codeOf(first.signInUrl()), contractHash, clock);
    await line.state('open');
    await first.close();
    await line.state('lost');
    const call = expect(line.api.library.revision({})).rejects.toMatchObject({ code: 'host/disconnected' });
    const controller = new AbortController();
    const cancelled = expect(line.api.search.rank({ text: 'dog' }, { signal: controller.signal })).rejects.toThrow(
      'cancelled',
    );
    controller.abort();
    await cancelled;
    clock.advance(30_000);
    await call;
    await expect.poll(() => clock.waiting().length).toBe(1);
    await start(folder, { port: first.port });
    line.page.wake();
    expect(await line.api.library.revision({})).toEqual(sampleOutputs['library.revision']);
  });
});

it('repeats only calls of the contract that ask', () => {
  const names = contractMethods().map(({ name }) => name as string);
  expect([...repeatable].filter((name) => !names.includes(name))).toEqual([]);
  expect([...repeatable].filter((name) => /\.(set|add|remove|restore|retry|ignore|act|down|act)/.test(name))).toEqual([
    'models.downloads',
  ]);
});

describe('a peer', () => {
  async function rawSocket(host: TestHost, options: ClientOptions = {}): Promise<WebSocket> {
    const { token } = await host.signIn();
    const socket = new WebSocket(`ws://127.0.0.1:${host.port}/ws`, ['photoseek', `token.${token}`], {
      origin: host.origin,
      ...options,
    });
    onTestFinished(() => socket.terminate());
    await once(socket, 'message');
    return socket;
  }

  it.each([
    ['no JSON', 'hello', 1008],
    ['no frame', '{"kind":"event"}', 1008],
    ['a frame with more in it', '{"kind":"cancel","id":1,"x":1}', 1008],
    ['bytes', Buffer.from([1, 2]), 1003],
    ['more than a mebibyte', 'x'.repeat((1 << 20) + 1), 1009],
  ])('that sends %s is let go', async (_what, data, code) => {
    const host = await start(folderOf());
    const socket = await rawSocket(host);
    socket.on('error', () => undefined);
    socket.send(data);
    const [closedBy] = (await once(socket, 'close')) as [number];
    expect(closedBy).toBe(code);
  });

  it('with 1,000 calls at once has at most 256 in hand, and gets every answer', async () => {
    let inHand = 0;
    let most = 0;
    const handler: AnyHandler = async () => {
      most = Math.max(most, ++inHand);
      await settled(2);
      inHand--;
      return sampleOutputs['library.revision'];
    };
    const host = await start(folderOf(), { handlers: fakeHandlers({ 'library.revision': handler }) });
    const line = open(host.origin, codeOf(host.signInUrl()));
    const answers = await Promise.all(Array.from({ length: 1000 }, () => line.api.library.revision({})));
    expect(answers).toHaveLength(1000);
    // What one read of the socket brought in was taken already when it was paused.
    expect(most).toBeLessThan(1000);
  });

  it('that reads nothing gets the newest state once it reads again, not every one', async () => {
    const host = await start(folderOf());
    const socket = await rawSocket(host);
    const seen: { seq: number; data: { banners: { text: string }[] } }[] = [];
    socket.on('message', (data) => seen.push(JSON.parse(String(data))));
    socket.pause();
    const text = 'x'.repeat(100_000);
    const kind = { kind: 'disk-full', severity: 'error', action: null } as const;
    for (let i = 1; i <= 400; i++) {
      host.events.publish('shell.banners', { banners: [{ ...kind, text: `${i} ${text}` }] });
      await settled(1);
    }
    socket.resume();
    await expect.poll(() => seen.at(-1)?.seq, { timeout: 10_000 }).toBe(400);
    expect(seen.at(-1)?.data.banners[0]?.text.slice(0, 4)).toBe('400 ');
    expect(seen.length).toBeLessThan(300);
  });

  it('without a sign of life is let go after two heartbeats', async () => {
    const clock = manualClock();
    const host = await start(folderOf(), { clock });
    const socket = await rawSocket(host, { autoPong: false });
    const closed = once(socket, 'close');
    clock.advance(30_000);
    clock.advance(30_000);
    await closed;
  });
});
