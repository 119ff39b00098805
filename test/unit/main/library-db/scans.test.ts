// Scans, identification and identity: what the library makes of files that appear, change, move, vanish and return.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factsOf,
  fileNamed,
  identifyAll,
  libraryOf,
  resultOf,
  scan,
  temporaryLibrary,
  wanted,
} from '../../../helpers/library-db.ts';

const pictures = '/pictures/Holiday';

describe('scans', () => {
  it('count what is new, changed and unchanged, and mark what is gone without deleting it', async () => {
    const { db, folderId } = await libraryOf(['a.jpg', 'b.jpg', 'c.jpg']);
    const counts = await scan(db, folderId, [
      fileNamed('a.jpg'),
      fileNamed('b.jpg', { mtimeMs: 2_000.5 }),
      fileNamed('d.jpg'),
    ]);
    expect(counts).toEqual({ added: 1, changed: 1, unchanged: 1, missing: 1 });
    expect(await db.counts({ wanted })).toMatchObject({
      files: 3,
      unidentified: 2,
      photos: 2,
      folders: [{ files: 3, missing: 1 }],
    });
    expect(await db.photoByPath({ path: path.join(pictures, 'c.jpg') })).not.toBeNull();
  });

  it.each([{ sizeBytes: 11 }, { mtimeMs: 1_000.5 }, { inode: '1:2' }])(
    'look again at a file with another %o',
    async (change) => {
      const { db, folderId } = await libraryOf(['a.jpg']);
      expect(await scan(db, folderId, [fileNamed('a.jpg', change)])).toMatchObject({ changed: 1 });
      expect(await db.claimFiles({ limit: 5, now: 1 })).toHaveLength(1);
    },
  );

  it('keep what lies below folders that could not be read', async () => {
    const { db, folderId } = await libraryOf(['a.jpg', 'in/b.jpg', 'in/deep/c.jpg', 'inside/d.jpg']);
    const { scanId } = await db.beginScan({ folderId });
    expect(await db.finishScan({ folderId, scanId, unreadable: ['in'], now: 5 })).toMatchObject({ missing: 2 });
    const again = await db.beginScan({ folderId });
    expect(again.scanId).toBeGreaterThan(scanId);
    expect(await db.finishScan({ folderId, scanId: again.scanId, unreadable: [''], now: 5 })).toEqual({
      missing: 0,
      moved: 0,
      held: 0,
    });
  });

  it('cost no work when all files come back as they were', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a dog')), now: 1 });
    await scan(db, folderId, []);
    expect(await db.searchWords({ text: 'dog', limit: 5 })).toMatchObject({ photoIds: [] });
    expect(await db.summaries({ photoIds })).toEqual([]);
    expect(await scan(db, folderId, [fileNamed('a.jpg'), fileNamed('b.jpg')])).toMatchObject({ unchanged: 2 });
    expect(await db.claimFiles({ limit: 5, now: 1 })).toEqual([]);
    expect(await db.claimPhotos({ wanted: wanted.slice(0, 2), together: true, limit: 5, now: 1 })).toEqual([]);
    const found = await db.searchWords({ text: 'dog', limit: 5 });
    expect([...found.photoIds].sort()).toEqual([...photoIds].sort());
  });

  it('forget where a file lay a month after it went, and nothing of what was said of it', async () => {
    const day = 86_400_000;
    const { db, folderId, photoIds } = await libraryOf(['a.jpg', 'b.jpg', 'out.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a dog')), now: 1 });
    const photo = (await db.photoByPath({ path: '/pictures/Holiday/a.jpg' }))?.photoId ?? photoId;
    await db.setOwnCaptions({ photoId: photo, texts: ['our Rex'], now: 1 });
    await db.setFavourite({ photoIds: [photo], favourite: true, now: 1 });
    await db.setExclude({ folderId, exclude: ['out.jpg'] });
    await db.settleFolders({ limit: 10, now: 1 });
    const missing = async () => (await db.folderViews())[0]?.missing;
    await scan(db, folderId, [fileNamed('b.jpg')], 10 * day);
    await scan(db, folderId, [fileNamed('b.jpg')], 40 * day);
    expect(await missing()).toBe(1);
    await scan(db, folderId, [fileNamed('b.jpg')], 40 * day + 1);
    expect(await missing()).toBe(0);
    expect(await db.photoByPath({ path: '/pictures/Holiday/a.jpg' })).toBeNull();
    expect(await db.ownData()).toContain('our Rex');
    // It turns up elsewhere: everything is as it was, without work.
    await scan(db, folderId, [fileNamed('b.jpg'), fileNamed('elsewhere.jpg')], 90 * day);
    const again = await identifyAll(db, () => '/pictures/Holiday/a.jpg');
    expect(again).toMatchObject([{ photoId: photo, known: true }]);
    expect(await db.photoView({ photoId: photo })).toMatchObject({
      favourite: true,
      caption: { text: 'our Rex', source: 'person' },
      generatedCaptions: ['a dog'],
    });
    expect(await db.claimPhotos({ wanted: wanted.slice(0, 2), together: true, limit: 5, now: 1 })).toEqual([]);
    // What was left out comes back when it is left in again.
    await db.setExclude({ folderId, exclude: [] });
    await db.settleFolders({ limit: 10, now: 1 });
    expect(await db.photoByPath({ path: '/pictures/Holiday/out.jpg' })).not.toBeNull();
  });

  it('return the folder that is registered already', async () => {
    const { db } = await temporaryLibrary();
    const first = await db.registerFolder({ path: pictures, now: 1 });
    expect(await db.registerFolder({ path: pictures, now: 2 })).toEqual({ folder: first.folder, known: true });
  });
});

