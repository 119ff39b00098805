// What a gallery and a viewer get of photos: columns in order, flags, labels, revisions.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import type { PhotoFacts } from '../../../../main/library-db/library-rows.ts';
import { undatedMs } from '../../../../main/library-db/photo-facts.ts';
import { toTimeline } from '../../../../main/library-db/timeline.ts';
import { type Timeline, timelineFlags, undatedDay, unpackTimeline } from '../../../../preload/contract/timeline.ts';
import {
  factsOf,
  fileNamed,
  identifyAll,
  imageModel,
  libraryOf,
  resultOf,
  scan,
  temporaryLibrary,
  unitVector,
  wanted,
} from '../../../helpers/library-db.ts';

const dayMs = 86_400_000;
const midGrey = 33_808;

async function timelineOf(db: LibraryDb): Promise<Timeline> {
  const packed = await db.timelineColumns();
  return unpackTimeline(packed.buffer.slice(packed.byteOffset, packed.byteOffset + packed.byteLength) as ArrayBuffer);
}

/** A library whose photos have these facts, in this order; ids in the same order. */
async function libraryWith(facts: readonly Partial<PhotoFacts>[]) {
  const library = await temporaryLibrary();
  const { folder } = await library.db.registerFolder({ path: '/pictures', now: 1 });
  const files = facts.map((_, at) => fileNamed(`${at}.jpg`, { mtimeMs: (1_000 - at) * dayMs }));
  await scan(library.db, folder.id, files);
  await identifyAll(library.db, (file) => {
    const at = Number(path.basename(file, '.jpg'));
    return { ...factsOf(file), ...facts[at] };
  });
  return { ...library, folderId: folder.id };
}

describe('the timeline', () => {
  it('has the newest day first, by the date taken, else by that of the file, and undated photos last', async () => {
    const { db } = await libraryWith([
      { takenAt: '2019-07-04T23:30:00' },
      { takenAt: '1955-05-01T12:00:00' },
      { takenAt: null },
      { takenAt: '2019-07-05T00:00:01' },
      { takenAt: 'no date at all' },
    ]);
    const { folder } = await db.registerFolder({ path: '/undated', now: 1 });
    await scan(db, folder.id, [fileNamed('old.jpg', { mtimeMs: 0 })]);
    await identifyAll(db, (file) => ({ ...factsOf(file), takenAt: null }));
    const { ids, days } = await timelineOf(db);
    const dayOf = (date: string): number => Date.parse(date) / dayMs;
    expect([...ids]).toEqual([4, 1, 3, 5, 2, 6]);
    expect([...days]).toEqual([
      dayOf('2019-07-05'),
      dayOf('2019-07-04'),
      expect.any(Number),
      expect.any(Number),
      dayOf('1955-05-01'),
      undatedDay,
    ]);
    expect(Math.abs((days[2] ?? 0) - 998)).toBeLessThanOrEqual(1);
  });

  it('has the ratio of the photo as it is shown', async () => {
    const { db } = await libraryWith([
      { width: 4000, height: 3000, orientation: 1 },
      { width: 4000, height: 3000, orientation: 6 },
      { width: 60_000, height: 30, orientation: null },
      { width: 30, height: 60_000, orientation: null },
      { width: null, height: null },
      { width: 2 ** 52, height: 1 },
    ]);
    const { ids, ratios } = await timelineOf(db);
    const byId = [...ids].map((id, at) => [id, ratios[at]]).sort(([a = 0], [b = 0]) => a - b);
    expect(byId.map(([, ratio]) => ratio)).toEqual([1333, 750, 10_000, 100, 1000, 10_000]);
  });

  it('says which photos wait, failed, are favourites, in part, away or moving, and in what colour', async () => {
    const { db, folderId } = await libraryWith(Array.from({ length: 6 }, () => ({})));
    const { folder } = await db.registerFolder({ path: '/drive', now: 1 });
    await scan(db, folder.id, [fileNamed('away.jpg'), fileNamed('copy.jpg')]);
    await identifyAll(db, (file) => (file.endsWith('copy.jpg') ? factsOf('/pictures/0.jpg') : file));
    const thumbnail = { bytes: Buffer.from('t'), width: 4, height: 3, format: 'webp', colour: 0xf81f };
    await db.completePhotos({
      results: [
        { ...resultOf(1), thumbnail },
        { ...resultOf(2), damaged: true },
        { ...resultOf(3), animated: true },
        resultOf(4),
      ],
      now: 1,
    });
    await db.failPhotos({
      photos: [{ photoId: 5, stages: wanted.slice(0, 1), code: 'decode/corrupt', message: 'broken' }],
      now: 1,
    });
    await db.setFavourite({ photoIds: [4, 5], favourite: true, now: 1 });
    await db.setOffline({ folderIds: [folder.id] });
    const { ids, flags, colours } = await timelineOf(db);
    const flagsOf = new Map([...ids].map((id, at) => [id, flags[at]]));
    const { favourite, damaged, missing, waiting, failed, animated } = timelineFlags;
    expect(flagsOf).toEqual(
      new Map([
        [1, 0],
        [2, damaged],
        [3, animated],
        [4, favourite],
        [5, favourite | failed | waiting],
        [6, waiting],
        [7, waiting | missing],
      ]),
    );
    expect(colours[[...ids].indexOf(1)]).toBe(0xf81f);
    expect(colours[[...ids].indexOf(2)]).toBe(midGrey);
    await db.setOffline({ folderIds: [folder.id, folderId] });
    const allAway = await timelineOf(db);
    expect([...allAway.flags].every((value) => (value & missing) !== 0)).toBe(true);
  });

  it('leaves out what is gone from a folder that is there', async () => {
    const { db, folderId } = await libraryOf(['a.jpg', 'b.jpg']);
    await scan(db, folderId, [fileNamed('b.jpg')]);
    expect([...(await timelineOf(db)).ids]).toHaveLength(1);
    expect(await db.revision()).toMatchObject({ photos: 1 });
  });

  it('takes over a date that a second file of the same photo brings', async () => {
    const { db, folderId } = await libraryWith([{ takenAt: null }]);
    await scan(db, folderId, [fileNamed('0.jpg', { mtimeMs: 1_000 * dayMs }), fileNamed('1.jpg')]);
    await identifyAll(db, () => ({ ...factsOf('/pictures/0.jpg'), takenAt: '2001-02-03T04:05:06' }));
    expect([...(await timelineOf(db)).days]).toEqual([Date.parse('2001-02-03') / dayMs]);
  });

  it('is in order whatever the dates, later ids first within a second', () => {
    const time = fc.oneof(
      fc.constant(undatedMs),
      fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }).map((seconds) => seconds * 1000),
      fc.integer({ min: 0, max: 3 }).map((seconds) => seconds * 1000),
    );
    fc.assert(
      fc.property(fc.array(time, { maxLength: 200 }), (newest) => {
        const ids = newest.map((_, at) => at + 1);
        const timeline = toTimeline({
          revision: 1,
          ids,
          newest,
          cells: ids.map(() => 0),
          favourites: [],
          failed: [],
          away: [],
        });
        const expected = ids
          .map((id) => ({ id, at: newest[id - 1] as number }))
          .sort((a, b) => b.at - a.at || b.id - a.id)
          .map(({ id }) => id);
        expect([...timeline.ids]).toEqual(expected);
      }),
    );
  });
});

