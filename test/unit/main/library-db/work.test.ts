// Claims, outcomes, retries and strikes: work is given out once, ends in one state, and a file that ends processes is left out.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import type { StageVersion } from '../../../../main/library-db/library-rows.ts';
import { openLibrary } from '../../../../main/library-db/store-library-db.ts';
import { fileNamed, identifyAll, libraryOf, resultOf, scan, unitVector, wanted } from '../../../helpers/library-db.ts';

const pictureStages = wanted.slice(0, 2);
const look = wanted.slice(0, 1);
const unreadable = { code: 'fs/unreadable', message: 'the drive did not answer; try again' } as const;
const corrupt = { code: 'decode/corrupt', message: 'the file is damaged; repair it' } as const;

async function claim(db: LibraryDb, stages: readonly StageVersion[], now = 1, together = true, limit = 10) {
  const photos = await db.claimPhotos({ wanted: stages, together, limit, now });
  return photos.map((photo) => [photo.photoId, photo.stages]);
}

describe('claimFiles', () => {
  it('gives each file out once, newest first, and again only when it is released', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(
      db,
      folderId,
      [1, 3, 2].map((age) => fileNamed(`${age}.jpg`, { mtimeMs: age * 86_400_000 })),
    );
    const names = async (): Promise<string[]> =>
      (await db.claimFiles({ limit: 2, now: 1 })).map((file) => path.basename(file.path));
    expect([await names(), await names(), await names()]).toEqual([['3.jpg', '2.jpg'], ['1.jpg'], []]);
    expect(await db.releaseClaims({ now: 1 })).toEqual({ files: 3, photos: 0 });
    expect(await names()).toEqual(['3.jpg', '2.jpg']);
  });

  it('gives a file that could not be read again after growing waits, then fails it, until a retry is asked for', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    const waits: (number | null)[] = [];
    let now = 0;
    for (let attempt = 0; attempt < 5; attempt++) {
      const [file] = await db.claimFiles({ limit: 1, now });
      await db.failFiles({ files: [{ fileId: file?.fileId ?? 0, ...unreadable }], now });
      const at = await db.nextRetryAt({ wanted });
      waits.push(at === null ? null : at - now);
      if (at !== null) expect(await db.claimFiles({ limit: 1, now: at - 1 })).toEqual([]);
      now = at ?? now;
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, null]);
    expect(await db.failures({ folderIds: [folderId], limit: 5 })).toEqual([
      { path: path.join('/pictures/Holiday', 'a.jpg'), ...unreadable },
    ]);
    expect(await db.retryPassing({ folderIds: [folderId + 1] })).toEqual({ files: 0, photos: 0 });
    expect(await db.retryPassing({ folderIds: [folderId] })).toEqual({ files: 1, photos: 0 });
    expect(await db.claimFiles({ limit: 1, now })).toHaveLength(1);
  });

  it('never gives a damaged file out again, but does when it changes', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    const [file] = await db.claimFiles({ limit: 1, now: 10_000 });
    await db.failFiles({ files: [{ fileId: file?.fileId ?? 0, ...corrupt }], now: 10_000 });
    await db.retryPassing({ folderIds: [] });
    await scan(db, folderId, [fileNamed('a.jpg')]);
    expect(await db.claimFiles({ limit: 1, now: 1e12 })).toEqual([]);
    expect(await db.counts({ wanted })).toMatchObject({ failed: 1, unidentified: 0 });
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 5 })]);
    expect(await db.claimFiles({ limit: 1, now: 1 })).toHaveLength(1);
  });

  it('leaves out a file in whose hands the process ended twice', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    const poisoned: number[][] = [];
    for (let crash = 0; crash < 2; crash++) {
      const [file] = await db.claimFiles({ limit: 1, now: 1 });
      poisoned.push((await db.strikeFiles({ files: [{ fileId: file?.fileId ?? 0, sha256: null }], now: 1 })).poisoned);
    }
    expect(poisoned).toEqual([[], [expect.any(Number)]]);
    expect(await db.claimFiles({ limit: 1, now: 1 })).toEqual([]);
    expect(await db.failures({ folderIds: [], limit: 5 })).toMatchObject([{ code: 'decode/poison' }]);
  });
});

