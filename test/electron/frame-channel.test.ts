// Who may talk to the application from a window, and that nothing sent does harm: reliability rows 18 and 19, drops, drags and the flow of events.
import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventHub } from '../../main/api/event-hub.ts';
import type { ElectronContents } from '../../main/electron/electron-api.ts';
import { openFrameChannel } from '../../main/electron/frame-channel.ts';
import { systemClock } from '../../main/platform/clock.ts';
import { messageBounds } from '../../main/platform/message-limits.ts';
import type { WindowMessage } from '../../preload/contract/desktop.ts';
import { fakeApplication, startDesktop, testHash } from '../helpers/desktop.ts';
import { type FakeFrame, FakeWindow, fakeElectron, sendFromPage } from '../helpers/fake-electron.ts';
import { contractMethods, fakeHandlers } from '../helpers/fake-handlers.ts';
import { settled } from '../helpers/manual-clock.ts';

const call = (method: string, input: unknown, id = 1) => ({
  kind: 'frame',
  frame: { kind: 'call', id, method, input },
});

describe('only our page can call (row 18)', () => {
  const ours = { url: 'app://photoseek/', origin: 'app://photoseek' };
  const strangers: Record<string, FakeFrame | null> = {
    'a frame that is gone': null,
    'a sub-frame that shows our page': { ...ours },
    'a web page': { url: 'https://photoseek/', origin: 'https://photoseek' },
    'a file': { url: 'file:///app/index.html', origin: 'file://' },
    'a blank page': { url: 'about:blank', origin: 'null' },
    'a data page': { url: 'data:text/html,x', origin: 'null' },
    'a look-alike host': { url: 'app://photoseek.evil/', origin: 'app://photoseek.evil' },
    'a look-alike before an @': { url: 'app://photoseek@evil/', origin: 'app://evil' },
    'another port': { url: 'app://photoseek:8080/', origin: 'app://photoseek:8080' },
    'another scheme': { url: 'apps://photoseek/', origin: 'apps://photoseek' },
    'a longer scheme': { url: 'xapp://photoseek/', origin: 'xapp://photoseek' },
    'an upper-case host': { url: 'app://PHOTOSEEK/', origin: 'app://PHOTOSEEK' },
    'a photo shown as a page': { url: 'app://photoseek/media/1/original', origin: 'app://photoseek' },
    'our page, sandboxed': { url: 'app://photoseek/', origin: 'null' },
  };

  it.each(Object.entries(strangers))('%s reaches no handler', async (_name, frame) => {
    const { electron, window, handled, messages } = await startDesktop();
    sendFromPage(electron, window(), { kind: 'open' }, frame);
    sendFromPage(electron, window(), call('library.revision', {}), frame);
    await settled();
    expect([handled, messages()]).toEqual([[], []]);
  });

  it.each(Object.entries(strangers))('%s as the top frame reaches no handler either', async (_name, frame) => {
    if (frame === null || (frame.url === ours.url && frame.origin === ours.origin)) return;
    const { electron, window, handled, messages } = await startDesktop();
    window().webContents.mainFrame = frame;
    sendFromPage(electron, window(), { kind: 'open' });
    sendFromPage(electron, window(), call('library.revision', {}));
    await settled();
    expect([handled, messages()]).toEqual([[], []]);
  });

  it('nor does another window’s page', async () => {
    const { electron, handled } = await startDesktop();
    const stranger = new FakeWindow({});
    sendFromPage(electron, stranger, { kind: 'open' });
    sendFromPage(electron, stranger, call('library.revision', {}));
    await settled();
    expect(handled).toEqual([]);
  });

  it('our page does', async () => {
    const { electron, window, handled, messages } = await startDesktop();
    sendFromPage(electron, window(), { kind: 'open' });
    sendFromPage(electron, window(), call('library.revision', {}));
    await settled();
    expect(handled).toEqual([['library.revision', {}]]);
    expect(messages()).toEqual([
      { kind: 'frame', frame: { kind: 'hello', contractHash: testHash } },
      { kind: 'frame', frame: { kind: 'ok', id: 1, output: { revision: 7, photos: 3 } } },
    ]);
  });

  it('it cannot call what takes paths', async () => {
    const { electron, window, messages } = await startDesktop();
    sendFromPage(electron, window(), { kind: 'open' });
    for (const { name } of contractMethods().filter(({ local }) => local))
      sendFromPage(electron, window(), call(name, { paths: ['/etc'] }));
    await settled();
    const answers = messages().slice(1) as { frame: { error: { code: string } } }[];
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map(({ frame }) => frame.error.code))).toEqual(new Set(['input/unknown-method']));
  });
});

