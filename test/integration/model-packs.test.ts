// A pack fetched from a local server and taken into use by a whole application with real children: nothing is mixed, nothing is lost.
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PhotosApi } from '../../preload/contract/index.ts';
import { openApplication } from '../helpers/application.ts';
import { samplePhotos, tinyModels } from '../helpers/cli.ts';
import { type FileServer, startFileServer } from '../helpers/file-server.ts';
import { offerPack } from '../helpers/offered-pack.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const photos = readdirSync(samplePhotos).filter((name) => /\.jpe?g$/.test(name));
const some = photos.slice(0, 3);
const manyPhotos = 120;

let server: FileServer;
beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.files.clear();
  server.requests.length = 0;
});

function setUp() {
  const root = folderOf();
  const folders = { models: join(root, 'models'), shipped: join(root, 'shipped'), offers: join(root, 'offers') };
  const library = join(root, 'library');
  const pictures = join(root, 'pictures');
  for (const folder of [...Object.values(folders), pictures]) mkdirSync(folder);
  cpSync(join(tinyModels, 'tiny-starter'), join(folders.shipped, 'tiny-starter'), { recursive: true });
  for (const name of some) cpSync(join(samplePhotos, name), join(pictures, name));
  const packFolders = [folders.models, folders.shipped];
  const open = () => openApplication(library, { packFolders, packOffers: folders.offers, inferenceWorkers: 1 });
  return { ...folders, library, pictures, open };
}

async function download(api: PhotosApi, packId: string, state = 'done'): Promise<void> {
  await api.models.download({ packId });
  const stateOf = async () => (await api.models.downloads({})).downloads.find((one) => one.packId === packId)?.state;
  await expect.poll(stateOf, { timeout: 10_000 }).toBe(state);
}

async function activeOf(api: PhotosApi): Promise<string | undefined> {
  return (await api.models.packs({})).packs.find(({ active }) => active)?.id;
}

/** Image vectors by model. */
function vectorsIn(library: string): Record<string, number> {
  const db = new Database(join(library, 'library.db'), { readonly: true });
  const rows = db
    .prepare<[], { model_id: string; count: number }>(
      "SELECT model_id, count(*) AS count FROM vectors JOIN vector_spaces ON vector_spaces.id = space_id WHERE kind = 'image' GROUP BY model_id",
    )
    .all();
  db.close();
  return Object.fromEntries(rows.map(({ model_id, count }) => [model_id, count]));
}

const search = (api: PhotosApi) => api.search.find({ text: 'a dog', mode: 'embedding', limit: 10 });

/** Several starts of real children each. */
const timeout = 90_000;