describe('identity', () => {
  it('is the bytes: a second file of the same bytes is the same photo, with no second inference', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a.jpg']);
    await db.completePhotos({ results: photoIds.map((id) => resultOf(id, 'a dog')), now: 1 });
    await scan(db, folderId, [fileNamed('a.jpg'), fileNamed('copy/of-a.jpg')]);
    expect(await identifyAll(db, () => path.join(pictures, 'a.jpg'))).toMatchObject([
      { photoId: photoIds[0], known: true },
    ]);
    expect(await db.claimPhotos({ wanted: wanted.slice(0, 2), together: true, limit: 5, now: 1 })).toEqual([]);
    expect(await db.counts({ wanted })).toMatchObject({ files: 2, photos: 1, indexed: 1, pending: 0 });
    expect(await db.searchWords({ text: 'copy', limit: 5 })).toMatchObject({ photoIds });
  });

  it('follows a move: captions stay with the bytes, and the old name finds nothing any more', async () => {
    const { db, folderId, photoIds } = await libraryOf(['beach/a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 });
    await db.setOwnCaptions({ photoId, texts: ['Rex'], now: 1 });
    await scan(db, folderId, [fileNamed('mountain/b.jpg')]);
    expect(await identifyAll(db, () => path.join(pictures, 'beach', 'a.jpg'))).toMatchObject([
      { photoId, known: true },
    ]);
    expect(await db.summaries({ photoIds })).toEqual([
      { photoId, path: path.join(pictures, 'mountain', 'b.jpg'), caption: 'Rex' },
    ]);
    expect(await db.searchWords({ text: 'beach', limit: 5 })).toMatchObject({ photoIds: [] });
    expect(await db.searchWords({ text: 'mountain', limit: 5 })).toMatchObject({ photoIds });
  });

  it('of a changed file is another photo, to which the words go; the old one keeps them but is neither found nor worked on', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a.jpg']);
    const [old = 0] = photoIds;
    await db.setOwnCaptions({ photoId: old, texts: ['old words'], now: 1 });
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 99 })]);
    const [changed] = await identifyAll(db, () => 'other bytes');
    expect(changed).toMatchObject({ known: false });
    const claimed = await db.claimPhotos({ wanted, together: true, limit: 5, now: 1 });
    expect(claimed.map((photo) => photo.photoId)).toEqual([changed?.photoId]);
    expect(await db.searchWords({ text: 'old words', limit: 5 })).toMatchObject({ photoIds: [changed?.photoId] });
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 10 })]);
    await identifyAll(db, () => path.join(pictures, 'a.jpg'));
    expect(await db.searchWords({ text: 'old words', limit: 5 })).toMatchObject({ photoIds: [old] });
  });

  it('is not taken from bytes that a scan saw change since they were claimed', async () => {
    const { db, folderId } = await libraryOf(['a.jpg']);
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 50 })]);
    const [claimed] = await db.claimFiles({ limit: 1, now: 1 });
    if (!claimed) throw new Error('nothing claimed');
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 60 })]);
    expect(await db.identifyFiles({ files: [{ ...claimed, facts: factsOf('of 50 bytes') }], now: 1 })).toEqual([]);
    expect(await db.claimFiles({ limit: 1, now: 1 })).toMatchObject([{ sizeBytes: 60 }]);
  });

  it('keeps every fact, and adds those of a sidecar read later', async () => {
    const { db, folderId } = await libraryOf([]);
    const full = factsOf('bytes', {
      takenAt: '2019-07-04T18:03:11',
      offset: '+02:00',
      gps: { lat: 48.5, lon: -2.25 },
      camera: { make: 'Maker', model: 'One', lens: '35mm' },
      exposure: { timeSeconds: 0.004, fNumber: 2.8, iso: 200, focalLengthMm: 35 },
      orientation: 6,
      rating: 4,
      keywords: ['sea', 'été'],
      title: 'A title',
      description: 'A description',
    });
    await scan(db, folderId, [fileNamed('a.jpg')]);
    await identifyAll(db, () => full);
    const details = await db.photoByPath({ path: path.join(pictures, 'a.jpg') });
    expect(details).toMatchObject(full);
    await scan(db, folderId, [fileNamed('a.jpg'), fileNamed('b.jpg')]);
    await identifyAll(db, () => factsOf('bytes', { rating: 5 }));
    expect(await db.photoByPath({ path: path.join(pictures, 'b.jpg') })).toMatchObject({ ...full, rating: 5 });
  });

  it('survives facts that no photo can have', async () => {
    const { db, folderId } = await libraryOf([]);
    await scan(db, folderId, [fileNamed('a.jpg')]);
    const hostile = factsOf('bytes', {
      width: 1.5,
      height: Number.NaN,
      rating: Number.POSITIVE_INFINITY,
      orientation: -7.5,
    });
    await identifyAll(db, () => ({ ...hostile, title: 'x\u0000\ud800y' }));
    expect(await db.photoByPath({ path: path.join(pictures, 'a.jpg') })).toMatchObject({ width: null, height: null });
  });

  it('links files to photos as a plain model says, whatever comes and goes', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg'];
    const tree = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('x', 'yy', 'zzz'), { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(fc.array(tree, { maxLength: 8 }), async (trees) => {
        const { db, folderId, close } = await libraryOf([]);
        const idOf = new Map<string, number>();
        for (const files of trees) {
          await scan(
            db,
            folderId,
            Object.entries(files).map(([name, content]) => fileNamed(name, { sizeBytes: content.length })),
          );
          await identifyAll(db, (filePath) => files[path.basename(filePath)] ?? '');
          for (const [name, content] of Object.entries(files)) {
            const photo = await db.photoByPath({ path: path.join(pictures, name) });
            expect(photo?.sha256).toBe(factsOf(content).sha256);
            expect(idOf.get(content) ?? photo?.photoId).toBe(photo?.photoId);
            idOf.set(content, photo?.photoId ?? 0);
          }
          const shown = await db.summaries({ photoIds: [...idOf.values()] });
          const live = new Set(Object.values(files));
          expect(new Set(shown.map((photo) => photo.photoId))).toEqual(
            new Set([...live].map((content) => idOf.get(content))),
          );
        }
        await close();
      }),
      { numRuns: 20 },
    );
  });
});
