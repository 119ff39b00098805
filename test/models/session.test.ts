import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../native-models/logger.ts';
import { openPack } from '../../native-models/open-pack.ts';
import { type GraphSpec, PackSchema } from '../../native-models/pack.ts';
import { availableProviders, defaultThreads } from '../../native-models/runtime/available-providers.ts';
import { createSessionStore, type SessionStore } from '../../native-models/runtime/session.ts';

const folder = join(import.meta.dirname, '../fixtures/models/tiny-starter');
const path = join(folder, 'onnx/vision_model.onnx');

describe('createSessionStore', () => {
  let store: SessionStore;
  let spec: GraphSpec;
  let temporary: string;

  beforeEach(async () => {
    store = createSessionStore({ threads: 1, logger: silentLogger });
    const pack = PackSchema.parse(JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8')));
    spec = pack.tensors['onnx/vision_model.onnx'] as GraphSpec;
    temporary = await mkdtemp(join(tmpdir(), 'photoseek-session-'));
  });
  afterEach(async () => {
    await store.dispose();
    await rm(temporary, { recursive: true });
  });

  const picture = { type: 'uint8', data: new Uint8Array(192).fill(9), dims: [1, 8, 8, 3] } as const;

  it('runs a graph and computes only what is asked for', async () => {
    const session = await store.open(path, 'cpu', spec);
    const outputs = await session.run({ pixel_values: picture }, ['image_embeds']);
    expect(Object.keys(outputs)).toEqual(['image_embeds']);
    expect(outputs['image_embeds']?.dims).toEqual([1, 5]);
  });

  it('loads a file once for all who ask at the same time', async () => {
    const debugged: unknown[] = [];
    const logger = { ...silentLogger, debug: (message: string) => debugged.push(message) };
    const shared = createSessionStore({ threads: 1, logger });
    await Promise.all([shared.open(path, 'cpu', spec), shared.open(path, 'cpu', spec)]);
    expect(debugged).toEqual(['graph loaded']);
    await shared.dispose();
  });

  it('says what a damaged file is without its path, and tries again once it is whole', async () => {
    const copy = join(temporary, 'vision.onnx');
    await writeFile(copy, 'not a graph');
    const error = await store.open(copy, 'cpu', spec).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'model/load',
      message: expect.stringMatching(/^Graph vision\.onnx cannot be loaded by the cpu provider/),
    });
    expect((error as Error).message).not.toContain(temporary);
    await writeFile(copy, await readFile(path));
    await expect(store.open(copy, 'cpu', spec)).resolves.toBeDefined();
  });

  it('refuses a graph that is not what the manifest says', async () => {
    const wrong = { ...spec, outputs: { image_embeds: { type: 'float32' as const, dims: ['batch', 7] } } };
    await expect(store.open(path, 'cpu', wrong)).rejects.toMatchObject({ code: 'model/shape' });
  });

  it('reports an input of the wrong shape', async () => {
    const session = await store.open(path, 'cpu', spec);
    const square = { ...picture, dims: [1, 3, 8, 8] };
    await expect(session.run({ pixel_values: square }, ['image_embeds'])).rejects.toMatchObject({
      code: 'model/shape',
    });
  });

  it('cannot run what was disposed', async () => {
    const session = await store.open(path, 'cpu', spec);
    await store.dispose();
    await expect(session.run({ pixel_values: picture }, ['image_embeds'])).rejects.toThrow();
  });
});

describe('this build', () => {
  it('always offers the CPU, last', async () => {
    expect((await availableProviders()).at(-1)).toEqual({ name: 'cpu', usable: true });
  });

  it('leaves a core free', () => {
    expect([1, 2, 3, 8, 64].map((cores) => defaultThreads(cores))).toEqual([1, 1, 2, 4, 4]);
  });

  it('obeys the environment over the settings', async () => {
    const pack = await openPack(folder, { provider: 'cpu', environment: { PHOTOSEEK_PROVIDER: 'abacus' } });
    await expect(pack.describe()).rejects.toMatchObject({
      code: 'model/load',
      message: expect.stringContaining('PHOTOSEEK_PROVIDER'),
    });
    await pack.dispose();
  });
});
