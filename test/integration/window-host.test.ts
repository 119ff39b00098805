// A host with a window over real files, real children and the tiny pack: photos appear by themselves, are told of, served and found.
import { cpSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { MediaAnswer } from '../../main/api/media.ts';
import type { HostPorts } from '../../main/platform/host-ports.ts';
import type { EventData } from '../../preload/contract/events.ts';
import { unpackTimeline } from '../../preload/contract/timeline.ts';
import { composeApplication, connectWindow, spawnWatcher, windowPorts } from '../helpers/application.ts';
import { makePhotos, patchesJpeg } from '../helpers/photo-fixtures.ts';
import { folderOf } from '../helpers/temporary-folder.ts';

const soon = { timeout: 30_000, interval: 50 };

async function setUp(over: Partial<HostPorts> = {}, library = join(folderOf(), 'library')) {
  const window = windowPorts();
  const application = await composeApplication(library, { window, ...over });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= application.close();
    return closing;
  };
  onTestFinished(close);
  const { api, on } = connectWindow(application);
  const progress: EventData<'indexing.progress'>[] = [];
  const revisions: number[] = [];
  on('indexing.progress', (data) => void progress.push(data));
  on('library.changed', (data) => void revisions.push(data.revision));
  const timeline = async () =>
    unpackTimeline(Uint8Array.from(await bytesOf(await application.media.openTimeline({}))).buffer);
  const indexed = (count: number) =>
    vi.waitFor(async () => {
      const { indexed, pending } = await api.library.status({});
      expect([indexed, pending]).toEqual([count, 0]);
      expect((await api.indexing.progress({})).phase).toBe('idle');
    }, soon);
  const add = (folder: string) => api.library.addPlace({ placeId: window.places.name(folder) });
  return { library, application, close, api, progress, revisions, timeline, indexed, add, media: application.media };
}

async function bytesOf({ body }: MediaAnswer): Promise<Buffer> {
  return body instanceof Readable ? buffer(body) : Buffer.from(body);
}

