// Folders taken out and brought back, left out in part, away; failures ignored and tried again; settings.
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import {
  fileNamed,
  identifyAll,
  libraryOf,
  resultOf,
  scan,
  temporaryLibrary,
  wanted,
} from '../../../helpers/library-db.ts';

const pictures = '/pictures/Holiday';
/** With portions of one file, so that every step between is gone through. */
async function settle(db: LibraryDb): Promise<void> {
  while ((await db.settleFolders({ limit: 1, now: 70 })).left);
}

const look = wanted.slice(0, 1);

async function indexed(names: readonly string[]) {
  const library = await libraryOf(names);
  await library.db.completePhotos({ results: library.photoIds.map((id) => resultOf(id, `a dog ${id}`)), now: 1 });
  const shown = async (): Promise<number> => (await library.db.revision()).photos;
  const found = async (): Promise<number> => (await library.db.searchWords({ text: 'dog', limit: 99 })).photoIds.length;
  return { ...library, shown, found };
}

describe('removeFolder', () => {
  it('takes its photos out of everything and keeps what the person wrote; restoring brings all back unread', async () => {
    const { db, folderId, photoIds, shown, found } = await indexed(['a.jpg', 'b.jpg']);
    await db.setOwnCaptions({ photoId: photoIds[0] ?? 0, texts: ['Rex'], now: 1 });
    await db.setExclude({ folderId, exclude: ['raw/'] });
    await settle(db);
    expect(await db.removeFolder({ folderId, now: 50 })).toEqual({ path: pictures, exclude: ['raw/'] });
    await settle(db);
    expect([await shown(), await found(), await db.listFolders()]).toEqual([0, 0, []]);
    expect(await db.photoByPath({ path: `${pictures}/a.jpg` })).toBeNull();
    expect(await db.folderViews()).toEqual([]);
    expect(await db.counts({ wanted })).toMatchObject({ folders: [], files: 0, photos: 0, pending: 0 });
    await db.restoreFolder({ folderId });
    await settle(db);
    expect([await shown(), await found()]).toEqual([2, 2]);
    expect(await db.summaries({ photoIds })).toMatchObject([{ caption: 'Rex' }, {}]);
    expect(await db.claimFiles({ limit: 9, now: 1 })).toEqual([]);
    expect(await db.claimPhotos({ wanted: look, together: true, limit: 9, now: 1 })).toEqual([]);
    await expect(db.restoreFolder({ folderId })).rejects.toMatchObject({ code: 'library/folder-not-found' });
  });

  it('leaves files missing that were missing before', async () => {
    const { db, folderId, shown } = await indexed(['a.jpg', 'b.jpg']);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    await db.removeFolder({ folderId, now: 50 });
    await settle(db);
    await db.restoreFolder({ folderId });
    await settle(db);
    expect(await shown()).toBe(1);
    expect(await db.folderViews()).toMatchObject([{ photos: 1, missing: 1 }]);
  });

  it('may be undone half way, and the undoing too', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];
    const { db, folderId, shown, found } = await indexed(names);
    const steps: number[] = [];
    for (const undo of [false, true, false, true]) {
      if (undo) await db.restoreFolder({ folderId });
      else await db.removeFolder({ folderId, now: 50 });
      await db.settleFolders({ limit: 2, now: 70 });
      steps.push(await shown());
    }
    await settle(db);
    expect([steps, await shown(), await found()]).toEqual([[2, 4, 2, 4], 4, 4]);
  });

  it('is not undone by a scan that was under way', async () => {
    const { db, folderId, shown } = await indexed(['a.jpg']);
    const { scanId } = await db.beginScan({ folderId });
    await db.removeFolder({ folderId, now: 50 });
    await settle(db);
    const files = [fileNamed('a.jpg'), fileNamed('new.jpg')];
    expect(await db.applyScan({ folderId, scanId, files, now: 51 })).toEqual({ added: 0, changed: 0, unchanged: 0 });
    expect(await db.finishScan({ folderId, scanId, unreadable: [], now: 51 })).toMatchObject({ missing: 0 });
    expect(await shown()).toBe(0);
  });

  it('keeps a photo that lies elsewhere too, without the words of its name here', async () => {
    const { db, folderId } = await libraryOf(['beach.jpg']);
    const { folder } = await db.registerFolder({ path: '/other', now: 1 });
    await scan(db, folder.id, [fileNamed('copy.jpg')]);
    await identifyAll(db, () => '/pictures/Holiday/beach.jpg');
    const beach = async () => (await db.searchWords({ text: 'beach', limit: 5 })).photoIds.length;
    const before = await beach();
    await db.removeFolder({ folderId, now: 50 });
    await settle(db);
    const without = await beach();
    await db.restoreFolder({ folderId });
    await settle(db);
    expect([before, without, await beach()]).toEqual([1, 0, 1]);
  });

  it('is undone by adding the folder again, which counts as new', async () => {
    const { db, folderId, shown } = await indexed(['a.jpg']);
    await db.removeFolder({ folderId, now: 50 });
    await settle(db);
    expect(await db.registerFolder({ path: pictures, now: 60 })).toMatchObject({
      folder: { id: folderId },
      known: false,
    });
    await settle(db);
    expect(await shown()).toBe(1);
  });

  it('is not undone over a folder that was added meanwhile above or below it', async () => {
    const { db, folderId } = await indexed(['a.jpg']);
    for (const path of ['/pictures', `${pictures}/deep`]) {
      await db.removeFolder({ folderId, now: 50 });
      const { folder } = await db.registerFolder({ path, now: 60 });
      await expect(db.restoreFolder({ folderId })).rejects.toMatchObject({ code: 'library/folder-overlaps' });
      await db.removeFolder({ folderId: folder.id, now: 70 });
      await db.restoreFolder({ folderId });
    }
  });

  it('refuses what is not registered', async () => {
    const { db, folderId } = await indexed(['a.jpg']);
    await expect(db.removeFolder({ folderId: 99, now: 1 })).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(db.restoreFolder({ folderId: 99 })).rejects.toMatchObject({ code: 'library/folder-not-found' });
    await db.removeFolder({ folderId, now: 1 });
    await settle(db);
    await expect(db.removeFolder({ folderId, now: 2 })).rejects.toMatchObject({ code: 'input/invalid' });
    await expect(db.setExclude({ folderId, exclude: [] })).rejects.toMatchObject({ code: 'input/invalid' });
  });
});