describe('claimPhotos', () => {
  it('takes all stages a photo lacks at once, or one stage for all photos first', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    expect(await claim(db, pictureStages, 1, true, 1)).toEqual([[b, ['look', 'caption']]]);
    await db.releaseClaims({ now: 1 });
    expect(await claim(db, pictureStages, 1, false)).toEqual([
      [b, ['look']],
      [a, ['look']],
    ]);
    expect(await claim(db, pictureStages, 1, false)).toEqual([
      [b, ['caption']],
      [a, ['caption']],
    ]);
    expect(await claim(db, pictureStages, 1, false)).toEqual([]);
  });

  it('takes the newest photos first: by the time taken, else by the file', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(
      db,
      folderId,
      [1, 3, 2].map((age) => fileNamed(`${age}.jpg`, { mtimeMs: age * 86_400_000 })),
    );
    await identifyAll(db);
    const claimed = await db.claimPhotos({ wanted: look, together: true, limit: 10, now: 1 });
    expect(claimed.map((photo) => path.basename(photo.path))).toEqual(['3.jpg', '2.jpg', '1.jpg']);
  });

  it('gives done work out again for another version only', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [a = 0] = photoIds;
    await claim(db, pictureStages);
    await db.completePhotos({ results: [resultOf(a, 'a dog')], now: 1 });
    expect(await claim(db, pictureStages)).toEqual([]);
    const newer = [
      { stage: 'look', version: 'pack@1/look' },
      { stage: 'caption', version: 'pack@2/caption' },
    ] as const;
    expect(await db.counts({ wanted: newer })).toMatchObject({
      indexed: 1,
      pending: 1,
      pendingByStage: { look: 0, caption: 1 },
    });
    expect(await claim(db, newer)).toEqual([[a, ['caption']]]);
    await db.completePhotos({ results: [{ photoId: a, done: pictureStages.slice(1), vectors: [] }], now: 1 });
    expect(await claim(db, newer)).toEqual([[a, ['caption']]]);
  });

  it('gives out nothing of photos of which every file is in a folder that is away, or vanished with many others', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `${i}.jpg`);
    const { db, folderId } = await libraryOf(names);
    const claim = async () => (await db.claimPhotos({ wanted, together: true, limit: 100, now: 5 })).length;
    await db.setOffline({ folderIds: [folderId] });
    expect(await claim()).toBe(0);
    await db.setOffline({ folderIds: [] });
    await scan(
      db,
      folderId,
      names.slice(0, 2).map((name) => fileNamed(name)),
    );
    expect((await db.folderViews())[0]).toMatchObject({ photos: 30, vanished: 28 });
    expect(await claim()).toBe(2);
    await scan(
      db,
      folderId,
      names.map((name) => fileNamed(name)),
    );
    expect(await claim()).toBe(28);
  });

  it('gives out nothing of photos whose files are gone or not yet identified anew', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 77 })]);
    expect(await claim(db, pictureStages)).toEqual([]);
    await scan(db, folderId, [fileNamed('b.jpg')]);
    expect(await claim(db, pictureStages)).toEqual([[photoIds[1], ['look', 'caption']]]);
  });

  it('fails all that would read the same damaged bytes, waits for what passes, and says why', async () => {
    const { db, photoIds, folderId } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    await claim(db, look);
    await db.failPhotos({ photos: [{ photoId: a, stages: look, ...corrupt }], now: 1 });
    await db.failPhotos({ photos: [{ photoId: b, stages: look, ...unreadable }], now: 1 });
    expect(await claim(db, pictureStages)).toEqual([[b, ['caption']]]);
    expect(await claim(db, pictureStages, 2_000)).toEqual([[b, ['look']]]);
    expect(await db.failures({ folderIds: [folderId], limit: 5 })).toEqual([
      { path: path.join('/pictures/Holiday', 'a.jpg'), ...corrupt },
    ]);
    expect((await db.photoByPath({ path: path.join('/pictures/Holiday', 'a.jpg') }))?.failure).toEqual(corrupt);
    expect(await db.folderOutcome({ folderIds: [folderId], wanted })).toEqual({
      files: 2,
      indexed: 0,
      failed: 1,
      pending: 1,
    });
    await db.completePhotos({ results: [resultOf(b, 'a dog')], now: 1 });
    expect(await db.folderOutcome({ folderIds: [], wanted })).toEqual({ files: 2, indexed: 1, failed: 1, pending: 0 });
    expect(await db.folderOutcome({ folderIds: [99], wanted })).toEqual({
      files: 0,
      indexed: 0,
      failed: 0,
      pending: 0,
    });
  });

  it('leaves out a photo in whose hands the process ended twice', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [a = 0] = photoIds;
    const photos = [{ photoId: a, stages: look }];
    await claim(db, look);
    expect(await db.strikePhotos({ photos, now: 1 })).toEqual({ poisoned: [] });
    expect(await claim(db, look)).toEqual([[a, ['look']]]);
    expect(await db.strikePhotos({ photos, now: 1 })).toEqual({ poisoned: [a] });
    expect(await claim(db, pictureStages)).toEqual([]);
    expect(await db.counts({ wanted: pictureStages })).toMatchObject({ failed: 1, pending: 0 });
  });

  it('forgets a strike once the work is done', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [a = 0] = photoIds;
    const photos = [{ photoId: a, stages: look }];
    await claim(db, look);
    await db.strikePhotos({ photos, now: 1 });
    await claim(db, look);
    await db.completePhotos({ results: [resultOf(a)], now: 1 });
    const newer = [{ stage: 'look', version: '2' }] as const;
    await claim(db, newer);
    expect(await db.strikePhotos({ photos: [{ photoId: a, stages: newer }], now: 1 })).toEqual({ poisoned: [] });
  });
});

describe('completePhotos', () => {
  it('stores all of a result or nothing of it', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    await claim(db, pictureStages);
    const broken = {
      ...resultOf(b),
      vectors: [{ kind: 'image' as const, modelId: 'pack@1/image', data: unitVector(1, 3) }],
    };
    await expect(db.completePhotos({ results: [resultOf(a, 'a dog'), broken], now: 1 })).rejects.toThrow();
    expect(await db.searchWords({ text: 'dog', limit: 5 })).toMatchObject({ photoIds: [] });
    expect(await db.counts({ wanted: pictureStages })).toMatchObject({ indexed: 0, pending: 2 });
  });

  it('keeps thumbnails, which may be lost: the look is then done again', async () => {
    const { db, photoIds, folder, close } = await libraryOf(['a.jpg']);
    const [a = 0] = photoIds;
    await claim(db, pictureStages);
    await db.completePhotos({ results: [resultOf(a, 'a dog')], now: 1 });
    expect(await db.thumbnail({ photoId: a })).toMatchObject({ width: 4, height: 3, format: 'webp' });
    await close();
    for (const name of readdirSync(folder)) if (name.startsWith('thumbnails.db')) rmSync(path.join(folder, name));
    const again = await openLibrary({ folder, mode: 'write', now: 1 });
    expect(await again.db.thumbnail({ photoId: a })).toBeNull();
    expect(await claim(again.db, pictureStages)).toEqual([[a, ['look']]]);
    await again.close();
  });
});