/** A channel without its rate limit’s say in it: the clock runs a second further with each message. */
function openChannel() {
  const electron = fakeElectron();
  const window = new FakeWindow({});
  const events = createEventHub(systemClock);
  let time = 0;
  let calls = 0;
  const application = fakeApplication(events);
  const counted = Object.fromEntries(
    Object.entries(fakeHandlers()).map(([domain, methods]) => [
      domain,
      Object.fromEntries(
        Object.entries(methods).map(([name, handle]) => [
          name,
          (input: never, context: never) => {
            calls += 1;
            return (handle as (input: never, context: never) => unknown)(input, context);
          },
        ]),
      ),
    ]),
  );
  const channel = openFrameChannel(electron.api, {
    application: { ...application, handlers: counted as unknown as typeof application.handlers },
    contractHash: testHash,
    checkOutput: false,
    clock: { ...systemClock, now: () => (time += 1000) },
    placeOf: async () => null,
    dragOut: async () => undefined,
  });
  channel.attach(window.webContents as unknown as ElectronContents);
  sendFromPage(electron, window, { kind: 'open' });
  return { electron, window, calls: () => calls };
}

const methods = contractMethods().map(({ name }) => name);

const odd = fc.anything({
  maxDepth: 1,
  maxKeys: 3,
  withNullPrototype: true,
  withBigInt: true,
  withDate: true,
  withMap: true,
});
const poisoned = ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'].map((text): unknown =>
  JSON.parse(text),
);
const id = fc.oneof(
  { weight: 3, arbitrary: fc.nat() },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1, '1', null) },
);
const method = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...methods) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('__proto__', 'constructor.name', 'library.__proto__', 'library.constructor', ''),
  },
);
const input = fc.oneof(
  odd,
  fc.constantFrom<unknown>({}, { photoId: 1 }, { photoIds: [1, 2] }, { text: 'dog' }, { paths: ['/etc'] }, ...poisoned),
  fc.record(
    { photoId: fc.oneof(fc.integer(), fc.double()), text: fc.string(), path: fc.string() },
    { requiredKeys: [] },
  ),
);

/** Messages as a broken or hostile page would make them: nearly right, with odd values in odd places. */
const hostile = fc.oneof(
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('frame'), frame: odd }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('frame'),
      frame: fc.oneof(
        { weight: 5, arbitrary: fc.record({ kind: fc.constant('call'), id, method, input }) },
        { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cancel', 'ok', 'event', '__proto__'), id }) },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('drop', 'drag', 'ack', 'open'), id, path: odd, photoIds: odd }),
  },
);

describe('no payload breaks the channel (row 19)', () => {
  it('100,000 messages: nothing thrown, nothing polluted, the line goes on', async () => {
    const { electron, window, calls } = openChannel();
    const faults: unknown[] = [];
    const note = (fault: unknown): void => void faults.push(fault);
    process.on('unhandledRejection', note);
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { minLength: 100, maxLength: 100, size: 'max' }), async (messages) => {
        for (const message of messages) sendFromPage(electron, window, message);
        await settled(1);
        window.webContents.sent.length = 0;
      }),
      { numRuns: 1000, endOnFailure: true },
    );
    await settled();
    process.off('unhandledRejection', note);
    expect(faults).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    // Some of them were right by chance, or this would test the door alone.
    expect(calls()).toBeGreaterThan(100);
    sendFromPage(electron, window, { kind: 'open' });
    sendFromPage(electron, window, call('library.revision', {}, 9));
    await settled();
    expect(window.webContents.sent.at(-1)).toMatchObject(['photoseek', { frame: { kind: 'ok', id: 9 } }]);
  }, 120_000);

  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const deep = Array.from({ length: 50_000 }).reduce<unknown>((inner) => ({ inner }), null);
  const getter = {
    get photoIds() {
      throw new Error('read');
    },
  };

  it.each([
    ['a text of 10 MB', 'x'.repeat(10_000_000)],
    ['a million numbers', new Array(1_000_000).fill(1)],
    ['a cycle', cycle],
    ['a deep nest', deep],
    ['binary data', new Uint8Array(64)],
    ['a date', new Date(0)],
    ['a map', new Map([['photoId', 1]])],
    ['a function', () => 1],
    ['a big integer', 10n],
  ])('%s is refused within a second, and its call settles', async (_name, input) => {
    const { electron, window, calls } = openChannel();
    const startedAt = performance.now();
    sendFromPage(electron, window, call('library.photo', input, 5));
    expect(performance.now() - startedAt).toBeLessThan(1000);
    await settled();
    expect(window.webContents.sent.at(-1)).toMatchObject([
      'photoseek',
      { kind: 'frame', frame: { kind: 'fail', id: 5, error: { code: 'input/invalid' } } },
    ]);
    expect(calls()).toBe(0);
  });

  it('a getter cannot come in: Electron copies data, and here it is only read', () => {
    const { electron, window } = openChannel();
    expect(() => sendFromPage(electron, window, call('library.cells', structuredCloneOr(getter)))).not.toThrow();
  });

  it('the largest honest request passes', async () => {
    const { electron, window, calls } = openChannel();
    const photoIds = Array.from({ length: 10_000 }, (_, i) => i + 1);
    sendFromPage(electron, window, call('library.setFavourite', { photoIds, favourite: true }));
    await settled();
    expect(calls()).toBe(1);
    expect(photoIds.length).toBeLessThan(messageBounds.values);
  });

  it('a flood is cut off, each call with an answer, and the page may go on a little later', async () => {
    const desktop = await startDesktop();
    const { electron, window, clock, handled, messages } = desktop;
    sendFromPage(electron, window(), { kind: 'open' });
    for (let id = 1; id <= 5000; id++) sendFromPage(electron, window(), call('library.revision', {}, id));
    await settled();
    const answers = messages().flatMap((message) =>
      message.kind === 'frame' && 'id' in message.frame ? [message.frame.kind] : [],
    );
    expect(answers).toHaveLength(5000);
    expect(handled.length).toBe(1999);
    clock.advance(1000);
    sendFromPage(electron, window(), call('library.revision', {}, 6000));
    await settled();
    expect(handled.length).toBe(2000);
  });
});