describe('setExclude', () => {
  it('hides at once what the patterns name and brings it back unread; gone files do not come back', async () => {
    const { db, folderId, shown, found } = await indexed(['a.jpg', 'raw/b.jpg', 'raw/c.jpg']);
    await scan(db, folderId, [fileNamed('a.jpg'), fileNamed('raw/b.jpg')]);
    expect(await db.setExclude({ folderId, exclude: ['raw/'] })).toEqual({ before: [] });
    await settle(db);
    expect([await shown(), await found()]).toEqual([1, 1]);
    expect(await db.folderViews()).toMatchObject([{ photos: 1, missing: 1, exclude: ['raw/'] }]);
    expect(await db.listFolders()).toMatchObject([{ exclude: ['raw/'] }]);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    expect(await db.counts({ wanted })).toMatchObject({ folders: [{ files: 1, missing: 1 }] });
    expect(await db.setExclude({ folderId, exclude: [] })).toEqual({ before: ['raw/'] });
    await settle(db);
    expect([await shown(), await found()]).toEqual([2, 2]);
    expect(await db.claimFiles({ limit: 9, now: 1 })).toEqual([]);
  });

  it('lets a scan find what is not excluded any more', async () => {
    const { db, folderId, shown } = await indexed(['a.jpg', 'b.jpg']);
    await db.setExclude({ folderId, exclude: ['b.*'] });
    await settle(db);
    await scan(db, folderId, [fileNamed('a.jpg'), fileNamed('b.jpg')]);
    expect(await shown()).toBe(2);
    expect(await db.folderViews()).toMatchObject([{ photos: 2, missing: 0 }]);
  });
});

describe('folderViews', () => {
  it('count photos, work and failures by folder', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg', 'c.jpg']);
    const [a = 0, b = 0] = photoIds;
    const { folder } = await db.registerFolder({ path: '/other', now: 1 });
    await scan(db, folder.id, [fileNamed('x.jpg'), fileNamed('y.jpg')]);
    const [x] = await db.claimFiles({ limit: 1, now: 1 });
    await db.failFiles({ files: [{ fileId: x?.fileId ?? 0, code: 'decode/corrupt', message: 'broken' }], now: 1 });
    await db.claimPhotos({ wanted, together: true, limit: 9, now: 1 });
    await db.completePhotos({ results: [resultOf(a, 'a dog')], now: 1 });
    await db.failPhotos({ photos: [{ photoId: b, stages: look, code: 'decode/corrupt', message: 'broken' }], now: 1 });
    await db.setOffline({ folderIds: [folder.id] });
    expect(await db.folderViews()).toMatchObject([
      { path: '/other', photos: 0, missing: 0, failed: 1, pending: 1, isOffline: true },
      { path: pictures, photos: 3, missing: 0, failed: 1, pending: expect.any(Number), isOffline: false },
    ]);
  });
});

