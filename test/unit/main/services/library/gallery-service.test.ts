// What a viewer is told of a photo and may change, and what is done about failures.
import { describe, expect, it } from 'vitest';
import { createFailureService } from '../../../../../main/services/library/failure-service.ts';
import { createGalleryService } from '../../../../../main/services/library/gallery-service.ts';
import { FileFailureView, PhotoCells, PhotoView } from '../../../../../preload/contract/library.ts';
import { fileNamed, libraryOf, resultOf, scan } from '../../../../helpers/library-db.ts';

async function setUp(names: readonly string[]) {
  const library = await libraryOf(names);
  let woken = 0;
  const background = {
    rescan: () => undefined,
    wake: () => {
      woken++;
    },
    scanning: () => [],
  };
  const service = createGalleryService({ db: library.db, background, now: () => 9 });
  const failures = createFailureService({ db: library.db, background });
  return { ...library, service, failures, woken: () => woken };
}

describe('gallery service', () => {
  it('shows a photo in the form of the contract', async () => {
    const { db, photoIds, service } = await setUp(['deep/in/a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 });
    const view = await service.photo({ photoId });
    expect(PhotoView.strict().parse(view)).toMatchObject({
      photoId,
      name: 'a.jpg',
      folder: '/pictures/Holiday/deep/in',
      path: '/pictures/Holiday/deep/in/a.jpg',
      caption: { text: 'a dog', source: 'model' },
      generatedCaptions: ['a dog'],
      favourite: false,
      missing: false,
      mediaRevision: 1,
    });
    expect(PhotoCells.strict().parse(await service.cells({ photoIds }))).toEqual({
      photoIds,
      labels: ['a dog'],
      mediaRevisions: [1],
    });
  });

  it('takes and gives back a caption, and has its words searched and embedded', async () => {
    const { db, photoIds, service, woken } = await setUp(['a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 });
    expect(await service.setCaption({ photoId, text: 'Rex at the sea' })).toEqual({ before: null });
    expect(await service.photo({ photoId })).toMatchObject({
      caption: { text: 'Rex at the sea', source: 'person' },
      generatedCaptions: ['a dog'],
    });
    expect(await db.searchWords({ text: 'sea', limit: 5 })).toMatchObject({ photoIds });
    expect(await service.setCaption({ photoId, text: null })).toEqual({ before: 'Rex at the sea' });
    expect(await service.photo({ photoId })).toMatchObject({ caption: { text: 'a dog', source: 'model' } });
    expect(woken()).toBe(2);
  });

  it('refuses what is no photo', async () => {
    const { service } = await setUp([]);
    const refused = { code: 'library/photo-not-found' };
    await expect(service.photo({ photoId: 7 })).rejects.toMatchObject(refused);
    await expect(service.setCaption({ photoId: 7, text: 'x' })).rejects.toMatchObject(refused);
    expect(await service.setFavourite({ photoIds: [7], favourite: true })).toEqual({ changed: [] });
  });
});

describe('failure service', () => {
  it('lists, ignores and tries again', async () => {
    const { db, folderId, failures, woken } = await setUp([]);
    await scan(db, folderId, [fileNamed('in/broken.jpg')]);
    const [file] = await db.claimFiles({ limit: 1, now: 1 });
    const fileId = file?.fileId ?? 0;
    await db.failFiles({ files: [{ fileId, code: 'decode/corrupt', message: 'cut off' }], now: 1 });
    const listed = await failures.failures({ limit: 10 });
    expect(listed.failures.map((entry) => FileFailureView.strict().parse(entry))).toEqual([
      {
        fileId,
        photoId: null,
        name: 'broken.jpg',
        path: '/pictures/Holiday/in/broken.jpg',
        code: 'decode/corrupt',
        message: 'cut off',
      },
    ]);
    await failures.ignoreFailures({ fileIds: [fileId], ignored: true });
    expect(await failures.failures({ limit: 10 })).toEqual({ failures: [], total: 0 });
    await failures.ignoreFailures({ fileIds: [fileId], ignored: false });
    expect(await failures.failures({ limit: 10 })).toEqual(listed);
    expect(await db.claimFiles({ limit: 1, now: 1 })).toEqual([]);
    await failures.retryFailures({ fileIds: [fileId] });
    expect(await db.claimFiles({ limit: 1, now: 1 })).toMatchObject([{ fileId }]);
    expect(woken()).toBe(1);
  });
});
