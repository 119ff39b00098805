// The router against frames that no client of ours would send, and the client against inputs that cannot be sent.
import { describe, expect, it, vi } from 'vitest';
import { createEventHub } from '../../../../main/api/event-hub.ts';
import { inMemoryTransport } from '../../../../main/api/in-memory-transport.ts';
import { createRouter } from '../../../../main/api/router.ts';
import { silentLog } from '../../../../main/platform/log.ts';
import { createClient } from '../../../../preload/contract/client.ts';
import { ReplyFrame } from '../../../../preload/contract/frames.ts';
import { contract } from '../../../../preload/contract/index.ts';
import { type AnyHandler, fakeHandlers, type MethodName, sampleOutputs } from '../../../helpers/fake-handlers.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

function setUp(replaced: Partial<Record<MethodName, AnyHandler>> = {}) {
  const sent: ReplyFrame[] = [];
  const options = { log: silentLog(), local: true, checkOutput: true };
  const router = createRouter(contract, fakeHandlers(replaced), (frame) => void sent.push(frame), options);
  return { router, sent };
}

describe('router', () => {
  it.each([
    null,
    'call',
    { kind: 'call' },
    { kind: 'call', id: -1, method: 'shell.doctor', input: {} },
    { kind: 'call', id: 1, method: 'x'.repeat(101), input: {} },
    { kind: 'call', id: 1, method: 'shell.doctor', input: {}, extra: 1 },
    { kind: 'ok', id: 1, output: 1 },
    { kind: 'cancel', id: 'all' },
  ])('drops a frame of no known form: %j', async (frame) => {
    const { router, sent } = setUp();
    router.receive(frame);
    await settled(1);
    expect(sent).toEqual([]);
  });

  it.each([
    'nope',
    'shell',
    'shell.',
    'shell.toString',
    'constructor.constructor',
    '__proto__.doctor',
    'shell.doctor ',
  ])('has no method %s', async (method) => {
    const { router, sent } = setUp();
    router.receive({ kind: 'call', id: 4, method, input: {} });
    await settled(1);
    expect(sent).toEqual([{ kind: 'fail', id: 4, error: expect.objectContaining({ code: 'input/unknown-method' }) }]);
  });

  it('replies in frames of the contract, each to its own call, and ignores stray cancellations', async () => {
    const { router, sent } = setUp();
    router.receive({ kind: 'cancel', id: 9 });
    router.receive({ kind: 'call', id: 1, method: 'shell.doctor', input: {} });
    router.receive({ kind: 'call', id: 2, method: 'indexing.progress', input: {} });
    router.receive({ kind: 'call', id: 3, method: 'library.showPhoto', input: {} });
    await settled(1);
    for (const frame of sent) ReplyFrame.parse(frame);
    expect(sent.map((frame) => `${frame.kind} ${'id' in frame ? frame.id : ''}`).toSorted()).toEqual([
      'fail 3',
      'ok 1',
      'ok 2',
    ]);
    router.receive({ kind: 'cancel', id: 1 });
    router.disconnect();
    await settled(1);
    expect(sent).toHaveLength(3);
  });

  it('names the field at fault', async () => {
    const { router, sent } = setUp();
    router.receive({ kind: 'call', id: 1, method: 'library.addFolders', input: { paths: ['a', 7] } });
    await settled(1);
    expect(sent[0]).toMatchObject({ error: { message: expect.stringMatching(/^paths\.1: /) } });
  });
});

describe('a peer that stays', () => {
  function stay(canTake = () => true) {
    const sent: ReplyFrame[] = [];
    const events = createEventHub(manualClock());
    const stays = { contractHash: 'abc', events, canTake };
    const seen: (string | undefined)[] = [];
    const handler: AnyHandler = async (_input, { peer }) => {
      seen.push(peer);
      return sampleOutputs['search.rank'];
    };
    const router = createRouter(
      contract,
      fakeHandlers({ 'search.rank': handler }),
      (frame) => void sent.push(ReplyFrame.parse(frame)),
      { log: silentLog(), local: false, checkOutput: true, stays },
    );
    return { sent, events, router, seen };
  }

  it('is greeted first, then told of events', () => {
    const { sent, events } = stay();
    events.publish('library.changed', { revision: 4 });
    expect(sent).toEqual([
      { kind: 'hello', contractHash: 'abc' },
      { kind: 'event', name: 'library.changed', seq: 1, data: { revision: 4 } },
    ]);
  });

  it('is told of no event that it cannot take, and of the newest when it can', () => {
    let canTake = false;
    const { sent, events, router } = stay(() => canTake);
    events.publish('shell.banners', { banners: [] });
    expect(sent).toHaveLength(1);
    canTake = true;
    router.drained();
    expect(sent).toHaveLength(2);
  });

  it('is sent nothing and asked nothing once it has gone', async () => {
    const { sent, events, router, seen } = stay();
    router.receive({ kind: 'call', id: 1, method: 'search.rank', input: { text: 'x' } });
    router.disconnect();
    router.receive({ kind: 'call', id: 2, method: 'search.rank', input: { text: 'x' } });
    events.publish('library.changed', { revision: 4 });
    await settled(1);
    expect(sent.map((frame) => frame.kind)).toEqual(['hello']);
    expect(seen).toHaveLength(1);
    expect(events.listeners()).toBe(0);
  });

  it('has a name of its own, the same for each of its calls', async () => {
    const one = stay();
    const other = stay();
    for (const { router } of [one, one, other])
      router.receive({ kind: 'call', id: 1, method: 'search.rank', input: { text: 'x' } });
    await settled(1);
    expect(new Set([...one.seen, ...other.seen]).size).toBe(2);
    expect(one.seen[0]).toBe(one.seen[1]);
  });
});

describe('client', () => {
  it('rejects an input that cannot be copied, and leaves its signal alone', async () => {
    const transport = inMemoryTransport((send) =>
      createRouter(contract, fakeHandlers(), send, { log: silentLog(), local: true, checkOutput: true }),
    );
    const controller = new AbortController();
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    const input = { text: (() => 'x') as unknown as string };
    const call = createClient(contract, transport).search.find(input, { signal: controller.signal });
    await expect(call).rejects.toMatchObject({ name: 'DataCloneError' });
    expect(removed).toHaveBeenCalledOnce();
  });

  it('answers where an output cannot be copied', async () => {
    const transport = inMemoryTransport((send) =>
      createRouter(contract, fakeHandlers({ 'search.find': async () => () => 1 }), send, {
        log: silentLog(),
        local: true,
        checkOutput: false,
      }),
    );
    await expect(createClient(contract, transport).search.find({ text: 'x' })).rejects.toMatchObject({
      code: 'internal',
    });
  });
});
