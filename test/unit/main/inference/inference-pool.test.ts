// The pool over children made of joined ends: its own troubles kept apart from those of the photos in hand.
import { describe, expect, it } from 'vitest';
import { createInferencePool } from '../../../../main/inference/inference-pool.ts';
import { type InferenceInit, type InferenceService, inferenceMethods } from '../../../../main/inference/protocol.ts';
import { AppError } from '../../../../main/platform/app-error.ts';
import { serveSupervised } from '../../../../main/platform/handshake.ts';
import { portPair, type WorkerPort } from '../../../../main/platform/worker-port.ts';
import { fakeLane, openedPack, vectorOf } from '../../../helpers/fake-inference.ts';
import { manualClock, settled } from '../../../helpers/manual-clock.ts';

interface Child {
  readonly port: WorkerPort;
  readonly calls: string[];
}

/** @param start runs in a child before it is ready; `fatal` paths end the child that reads them, `hang` is never answered. */
function setUp(
  options: {
    count?: number;
    start?: (child: number, packId: string, revision?: string) => Promise<void> | void;
    warm?: (packId: string) => Promise<void>;
    onState?: () => void;
  } = {},
) {
  const clock = manualClock();
  const children: Child[] = [];
  const pool = createInferencePool({
    count: options.count ?? 1,
    init: { packFolders: [], packId: 'tiny', threads: 1 },
    clock,
    ...(options.onState && { onState: options.onState }),
    spawn() {
      const { owner, worker } = portPair();
      const child: Child = { port: owner, calls: [] };
      const index = children.push(child);
      const lane = fakeLane();
      const service: InferenceService = {
        identify: (input) => lane.identify(input),
        async analyse({ photos }) {
          child.calls.push('analyse');
          if (photos.some((photo) => photo.path === 'fatal')) owner.kill();
          if (photos.some((photo) => photo.path === 'hang' || photo.path === 'fatal'))
            await new Promise(() => undefined);
          return lane.analyse({ photos });
        },
        async embedText(input) {
          child.calls.push('embedText');
          return lane.embedText(input);
        },
        preview: (input) => lane.preview(input),
        colours: (input) => lane.colours(input),
        parts(input) {
          child.calls.push('parts');
          return lane.parts(input);
        },
        warm: async () => undefined,
        usage: () => lane.usage({}),
      };
      serveSupervised<InferenceInit, InferenceService>(worker, async ({ packId, revision }) => {
        await options.start?.(index, packId, revision);
        service.warm = async ({ parts }) => {
          child.calls.push(`warm ${parts.join()}`);
          await options.warm?.(packId);
        };
        return { service, methods: inferenceMethods, facts: { ...openedPack, id: packId } };
      });
      return owner;
    },
  });
  const [lane] = pool.lanes;
  if (!lane) throw new Error('no lane');
  const analyse = (path: string, options?: { signal?: AbortSignal; timeoutMs?: number }) =>
    lane.analyse({ photos: [{ path, sha256: null, thumbnail: false, embedding: true, caption: false }] }, options);
  return { pool, clock, children, lane, analyse };
}