describe('a downloaded pack', { timeout }, () => {
  it('takes over without mixing vectors, is chosen for good, and gives way again', async () => {
    const { library, pictures, offers, open } = setUp();
    offerPack(offers, server, 'tiny-large');
    const first = await open();
    try {
      const { api } = first;
      await api.library.addFolders({ paths: [pictures] });
      await api.indexing.run({ folderIds: [] });
      expect(await activeOf(api)).toBe('tiny-starter');
      await download(api, 'tiny-large');
      await api.models.activate({ packId: 'tiny-large' });
      expect(await activeOf(api)).toBe('tiny-large');
      // What the pack before knows is found until the new one has looked at every photo.
      expect(await search(api)).toMatchObject({ indexed: some.length, pending: some.length });
      expect((await search(api)).hits).toHaveLength(some.length);
      expect((await api.indexing.run({ folderIds: [] })).photos).toMatchObject({ indexed: some.length, failed: 0 });
      expect((await search(api)).hits).toHaveLength(some.length);
      expect(vectorsIn(library)).toEqual({ 'tiny-starter@1/image': some.length, 'tiny-large@1/image': some.length });
    } finally {
      await first.close();
    }
    const second = await open();
    try {
      expect(await activeOf(second.api)).toBe('tiny-large');
      expect(await search(second.api)).toMatchObject({ indexed: some.length, pending: 0 });
      await second.api.models.activate({ packId: 'tiny-starter' });
      await second.api.indexing.run({ folderIds: [] });
      expect((await search(second.api)).hits).toHaveLength(some.length);
      expect(vectorsIn(library)).toEqual({ 'tiny-starter@1/image': some.length, 'tiny-large@1/image': some.length });
    } finally {
      await second.close();
    }
  });

  it('is cut short of nothing by a switch while photos are worked through', async () => {
    const { library, pictures, offers, open } = setUp();
    offerPack(offers, server, 'tiny-large');
    // Bytes after the end of a JPEG make another photo of the same picture; enough of them to be in the middle of it.
    const clock = readFileSync(join(samplePhotos, 'clock.jpg'));
    for (let i = 0; i < manyPhotos; i += 1)
      writeFileSync(join(pictures, `${i}.jpg`), Buffer.concat([clock, Buffer.from(`${i}`)]));
    const { api, close } = await open();
    try {
      await download(api, 'tiny-large');
      await api.library.addFolders({ paths: [pictures] });
      const run = api.indexing.run({ folderIds: [] });
      run.catch(() => undefined);
      await expect
        .poll(() => existsSync(join(library, 'library.db')) && vectorsIn(library), { timeout: 30_000, interval: 10 })
        .toHaveProperty(['tiny-starter@1/image']);
      await api.models.activate({ packId: 'tiny-large' });
      expect((await run).photos).toMatchObject({ found: manyPhotos + some.length, failed: 0 });
      const { 'tiny-starter@1/image': before, 'tiny-large@1/image': after } = vectorsIn(library);
      expect(before).toBeLessThan(manyPhotos);
      expect(after).toBe(manyPhotos + some.length);
      expect((await api.library.failures({})).failures).toEqual([]);
    } finally {
      await close();
    }
  });

  it('that was damaged on disk is refused, and the one in use stays', async () => {
    const { models, pictures, offers, open } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const { api, close } = await open();
    try {
      await api.library.addFolders({ paths: [pictures] });
      await api.indexing.run({ folderIds: [] });
      await download(api, 'tiny-large');
      const damaged = join(models, 'tiny-large', pack.image.graph);
      const bytes = readFileSync(damaged);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
      writeFileSync(damaged, bytes);
      await expect(api.models.activate({ packId: 'tiny-large' })).rejects.toMatchObject({ code: 'model/checksum' });
      const { packs } = await api.models.packs({});
      expect(packs.find(({ id }) => id === 'tiny-large')).toMatchObject({ state: 'damaged', active: false });
      expect(packs.find(({ id }) => id === 'tiny-starter')).toMatchObject({ state: 'installed', active: true });
      expect((await search(api)).hits).toHaveLength(some.length);
      // Fetched again, it is whole: the sound files are taken over, the damaged one alone is asked for.
      server.requests.length = 0;
      await download(api, 'tiny-large');
      expect(server.requests).toHaveLength(1);
      await api.models.activate({ packId: 'tiny-large' });
      expect(await activeOf(api)).toBe('tiny-large');
    } finally {
      await close();
    }
  });

  it('with a file that is not the pinned one is not installed', async () => {
    const { models, offers, open } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const path = `tiny-large/resolve/1/${pack.image.graph}`;
    const bytes = Buffer.from(server.files.get(path)?.bytes ?? '');
    bytes[0] = (bytes[0] as number) ^ 1;
    server.files.set(path, { bytes });
    const { api, close } = await open();
    try {
      await download(api, 'tiny-large', 'failed');
      const [one] = (await api.models.downloads({})).downloads;
      expect(one?.error).toContain('is not the file this version of Photoseek knows');
      await expect(api.models.activate({ packId: 'tiny-large' })).rejects.toMatchObject({ code: 'model/missing' });
      await api.models.discard({ packId: 'tiny-large' });
      expect(readdirSync(models)).toEqual([]);
    } finally {
      await close();
    }
  });

  it('is fetched on where the last start was left, and only when asked', async () => {
    const { models, offers, open } = setUp();
    const pack = offerPack(offers, server, 'tiny-large');
    const [first] = pack.files;
    const part = join(models, '.download-tiny-large', `${first?.path}.part`);
    mkdirSync(join(part, '..'), { recursive: true });
    appendFileSync(
      part,
      (server.files.get(`tiny-large/resolve/1/${first?.path}`)?.bytes ?? Buffer.alloc(0)).subarray(0, 50),
    );
    const { api, close } = await open();
    try {
      expect((await api.models.downloads({})).downloads).toMatchObject([{ state: 'paused', doneBytes: 50 }]);
      expect(server.requests).toEqual([]);
      await download(api, 'tiny-large');
      expect(server.requests[0]).toMatch(/ bytes=50-$/);
    } finally {
      await close();
    }
  });
});
