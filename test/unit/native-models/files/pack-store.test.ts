// Packs fetched into a models folder from a local server: whole, in parts, over an older one, and not at all.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemNet } from '../../../../native-models/files/fetch-file.ts';
import { createPackStore, type PackStore } from '../../../../native-models/files/pack-store.ts';
import { readPack } from '../../../../native-models/files/read-pack.ts';
import { verifyPack } from '../../../../native-models/files/verify.ts';
import { tinyModels } from '../../../helpers/cli.ts';
import { type FileServer, startFileServer } from '../../../helpers/file-server.ts';
import { offerPack } from '../../../helpers/offered-pack.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

let server: FileServer;
beforeEach(async () => {
  server = await startFileServer();
});
afterEach(() => server.close());

function setUp() {
  const root = folderOf();
  const models = join(root, 'models');
  const offers = join(root, 'offers');
  const store = createPackStore({ packFolders: [models], offersFolder: offers, net: { ...systemNet, wait } });
  return { models, offers, store };
}

/** Silence is waited for in vain, pauses are none. */
function wait(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < systemNet.stallMs) return Promise.resolve();
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
}

interface Seen {
  phase: string;
  doneBytes: number;
}

async function fetchAll(store: PackStore, packId: string, signal = new AbortController().signal): Promise<Seen[]> {
  const seen: Seen[] = [];
  await store.fetch(packId, { signal, onProgress: (progress) => seen.push(progress) });
  return seen;
}

const idOf = async (store: PackStore, id: string) => (await store.list()).find((pack) => pack.id === id);

describe('fetching a pack', () => {
  it('is offered, fetched, verified, and installed only when it is published', async () => {
    const { models, offers, store } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const total = pack.files.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: null, problem: null, bytes: total });
    expect(await store.offeredBytes('tiny-large')).toBe(total);

    const seen = await fetchAll(store, 'tiny-large');
    expect(seen.at(-1)).toEqual({ phase: 'verifying', doneBytes: total });
    const counts = seen.map(({ doneBytes }) => doneBytes);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: null });
    expect(await store.unfinished()).toEqual([{ packId: 'tiny-large', doneBytes: total, totalBytes: total }]);

    await store.publish('tiny-large');
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: '1', problem: null, isRemovable: true });
    expect(readdirSync(models)).toEqual(['tiny-large']);
    const folder = join(models, 'tiny-large');
    expect((await verifyPack(folder, await readPack(folder), new Map())).size).toBe(pack.files.length);
    expect(await store.unfinished()).toEqual([]);
  });

  it('goes on after a stop with the files and the bytes that came', async () => {
    const { offers, store } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const second = `tiny-large/resolve/1/${pack.files[1]?.path}`;
    server.files.set(second, { bytes: served(second), faults: [{ kind: 'silence', after: 1_000 }] });
    const stop = new AbortController();
    const done = fetchAll(store, 'tiny-large', stop.signal);
    const partial = (pack.files[0]?.bytes ?? 0) + 1_000;
    await expect.poll(async () => (await store.unfinished())[0]?.doneBytes).toBe(partial);
    stop.abort(new Error('paused'));
    await expect(done).rejects.toThrow('paused');
    server.requests.length = 0;

    const seen = await fetchAll(store, 'tiny-large');
    expect(server.requests[0]).toBe(`${second} bytes=1000-`);
    expect(server.requests).toHaveLength(pack.files.length - 1);
    expect(seen.at(-1)?.phase).toBe('verifying');
  });

  it('refuses a file with another checksum, keeps the sound ones and installs nothing', async () => {
    const { offers, store } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const last = `tiny-large/resolve/1/${pack.files.at(-1)?.path}`;
    const right = served(last);
    const wrong = Buffer.from(right);
    wrong[0] = (wrong[0] as number) ^ 255;
    server.files.set(last, { bytes: wrong });
    await expect(fetchAll(store, 'tiny-large')).rejects.toMatchObject({ code: 'model/checksum' });
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: null });
    server.files.set(last, { bytes: right });
    server.requests.length = 0;
    await fetchAll(store, 'tiny-large');
    expect(server.requests).toEqual([last]);
  });

  it('finds what was damaged on this disk since, and fetches that again', async () => {
    const { models, offers, store } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    await fetchAll(store, 'tiny-large');
    const damaged = join(models, '.download-tiny-large', pack.files[0]?.path ?? '');
    const bytes = readFileSync(damaged);
    bytes[9] = (bytes[9] as number) ^ 1;
    writeFileSync(damaged, bytes);
    await expect(fetchAll(store, 'tiny-large')).rejects.toMatchObject({
      message: expect.stringContaining('damaged on'),
    });
    server.requests.length = 0;
    await fetchAll(store, 'tiny-large');
    expect(server.requests).toHaveLength(1);
  });

  it('asks for nothing that an installed pack has already', async () => {
    const { models, offers, store } = setUp();
    mkdirSync(models);
    cpSync(join(tinyModels, 'tiny-large'), join(models, 'tiny-large'), { recursive: true });
    const pack = offerPack(offers, server, 'tiny-large', { id: 'better', revision: '2' });
    writeFileSync(join(models, 'tiny-large', pack.files[2]?.path ?? ''), 'damaged');
    await fetchAll(store, 'better');
    expect(server.requests).toEqual([`tiny-large/resolve/1/${pack.files[2]?.path}`]);
    await store.publish('better');
    expect(await idOf(store, 'better')).toMatchObject({ revision: '2', problem: null });
    expect(await idOf(store, 'tiny-large')).toMatchObject({ problem: expect.stringContaining('is damaged') });
  });

  it('mends a damaged pack, and takes a newer revision in place of the old one', async () => {
    const { models, offers, store } = setUp();
    offerPack(offers, server, 'tiny-large', { revision: '2' });
    mkdirSync(models);
    cpSync(join(tinyModels, 'tiny-large'), join(models, 'tiny-large'), { recursive: true });
    const before = statSync(join(models, 'tiny-large')).ino;
    await fetchAll(store, 'tiny-large');
    await store.publish('tiny-large');
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: '2', problem: null });
    expect(statSync(join(models, 'tiny-large')).ino).not.toBe(before);
    expect(readdirSync(models)).toEqual(['tiny-large']);
  });

  it('says beforehand where the disk has no room', async () => {
    const { offers, store } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const path = join(offers, 'tiny-large/download.json');
    const text = readFileSync(path, 'utf8').replace(`"bytes":${pack.files[0]?.bytes}`, '"bytes":9000000000000000');
    writeFileSync(path, text);
    await expect(fetchAll(store, 'tiny-large')).rejects.toMatchObject({
      message: expect.stringMatching(/^The disk is too full for pack tiny-large: \d+ MB more/),
    });
    expect(server.requests).toEqual([]);
  });

  it('is not begun twice at once by two programs', async () => {
    const { models, offers, store } = setUp();
    offerPack(offers, server, 'tiny-large');
    const staging = join(models, '.download-tiny-large');
    mkdirSync(staging, { recursive: true });
    writeFileSync(join(staging, 'owner'), String(process.ppid));
    await expect(fetchAll(store, 'tiny-large')).rejects.toMatchObject({ message: expect.stringContaining('Another') });
    // The number of a process that is no more.
    writeFileSync(join(staging, 'owner'), '4194304999');
    await fetchAll(store, 'tiny-large');
    expect(existsSync(join(staging, 'owner'))).toBe(false);
  });
});

