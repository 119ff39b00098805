// What a person does with folders: by ids that the host handed out, with states and problems in words, undone without loss.
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { RootLook } from '../../../../../main/platform/folder-root.ts';
import { createPlaceBook } from '../../../../../main/platform/place-book.ts';
import { createFolderPresence } from '../../../../../main/services/library/folder-presence.ts';
import { createFolderService } from '../../../../../main/services/library/folder-service.ts';
import { FolderView } from '../../../../../preload/contract/library.ts';
import { fakeLibraryDb } from '../../../../helpers/fake-library-db.ts';
import { temporaryLibrary } from '../../../../helpers/library-db.ts';
import { manualClock, settled } from '../../../../helpers/manual-clock.ts';
import { folderOf } from '../../../../helpers/temporary-folder.ts';

function setUp(options: { samples?: boolean; ready?: () => Promise<unknown>; mode?: 'owner' | 'reader' } = {}) {
  const root = folderOf(['photos/a.jpg', 'photos/deep/b.jpg', 'samples/c.jpg', 'library/x']);
  const db = fakeLibraryDb();
  const places = createPlaceBook();
  const rescans: (readonly number[])[] = [];
  let scanning: readonly number[] = [];
  const service = createFolderService({
    db,
    mode: options.mode ?? 'owner',
    libraryFolder: join(root, 'library'),
    presence: createFolderPresence(manualClock()),
    places,
    samplePhotosFolder: options.samples === false ? null : join(root, 'samples'),
    background: { rescan: (ids) => rescans.push(ids), wake: () => undefined, scanning: () => scanning },
    ready: options.ready ?? (async () => undefined),
    now: () => 5,
  });
  const scan = (ids: readonly number[]): void => {
    scanning = ids;
  };
  return { root, db, places, service, rescans, scan };
}

describe('folders are added', () => {
  it('by the id of a place, and looked through at once', async () => {
    const { root, places, service, rescans } = setUp();
    const placeId = places.name(join(root, 'photos'));
    expect(await service.addPlace({ placeId })).toEqual({ folderId: 1, known: false });
    expect(await service.addPlace({ placeId })).toEqual({ folderId: 1, known: true });
    expect(await service.addSamplePhotos()).toEqual({ folderId: 2, known: false });
    expect(rescans).toEqual([[1], [1], [2]]);
  });

  it('by no id that was not handed out, and by none that is a path', async () => {
    const { root, service, rescans } = setUp();
    for (const placeId of ['unknown', join(root, 'photos'), '../photos'])
      await expect(service.addPlace({ placeId })).rejects.toMatchObject({ code: 'input/invalid' });
    expect(rescans).toEqual([]);
  });

  it('not where no model could index them', async () => {
    const { root, db, places, service } = setUp({ ready: () => Promise.reject(new Error('no models')) });
    await expect(service.addPlace({ placeId: places.name(join(root, 'photos')) })).rejects.toThrow('no models');
    expect(await db.listFolders()).toEqual([]);
  });

  it('as samples only where there are some', async () => {
    await expect(setUp({ samples: false }).service.addSamplePhotos()).rejects.toMatchObject({
      code: 'host/unsupported',
    });
  });
});

describe('the list of folders', () => {
  it('says of each what it is, where it is and how it stands', async () => {
    const { root, db, places, service, scan } = setUp();
    await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    await service.addSamplePhotos();
    scan([2]);
    const photos = { folderId: 1, name: 'photos', path: join(root, 'photos'), photos: 0, missing: 0, failed: 0 };
    const { folders } = await service.folders();
    expect(folders.map((folder) => FolderView.parse(folder))).toMatchObject([
      { ...photos, state: 'ready', problem: null, exclude: [] },
      { folderId: 2, name: 'samples', state: 'scanning' },
    ]);
    expect(db.calls).not.toContain('setOffline');
  });

  it('notes in the library what is away, once, and what is back', async () => {
    const { root, db, places, service } = setUp();
    await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    renameSync(join(root, 'photos'), join(root, 'elsewhere'));
    const away = await service.folders();
    await service.folders();
    renameSync(join(root, 'elsewhere'), join(root, 'photos'));
    const back = await service.folders();
    expect([away, back]).toMatchObject([
      { folders: [{ state: 'offline', problem: expect.stringContaining('drive') }] },
      { folders: [{ state: 'ready', problem: null }] },
    ]);
    expect(db.calls.filter((name) => name === 'setOffline')).toHaveLength(2);
  });

  it('is only looked at by a second program', async () => {
    const { root, db, places, service } = setUp({ mode: 'reader' });
    await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    rmSync(join(root, 'photos'), { recursive: true });
    await service.folders();
    expect(db.calls).not.toContain('setOffline');
  });
});