describe('the revision', () => {
  it('rises with every change of what is shown, and with no other', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [photoId = 0, other = 0] = photoIds;
    let last = (await db.revision()).revision;
    const rises = async (change: () => Promise<unknown>): Promise<boolean> => {
      const before = last;
      await change();
      last = (await db.revision()).revision;
      return last > before;
    };
    const both = [fileNamed('a.jpg'), fileNamed('b.jpg')];
    const answers = {
      looked: await rises(() => db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 })),
      captioned: await rises(() => db.setOwnCaptions({ photoId, texts: ['Rex'], now: 1 })),
      revertedCaption: await rises(() => db.setOwnCaptions({ photoId, texts: [], now: 1 })),
      favourite: await rises(() => db.setFavourite({ photoIds, favourite: true, now: 1 })),
      away: await rises(() => db.setOffline({ folderIds: [folderId] })),
      back: await rises(() => db.setOffline({ folderIds: [] })),
      gone: await rises(() => scan(db, folderId, [fileNamed('a.jpg')])),
      returned: await rises(() => scan(db, folderId, both)),
      failed: await rises(() =>
        db.failPhotos({
          photos: [{ photoId: other, stages: wanted.slice(0, 1), code: 'decode/corrupt', message: 'x' }],
          now: 1,
        }),
      ),
      coloured: await rises(() => db.setColours({ colours: [{ photoId, colour: 5 }] })),
      excluded: await rises(() => db.setExclude({ folderId, exclude: ['b.jpg'] })),
      removed: await rises(() => db.removeFolder({ folderId, now: 9 })),
      restored: await rises(() => db.restoreFolder({ folderId })),
    };
    expect(Object.entries(answers).filter(([, rose]) => !rose)).toEqual([]);
    while ((await db.settleFolders({ limit: 9, now: 9 })).left);
    await rises(async () => undefined);
    const same = {
      favourite: await rises(() => db.setFavourite({ photoIds, favourite: true, now: 2 })),
      scan: await rises(() => scan(db, folderId, [fileNamed('a.jpg')])),
      away: await rises(() => db.setOffline({ folderIds: [] })),
      claims: await rises(() => db.claimPhotos({ wanted, together: true, limit: 5, now: 1 })),
      settings: await rises(() => db.writeSettings({ values: { theme: 'dark' } })),
    };
    expect(Object.entries(same).filter(([, rose]) => rose)).toEqual([]);
  });
});