describe('packs that cannot be fetched', () => {
  it('says which checksums are not known, and asks the server for nothing', async () => {
    const { offers, store } = setUp();
    offerPack(offers, server, 'tiny-large', { unpin: ['bge/model.onnx', 'bge/tokenizer.json'] });
    const message = expect.stringMatching(
      /cannot be downloaded.*the checksum of bge\/model\.onnx and 1 more is not known/,
    );
    expect(await idOf(store, 'tiny-large')).toMatchObject({ revision: null, problem: message });
    await expect(fetchAll(store, 'tiny-large')).rejects.toMatchObject({ code: 'model/manifest', message });
    await expect(store.offeredBytes('tiny-large')).rejects.toMatchObject({ message });
    expect(server.requests).toEqual([]);
  });

  it('knows no pack that is not offered', async () => {
    const { store } = setUp();
    await expect(fetchAll(store, 'nothing')).rejects.toMatchObject({ code: 'model/missing' });
  });
});

describe('packs on disk', () => {
  it('deletes what it can fetch again and nothing else', async () => {
    const { models, offers, store } = setUp();
    offerPack(offers, server, 'tiny-large');
    mkdirSync(models);
    for (const name of ['tiny-large', 'tiny-starter']) {
      cpSync(join(tinyModels, name), join(models, name), { recursive: true });
    }
    expect((await idOf(store, 'tiny-starter'))?.isRemovable).toBe(false);
    await store.remove('starter');
    await store.remove('tiny-large');
    expect(readdirSync(models)).toEqual(['tiny-starter']);
    expect(await idOf(store, 'starter')).toMatchObject({ problem: null, isRemovable: false });
  });

  it('deletes what came of a download', async () => {
    const { models, offers, store } = setUp();
    offerPack(offers, server, 'tiny-large');
    await fetchAll(store, 'tiny-large');
    await store.discardFetched('tiny-large');
    expect(readdirSync(models)).toEqual([]);
  });

  it('tells of a pack whose manifest cannot be read', async () => {
    const { models, store } = setUp();
    mkdirSync(join(models, 'odd'), { recursive: true });
    writeFileSync(join(models, 'odd/pack.json'), '{');
    expect(await idOf(store, 'odd')).toMatchObject({ revision: '', problem: expect.stringContaining('not JSON') });
  });
});

function served(path: string): Buffer {
  return server.files.get(path)?.bytes ?? Buffer.alloc(0);
}