describe('folders are taken out and brought back', () => {
  it('by their id, which the undo names', async () => {
    const { root, db, places, service, rescans } = setUp();
    await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    await service.setExclude({ folderId: 1, exclude: ['deep/'] });
    const removed = await service.removeFolder({ folderId: 1 });
    expect(removed).toEqual({ path: join(root, 'photos'), exclude: ['deep/'] });
    expect(await db.listFolders()).toEqual([]);
    expect(await service.restoreFolder({ folderId: 1 })).toEqual({ folderId: 1 });
    expect(rescans).toEqual([[1], [1], [1]]);
    expect(await service.setExclude({ folderId: 1, exclude: [] })).toEqual({ before: ['deep/'] });
  });

  it('not over one that was added meanwhile, and no other than those that were taken out', async () => {
    const { root, places, service } = setUp();
    await service.addPlace({ placeId: places.name(join(root, 'photos', 'deep')) });
    await service.removeFolder({ folderId: 1 });
    await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    await expect(service.restoreFolder({ folderId: 1 })).rejects.toMatchObject({ code: 'library/folder-overlaps' });
    for (const folderId of [2, 99])
      await expect(service.restoreFolder({ folderId })).rejects.toMatchObject({ code: 'library/folder-not-found' });
  });

  it('with all their photos, in a real library', async () => {
    const { db, folder: libraryFolder } = await temporaryLibrary();
    const root = folderOf(['photos/a.jpg']);
    const places = createPlaceBook();
    const service = createFolderService({
      db,
      mode: 'owner',
      libraryFolder,
      presence: createFolderPresence(manualClock()),
      places,
      samplePhotosFolder: null,
      background: null,
      ready: async () => undefined,
      now: () => 5,
    });
    const { folderId } = await service.addPlace({ placeId: places.name(join(root, 'photos')) });
    const { scanId } = await db.beginScan({ folderId });
    const files = Array.from({ length: 1_200 }, (_, at) => ({
      relPath: `${at}.jpg`,
      sizeBytes: 1,
      mtimeMs: 1,
      inode: '',
    }));
    await db.applyScan({ folderId, scanId, files, now: 5 });
    await service.removeFolder({ folderId });
    await expect.poll(() => db.claimFiles({ limit: 1, now: 6 })).toEqual([]);
    await service.restoreFolder({ folderId });
    await expect.poll(async () => (await db.folderViews())[0]?.pending).toBe(1_200);
  });
});

describe('folder presence', () => {
  const presence = createFolderPresence(manualClock());

  it('tells a folder from a file and from nothing', async () => {
    const root = folderOf(['a.jpg']);
    expect((await presence.of(root)).state).toBe('ready');
    expect((await presence.of(join(root, 'a.jpg'))).state).toBe('error');
    expect((await presence.of(join(root, 'none'))).state).toBe('offline');
  });

  it.skipIf(process.getuid?.() === 0)('and from one that may not be read', async () => {
    const root = folderOf(['in/a.jpg']);
    chmodSync(join(root, 'in'), 0o000);
    expect((await presence.of(join(root, 'in'))).problem).toContain('permission');
    chmodSync(join(root, 'in'), 0o700);
  });

  it('takes a drive that hangs for away after two seconds, and asks it nothing more until it has answered', async () => {
    const clock = manualClock();
    const answer = Promise.withResolvers<RootLook>();
    const look = vi.fn(() => answer.promise);
    const own = createFolderPresence(clock, look);
    const asked = [own.of('/network'), own.of('/network')];
    clock.advance(2_000);
    expect((await Promise.all(asked)).map(({ state }) => state)).toEqual(['offline', 'offline']);
    expect((await own.of('/network')).state).toBe('offline');
    expect([look.mock.calls.length, own.isHanging()]).toEqual([1, true]);
    answer.resolve({ state: 'online', at: null });
    await settled(1);
    expect([(await own.of('/network')).state, look.mock.calls.length, own.isHanging()]).toEqual(['ready', 2, false]);
  });

  it('looks again where something else is known of the volume by now', async () => {
    const look = vi.fn(async (): Promise<RootLook> => ({ state: 'online', at: null }));
    const own = createFolderPresence(manualClock(), look);
    const known = { device: '1', volume: null, sample: [] };
    await Promise.all([
      own.of('/a'),
      own.of('/a', known),
      own.of('/a', { ...known, device: '2' }),
      own.of('/a', known),
    ]);
    expect(look).toHaveBeenCalledTimes(3);
  });
});