describe('photoCells', () => {
  it('are labelled by the person, else by the model, else by the file, in the order asked', async () => {
    const { db, photoIds, folderId } = await libraryOf(['deep/in/a.jpg', 'b.jpg', 'c.jpg', 'd.jpg']);
    const [a = 0, b = 0, c = 0, d = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(b, 'a dog'), resultOf(c, 'a cat')], now: 1 });
    await db.setOwnCaptions({ photoId: c, texts: ['Rex'], now: 1 });
    const remaining = ['deep/in/a.jpg', 'b.jpg', 'c.jpg'].map((name) => fileNamed(name));
    await scan(db, folderId, remaining);
    expect(await db.photoCells({ photoIds: [c, 999, d, b, a] })).toEqual({
      photoIds: [c, b, a],
      labels: ['Rex', 'a dog', 'a.jpg'],
      mediaRevisions: [1, 1, 0],
    });
  });
});

describe('photoView', () => {
  it('has the facts, the captions of both kinds and the marks of a photo', async () => {
    const { db, photoIds } = await libraryOf(['in/a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [{ ...resultOf(photoId, 'a dog'), damaged: true }], now: 1 });
    await db.setOwnCaptions({ photoId, texts: ['Rex'], now: 1 });
    await db.setFavourite({ photoIds, favourite: true, now: 1 });
    expect(await db.photoView({ photoId })).toMatchObject({
      photoId,
      path: path.join('/pictures/Holiday', 'in', 'a.jpg'),
      relPath: 'in/a.jpg',
      folderPath: '/pictures/Holiday',
      caption: { text: 'Rex', source: 'person', model: null },
      generatedCaptions: ['a dog'],
      favourite: true,
      damaged: true,
      missing: false,
      mediaRevision: 1,
      vectors: [{ kind: 'image', model: imageModel, dim: 8 }],
    });
    expect(await db.photoView({ photoId: 999 })).toBeNull();
  });

  it('of a photo whose file is gone or away says so, and has its last path', async () => {
    const { db, photoIds, folderId } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    await db.setOffline({ folderIds: [folderId] });
    const away = await db.photoView({ photoId });
    expect(await db.photoFile({ photoId })).toMatchObject({ path: away?.path });
    await db.setOffline({ folderIds: [] });
    await scan(db, folderId, []);
    const gone = await db.photoView({ photoId });
    expect([away, gone]).toMatchObject(Array(2).fill({ missing: true, path: path.join('/pictures/Holiday', 'a.jpg') }));
    expect(await db.photoFile({ photoId })).toBeNull();
  });
});

describe('setFavourite', () => {
  it('answers what was not so before, and passes over what is no photo', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    expect(await db.setFavourite({ photoIds: [a], favourite: true, now: 1 })).toEqual({ changed: [a] });
    expect(await db.setFavourite({ photoIds: [a, b, 999], favourite: true, now: 1 })).toEqual({ changed: [b] });
    expect(await db.setFavourite({ photoIds: [a, 999], favourite: false, now: 1 })).toEqual({ changed: [a] });
    expect(await db.setFavourite({ photoIds: [a], favourite: false, now: 1 })).toEqual({ changed: [] });
  });
});

describe('pictures', () => {
  it('have another number each time they are made, and none is kept for one that is lost', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    expect(await db.thumbnail({ photoId })).toBeNull();
    await db.completePhotos({ results: [resultOf(photoId)], now: 1 });
    await db.completePhotos({ results: [resultOf(photoId)], now: 1 });
    expect(await db.thumbnail({ photoId })).toMatchObject({ revision: 2, width: 4 });
  });

  it('without a known colour are given out until it is set; one that cannot be read is made anew', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg', 'c.jpg']);
    const [a = 0, b = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(a), resultOf(b)], now: 1 });
    const found = await db.thumbnailsWithoutColour({ limit: 10 });
    expect(found.map(({ photoId, bytes }) => [photoId, Buffer.from(bytes).toString()])).toEqual([
      [b, `thumbnail ${b}`],
      [a, `thumbnail ${a}`],
    ]);
    await db.setColours({
      colours: [
        { photoId: a, colour: 77 },
        { photoId: b, colour: null },
      ],
    });
    expect(await db.thumbnailsWithoutColour({ limit: 10 })).toEqual([]);
    const { ids, flags, colours } = await timelineOf(db);
    const at = (id: number): number => [...ids].indexOf(id);
    expect([colours[at(a)], flags[at(a)], flags[at(b)]]).toEqual([77, 0, timelineFlags.waiting]);
    const claimed = await db.claimPhotos({ wanted: wanted.slice(0, 1), together: true, limit: 10, now: 1 });
    expect(claimed.map((photo) => photo.photoId)).toContain(b);
  });
});

describe('vectorOf', () => {
  it('is the stored vector, or null', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(photoId)], now: 1 });
    expect(await db.vectorOf({ photoId, kind: 'image', modelId: imageModel })).toEqual(unitVector(photoId));
    expect(await db.vectorOf({ photoId, kind: 'caption', modelId: imageModel })).toBeNull();
    expect(await db.vectorOf({ photoId: 99, kind: 'image', modelId: imageModel })).toBeNull();
  });
});