describe('failures', () => {
  async function withFailures() {
    const library = await libraryOf(['a.jpg', 'b.jpg']);
    const [photoId = 0] = library.photoIds;
    await scan(library.db, library.folderId, [fileNamed('a.jpg'), fileNamed('b.jpg'), fileNamed('broken.jpg')]);
    const [broken] = await library.db.claimFiles({ limit: 9, now: 1 });
    const fileId = broken?.fileId ?? 0;
    await library.db.failFiles({ files: [{ fileId, code: 'decode/corrupt', message: 'no picture' }], now: 1 });
    await library.db.failPhotos({
      photos: [{ photoId, stages: wanted.slice(0, 2), code: 'decode/corrupt', message: 'cut off' }],
      now: 1,
    });
    return { ...library, photoId, fileId };
  }

  it('list each file once, with the photo where there is one', async () => {
    const { db, photoId, fileId } = await withFailures();
    const { failures, total } = await db.failureViews({ limit: 1 });
    expect(total).toBe(2);
    expect(failures).toEqual([
      { fileId: expect.any(Number), photoId, path: `${pictures}/a.jpg`, code: 'decode/corrupt', message: 'cut off' },
    ]);
    const all = await db.failureViews({ limit: 9 });
    expect(all.failures[1]).toMatchObject({ fileId, photoId: null, message: 'no picture' });
  });

  it('that are ignored leave the list until the file changes', async () => {
    const { db, folderId, fileId } = await withFailures();
    const { failures } = await db.failureViews({ limit: 9 });
    await db.ignoreFiles({ fileIds: failures.map((file) => file.fileId), ignored: true });
    expect(await db.failureViews({ limit: 9 })).toEqual({ failures: [], total: 0 });
    expect(await db.folderViews()).toMatchObject([{ failed: 0 }]);
    const names = [fileNamed('a.jpg'), fileNamed('b.jpg'), fileNamed('broken.jpg', { sizeBytes: 11 })];
    await scan(db, folderId, names);
    await db.claimFiles({ limit: 9, now: 1 });
    await db.failFiles({ files: [{ fileId, code: 'decode/corrupt', message: 'again' }], now: 1 });
    expect(await db.failureViews({ limit: 9 })).toMatchObject({ total: 1, failures: [{ fileId, message: 'again' }] });
  });

  it('that were ignored come back into the list as they were, without being tried again', async () => {
    const { db } = await withFailures();
    const before = await db.failureViews({ limit: 9 });
    const fileIds = before.failures.map((file) => file.fileId);
    await db.ignoreFiles({ fileIds, ignored: true });
    await db.ignoreFiles({ fileIds, ignored: false });
    expect(await db.failureViews({ limit: 9 })).toEqual(before);
    expect(await db.claimFiles({ limit: 9, now: 1 })).toEqual([]);
  });

  it('that are tried again are work to do, file and photo', async () => {
    const { db, photoId, fileId } = await withFailures();
    const { failures } = await db.failureViews({ limit: 9 });
    const fileIds = failures.map((file) => file.fileId);
    await db.ignoreFiles({ fileIds, ignored: true });
    await db.retryFiles({ fileIds });
    expect(await db.failureViews({ limit: 9 })).toEqual({ failures: [], total: 0 });
    expect(await db.claimFiles({ limit: 9, now: 1 })).toMatchObject([{ fileId }]);
    const claimed = await db.claimPhotos({ wanted, together: true, limit: 9, now: 1 });
    expect(claimed.find((photo) => photo.photoId === photoId)?.stages).toEqual(['look', 'caption']);
  });
});

describe('settings', () => {
  it('are kept by key, replaced and removed', async () => {
    const { db } = await temporaryLibrary();
    expect(await db.readSettings()).toEqual({});
    await db.writeSettings({ values: { theme: 'dark', recent: ['a', 'b'], pack: null } });
    await db.writeSettings({ values: { theme: 'light', pack: undefined } });
    expect(await db.readSettings()).toEqual({ theme: 'light', recent: ['a', 'b'] });
  });
});