function structuredCloneOr(value: object): unknown {
  try {
    return structuredClone(value);
  } catch {
    return {};
  }
}

describe('events', () => {
  const shown = (messages: readonly WindowMessage[]) =>
    messages.flatMap((message) =>
      message.kind === 'frame' && message.frame.kind === 'event' ? [message.frame.seq] : [],
    );

  it('a page that takes nothing in is sent eight, then the newest once it does', async () => {
    const { electron, window, events, clock, messages } = await startDesktop();
    sendFromPage(electron, window(), { kind: 'open' });
    for (let revision = 1; revision <= 20; revision++) {
      clock.advance(500);
      events.publish('library.changed', { revision });
    }
    expect(shown(messages())).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    sendFromPage(electron, window(), { kind: 'ack' });
    expect(shown(messages())).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 20]);
  });

  it('a page loaded anew counts from one, and the old line is silent', async () => {
    const { electron, window, events, clock, messages } = await startDesktop();
    sendFromPage(electron, window(), { kind: 'open' });
    events.publish('library.changed', { revision: 1 });
    sendFromPage(electron, window(), { kind: 'open' });
    clock.advance(500);
    events.publish('library.changed', { revision: 2 });
    expect(shown(messages())).toEqual([1, 1]);
    // The tray listens too.
    expect(events.listeners()).toBe(2);
  });
});

describe('what is dropped on the window', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'photoseek-drop-')));
  mkdirSync(join(folder, 'holiday'));
  writeFileSync(join(folder, 'a.jpg'), 'x');
  symlinkSync(join(folder, 'holiday'), join(folder, 'link'));

  async function drop(path: string) {
    const desktop = await startDesktop();
    sendFromPage(desktop.electron, desktop.window(), { kind: 'drop', id: 3, path });
    await expect.poll(() => desktop.messages().length).toBe(1);
    return { desktop, answer: desktop.messages()[0] };
  }

  it('a folder becomes a place that the library can add', async () => {
    const { desktop, answer } = await drop(join(folder, 'holiday'));
    const place = answer?.kind === 'place' ? answer.place : null;
    expect(answer).toEqual({
      kind: 'place',
      id: 3,
      place: { placeId: place?.placeId, name: 'holiday', path: join(folder, 'holiday'), addable: true },
    });
    expect(desktop.ports().places.resolve(place?.placeId ?? '')).toBe(join(folder, 'holiday'));
  });

  it('a link to a folder names what it leads to', async () => {
    const { answer } = await drop(join(folder, 'link'));
    expect(answer).toMatchObject({ place: { path: join(folder, 'holiday') } });
  });

  it.each(['a.jpg', 'gone', '../../nowhere\0'])('%j becomes nothing', async (name) => {
    const { answer } = await drop(`${folder}/${name}`);
    expect(answer).toEqual({ kind: 'place', id: 3, place: null });
  });

  it('a relative path becomes nothing', async () => {
    const { answer } = await drop('holiday');
    expect(answer).toEqual({ kind: 'place', id: 3, place: null });
  });
});

describe('photos dragged out', () => {
  it('go as files, without those that are missing', async () => {
    const photo = fakeHandlers().library.photo;
    const desktop = await startDesktop({
      handlers: {
        'library.photo': async (input, context) => {
          const { photoId } = input as { photoId: number };
          if (photoId === 3) throw new Error('gone');
          return { ...(await photo(input, context)), path: `/photos/${photoId}.jpg`, missing: photoId === 2 };
        },
      },
    });
    sendFromPage(desktop.electron, desktop.window(), { kind: 'drag', photoIds: [1, 2, 3, 4] });
    await settled();
    expect(desktop.window().webContents.dragged).toEqual([
      { file: '/photos/1.jpg', files: ['/photos/1.jpg', '/photos/4.jpg'], icon: '/icons/drag.png' },
    ]);
  });

  it('nothing is dragged where no file is there', async () => {
    const desktop = await startDesktop({ handlers: { 'library.photo': () => Promise.reject(new Error('gone')) } });
    sendFromPage(desktop.electron, desktop.window(), { kind: 'drag', photoIds: [1] });
    await settled();
    expect(desktop.window().webContents.dragged).toEqual([]);
  });
});