describe('inference pool', () => {
  it('starts children on first use only, and gives the pack of the first', async () => {
    const { pool, children } = setUp({ count: 3 });
    expect(children).toHaveLength(0);
    expect(await pool.pack()).toEqual(openedPack);
    expect(await pool.pack()).toEqual(openedPack);
    expect(children).toHaveLength(1);
    expect(pool.states().map((state) => state.name)).toEqual(['ready', 'idle', 'idle']);
    await pool.shutdown();
  });

  it('forgets a pack that could not be opened, so that a mended one is seen', async () => {
    const { pool } = setUp({
      start() {
        throw new AppError('model/checksum', 'image.onnx is damaged');
      },
    });
    for (let time = 0; time < 2; time++) await expect(pool.pack()).rejects.toMatchObject({ code: 'model/checksum' });
    await pool.shutdown();
  });

  it('gives a waiting person’s sentence to the child with the least in hand', async () => {
    const { pool, children, lane, analyse } = setUp({ count: 2 });
    await pool.pack();
    const busy = analyse('hang');
    busy.catch(() => undefined);
    await settled();
    const { text } = await pool.embedText({ texts: ['snow'] }, { signal: new AbortController().signal });
    expect(text).toEqual([vectorOf('snow')]);
    expect(children.map((child) => child.calls)).toEqual([['analyse'], ['embedText']]);
    expect(await lane.embedText({ texts: ['x'] })).toBeDefined();
    const closing = pool.shutdown();
    children[0]?.port.kill();
    await expect(busy).rejects.toMatchObject({ code: 'inference/crashed' });
    await closing;
  });

  it('looks at the parts of a picture away from the child that sentences go to', async () => {
    const { pool, children } = setUp({ count: 2 });
    await pool.warmText();
    const picture = { bytes: new Uint8Array(1), width: 1, height: 1 };
    const { signal } = new AbortController();
    expect((await pool.parts({ picture }, { signal })).length).toBe(2);
    await pool.embedText({ texts: ['snow'] }, { signal });
    expect(children.map((child) => child.calls)).toEqual([['warm text', 'embedText'], ['parts']]);
    await pool.shutdown();
  });

  it('serves on however many photos end it: each pays for itself', async () => {
    const { pool, clock, children, analyse } = setUp();
    await pool.pack();
    for (let crash = 0; crash < 7; crash++) {
      const ending = expect(analyse('fatal')).rejects.toMatchObject({ code: 'inference/crashed' });
      await settled();
      clock.advance(60_000);
      await ending;
      await settled();
      clock.advance(60_000);
    }
    const fine = analyse('fine');
    await settled();
    clock.advance(60_000);
    expect(await fine).toMatchObject([{ ok: true }]);
    expect(children.length).toBeGreaterThanOrEqual(8);
    await pool.shutdown();
  });

  it('blames no photo for a child that cannot even start', async () => {
    const { pool, clock, children, analyse } = setUp({
      start: (child) => (child > 1 ? new Promise(() => undefined) : undefined),
    });
    await pool.pack();
    children[0]?.port.kill();
    await settled();
    const call = expect(analyse('fine')).rejects.toMatchObject({ code: 'inference/unavailable', retry: 'user' });
    for (let start = 0; start < 3; start++) {
      clock.advance(10_000);
      await settled();
      children.at(-1)?.port.kill();
      await settled();
    }
    await call;
    await expect(analyse('fine')).rejects.toMatchObject({ code: 'inference/unavailable' });
    await pool.shutdown();
  });

  it('ends a child that hangs past a deadline, and the next call finds a new one', async () => {
    const { pool, clock, children, analyse } = setUp();
    await pool.pack();
    await expect(analyse('hang', { timeoutMs: 5 })).rejects.toMatchObject({ code: 'inference/timeout' });
    await settled();
    const next = analyse('fine', { timeoutMs: 60_000 });
    clock.advance(1_000);
    expect(await next).toMatchObject([{ ok: true }]);
    expect(children).toHaveLength(2);
    await pool.shutdown();
  });

  it('lets a call be cancelled while the child starts', async () => {
    const { pool, analyse } = setUp({ start: () => new Promise(() => undefined) });
    await expect(analyse('fine', { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'CancelledError' });
    const controller = new AbortController();
    const call = expect(analyse('fine', { signal: controller.signal })).rejects.toMatchObject({
      name: 'CancelledError',
    });
    await settled();
    controller.abort();
    await call;
    await pool.shutdown();
  });

  it('refuses calls after shutdown', async () => {
    const { pool, analyse } = setUp();
    await pool.pack();
    await pool.shutdown();
    await expect(analyse('fine')).rejects.toMatchObject({ code: 'inference/unavailable' });
  });

  it('works with another pack from now on, and keeps the one before where that one cannot be used', async () => {
    const { pool, children } = setUp({
      start(_child, packId) {
        if (packId === 'damaged') throw new AppError('model/checksum', 'image.onnx is damaged');
      },
    });
    expect((await pool.pack()).id).toBe('tiny');
    await expect(pool.usePack('damaged')).rejects.toMatchObject({ code: 'model/checksum' });
    expect((await pool.pack()).id).toBe('tiny');
    const [before] = pool.lanes;
    expect((await pool.usePack('best')).id).toBe('best');
    expect((await pool.pack()).id).toBe('best');
    expect(pool.lanes[0]).not.toBe(before);
    await expect(before?.embedText({ texts: ['x'] })).rejects.toBeInstanceOf(AppError);
    await pool.embedText({ texts: ['x'] }, { signal: new AbortController().signal });
    expect(children.at(-1)?.calls).toEqual(['warm image,text,captioner', 'embedText']);
    await pool.shutdown();
  });

  it('asks the child that has the text model open, and starts no further one for a sentence', async () => {
    const { pool, children } = setUp({ count: 2 });
    const signal = new AbortController().signal;
    await pool.pack();
    await pool.embedText({ texts: ['x'] }, { signal });
    expect(children.map((child) => child.calls)).toEqual([['embedText']]);
    await pool.warmText();
    await pool.embedText({ texts: ['x'] }, { signal });
    expect(children.map((child) => child.calls)).toEqual([['embedText'], ['warm text', 'embedText']]);
    await pool.shutdown();
  });

  it('starts again on the person’s wish after it gave up', async () => {
    let broken = true;
    const states: number[] = [];
    const { pool } = setUp({
      onState: () => void states.push(1),
      start() {
        if (broken) throw new AppError('model/load', 'no memory');
      },
    });
    await expect(pool.pack()).rejects.toMatchObject({ code: 'model/load' });
    expect(pool.states().map((state) => state.name)).toEqual(['degraded']);
    broken = false;
    pool.restart();
    await pool.pack();
    expect(pool.states().map((state) => state.name)).toEqual(['ready']);
    expect(states.length).toBeGreaterThan(2);
    await pool.shutdown();
  });

  it('loads every graph of another pack, and asks once more, before it is in use', async () => {
    const { pool, children } = setUp({
      async warm(packId) {
        if (packId === 'odd') throw new AppError('model/load', 'no kernel');
      },
    });
    await expect(pool.usePack('odd')).rejects.toMatchObject({ code: 'model/load' });
    const inUse: string[] = [];
    const refuse = async (): Promise<void> => {
      inUse.push((await pool.pack()).id);
      throw new AppError('store/read-only', 'not kept');
    };
    await expect(pool.usePack('best', refuse)).rejects.toMatchObject({ code: 'store/read-only' });
    expect((await pool.pack()).id).toBe('tiny');
    expect(inUse).toEqual(['tiny']);
    expect(children).toHaveLength(3);
    await pool.shutdown();
  });

  it('tells later children which revision the first one opened', async () => {
    const revisions: (string | undefined)[] = [];
    const { pool, lane } = setUp({ count: 2, start: (_child, _packId, revision) => void revisions.push(revision) });
    await pool.pack();
    await lane.usage({});
    await pool.lanes[1]?.usage({});
    expect(revisions).toEqual([undefined, openedPack.revision]);
    await pool.shutdown();
  });
});