describe('a host with a window', { timeout: 60_000 }, () => {
  it('indexes what is added by itself, tells of it, serves it and finds it', async () => {
    const folder = folderOf();
    await makePhotos(folder, 12);
    const { api, progress, revisions, timeline, indexed, add, media } = await setUp();
    await add(folder);
    await indexed(12);

    for (const { done, failed, total } of progress) expect(done + failed).toBeLessThanOrEqual(total);
    expect(progress.some(({ current }) => current?.startsWith('photo-'))).toBe(true);
    await vi.waitFor(async () => expect(revisions.at(-1)).toBe((await api.library.revision({})).revision), soon);
    expect(revisions.length).toBeGreaterThan(0);

    const { ids, colours, count } = await timeline();
    expect(count).toBe(12);
    expect(new Set(colours).size).toBeGreaterThan(3);
    const [photoId = 0] = ids;
    const thumbnail = await media.openMedia({ photoId, variant: 'thumbnail' });
    expect(thumbnail).toMatchObject({ status: 200, headers: { 'content-type': 'image/webp' } });
    expect((await sharp(await bytesOf(thumbnail)).metadata()).width).toBe(48);

    const { photoIds, scores } = await api.search.rank({ text: 'a red square', mode: 'embedding' });
    expect([photoIds.length, scores.length]).toEqual([12, 12]);
    const similar = await api.search.similar({ photoId, limit: 5 });
    expect(similar.photoIds.length).toBeLessThanOrEqual(5);
    expect(similar.scores.every((score) => score > 0.5)).toBe(true);
    expect(similar.photoIds).not.toContain(photoId);
    const { photoIds: byName } = await api.search.rank({ text: 'photo-0003', mode: 'words' });
    expect(byName.length).toBeGreaterThan(0);
  });

  it('stops while the person wants it to, keeps that over a restart, and goes on when told', async () => {
    const folder = folderOf();
    await makePhotos(folder, 6);
    const first = await setUp();
    await first.api.indexing.setPaused({ paused: true });
    await first.add(folder);
    // What the start had begun ends at its next step.
    await vi.waitFor(
      async () => expect(await first.api.indexing.progress({})).toMatchObject({ paused: true, phase: 'idle' }),
      soon,
    );
    await first.close();
    const second = await setUp({}, first.library);
    expect(await second.api.indexing.progress({})).toMatchObject({ paused: true, phase: 'idle' });
    expect((await second.api.library.status({})).indexed).toBe(0);
    await second.api.settings.set({ paused: false, speed: 'full' });
    await second.indexed(6);
  });

  it('serves previews and originals, and finds out by them what happened to a file', async () => {
    const folder = folderOf();
    const turned = await sharp({ create: { width: 3000, height: 1500, channels: 3, background: '#4080c0' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    writeFileSync(join(folder, 'turned.jpg'), turned);
    const { timeline, indexed, add, media, api, library } = await setUp();
    await add(folder);
    await indexed(1);
    const [photoId = 0] = (await timeline()).ids;
    const preview = await media.openMedia({ photoId, variant: 'preview' });
    expect(preview.status).toBe(200);
    expect(await sharp(await bytesOf(preview)).metadata()).toMatchObject({ format: 'webp', width: 1024, height: 2048 });
    const again = await media.openMedia({ photoId, variant: 'preview', ifNoneMatch: preview.headers['etag'] });
    expect([again.status, (await bytesOf(again)).length]).toEqual([304, 0]);

    const original = await media.openMedia({ photoId, variant: 'original' });
    expect(original.headers).toMatchObject({ 'content-type': 'image/jpeg', 'x-content-type-options': 'nosniff' });
    expect((await bytesOf(original)).equals(turned)).toBe(true);
    const part = await media.openMedia({ photoId, variant: 'original', range: 'bytes=2-5' });
    expect([part.status, part.headers['content-range']]).toEqual([206, `bytes 2-5/${turned.length}`]);
    expect((await bytesOf(part)).equals(turned.subarray(2, 6))).toBe(true);

    // Replaced on disk: what is asked for next says so, and the library follows.
    writeFileSync(join(folder, 'turned.jpg'), await patchesJpeg(5));
    expect((await media.openMedia({ photoId, variant: 'original' })).status).toBe(409);
    await vi.waitFor(async () => expect([...(await timeline()).ids]).not.toContain(photoId), soon);
    await indexed(1);
    expect(await api.library.failures({})).toMatchObject({ total: 0 });
    expect(library).toBeTruthy();
  });

  it('shows a photo as missing whose folder went away, and goes on', async () => {
    const folder = folderOf();
    const [path = ''] = await makePhotos(folder, 3);
    const { api, indexed, add, media, timeline } = await setUp();
    await add(folder);
    await indexed(3);
    unlinkSync(path);
    const before = await timeline();
    const answers = await Promise.all(
      [...before.ids].map((photoId) => media.openMedia({ photoId, variant: 'original' })),
    );
    for (const answer of answers) await bytesOf(answer);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 404]);
    await vi.waitFor(async () => expect((await timeline()).count).toBe(2), soon);
    rmSync(folder, { recursive: true });
    expect((await api.library.folders({})).folders).toMatchObject([{ state: 'offline' }]);
    expect((await timeline()).count).toBe(2);
    expect((await api.search.rank({ text: 'x', mode: 'embedding' })).photoIds).toHaveLength(2);
    // Its small picture and its words stay; only the original says, calmly, that it is away.
    for (const photoId of (await timeline()).ids) {
      const view = await api.library.photo({ photoId });
      expect(view).toMatchObject({ missing: true, caption: { source: 'model' } });
      const small = await media.openMedia({ photoId, variant: 'thumbnail' });
      expect([small.status, (await bytesOf(small)).length > 0]).toEqual([200, true]);
      const original = await media.openMedia({ photoId, variant: 'original' });
      expect([original.status, (await bytesOf(original)).toString()]).toEqual([
        404,
        expect.stringContaining(`${view.name} is not there now; plug in its drive`),
      ]);
    }
  });

  it('takes over a library made by the command line, and the command line a library of a window', async () => {
    const folder = folderOf();
    await makePhotos(folder, 4);
    const library = join(folderOf(), 'library');
    const command = await setUp({ window: null }, library);
    expect(await command.api.shell.capabilities({})).toMatchObject({ canChange: true, reveal: false });
    await expect(command.api.indexing.rescan({})).rejects.toMatchObject({ code: 'host/unsupported' });
    await command.close();
    const { indexed, close, add } = await setUp({}, library);
    await add(folder);
    await indexed(4);
    cpSync(join(folder, 'album-0', 'photo-0000.jpg'), join(folder, 'copy.jpg'));
    await close();
    const again = await setUp({ window: null }, library);
    expect(await again.api.indexing.run({})).toMatchObject({
      photos: { found: 5, indexed: 1, unchanged: 4, failed: 0 },
    });
  });

  it('closes in time where its watcher hangs on a drive, and ends the process last of all', async () => {
    const folder = folderOf();
    await makePhotos(folder, 1);
    const thread = spawnWatcher();
    onTestFinished(() => thread.kill());
    const ended = vi.fn();
    const { indexed, close, add } = await setUp({
      spawnWatcher: () => ({ ...thread, kill: () => undefined }),
      endProcess: ended,
    });
    await add(folder);
    await indexed(1);
    expect(ended).not.toHaveBeenCalled();
    await close();
    expect(ended).toHaveBeenCalledOnce();
  });

  it('beside another program looks and searches, says so, and changes nothing', async () => {
    const folder = folderOf();
    await makePhotos(folder, 3);
    const owner = await setUp();
    await owner.add(folder);
    await owner.indexed(3);
    const reader = await setUp({}, owner.library);
    expect(reader.application.mode).toBe('reader');
    expect(await reader.api.shell.capabilities({})).toMatchObject({ canChange: false });
    expect(await reader.api.shell.banners({})).toMatchObject({ banners: [{ kind: 'second-program' }] });
    expect((await reader.timeline()).count).toBe(3);
    expect((await reader.api.search.rank({ text: 'x', mode: 'embedding' })).photoIds).toHaveLength(3);
    const [photoId = 0] = (await reader.timeline()).ids;
    await owner.api.library.setFavourite({ photoIds: [photoId], favourite: true });
    await vi.waitFor(() => expect(reader.revisions.length).toBeGreaterThan(0), soon);
  });
});
