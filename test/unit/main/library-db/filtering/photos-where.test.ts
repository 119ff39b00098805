// Conditions against the plainest reading of them, over every kind there is, while the library changes.
import { describe, expect, it } from 'vitest';
import { openLibrary } from '../../../../../main/library-db/store-library-db.ts';
import { photosOf } from '../../../../../main/platform/photo-set.ts';
import { libraryOf } from '../../../../helpers/library-db.ts';
import { fulfils } from './filter-oracle.ts';
import { anyFilter, chooser, toldLibrary } from './told-library.ts';

describe('photosWhere', () => {
  it('agrees with the oracle on 1,000 random queries over a library that changes', { timeout: 120_000 }, async () => {
    const { db, photos, change } = await toldLibrary(600, 5);
    const choose = chooser(6);
    const kinds = new Set<string>();
    const sizes = { none: 0, some: 0, all: 0 };
    for (let round = 0; round < 1_000; round++) {
      if (round % 4 === 0) await change();
      const filters = Array.from({ length: 1 + choose.below(3) }, () => anyFilter(choose));
      const expected = photos.filter((photo) => filters.every((filter) => fulfils(photo, filter)));
      const ids = expected.map(({ photoId }) => photoId).sort((a, b) => a - b);
      const found = await db.photosWhere({ filters });
      expect(found && [...photosOf(found)], JSON.stringify(filters)).toEqual(ids);
      for (const { kind } of filters) kinds.add(kind);
      sizes[ids.length === 0 ? 'none' : ids.length === photos.length ? 'all' : 'some']++;
    }
    expect(kinds.size).toBe(14);
    expect(sizes.some).toBeGreaterThan(500);
  });

  it('says the same to a program that only reads, also after another one has written', async () => {
    const { db, photos, change, folder } = await toldLibrary(60, 9);
    const reader = await openLibrary({ folder, mode: 'read', now: 1 });
    const choose = chooser(2);
    for (let round = 0; round < 60; round++) {
      await change();
      const filters = [anyFilter(choose)];
      const found = await reader.db.photosWhere({ filters });
      expect(found).toEqual(await db.photosWhere({ filters }));
      expect(found?.count).toBe(photos.filter((photo) => filters.every((filter) => fulfils(photo, filter))).length);
    }
    await reader.close();
  });

  it('is null without conditions, and follows files that come, move and go', async () => {
    const { db, folderId, photoIds } = await libraryOf(['a/1.jpg', 'a/2.jpg', 'b/3.jpg']);
    const inFolder = async (text: string) => {
      const found = await db.photosWhere({ filters: [{ kind: 'folder', not: false, text }] });
      return found && [...photosOf(found)];
    };
    expect(await db.photosWhere({ filters: [] })).toBeNull();
    expect(await inFolder('a')).toEqual(photoIds.slice(0, 2));
    expect(await inFolder('holiday')).toEqual(photoIds);
    await db.removeFolder({ folderId, now: 9_000 });
    await db.settleFolders({ limit: 2, now: 9_000 });
    expect((await inFolder('b'))?.length).toBe(1);
    await db.settleFolders({ limit: 9, now: 9_000 });
    expect(await inFolder('holiday')).toEqual([]);
    await db.restoreFolder({ folderId });
    await db.settleFolders({ limit: 9, now: 9_000 });
    expect(await inFolder('b')).toEqual(photoIds.slice(2));
  });

  it('takes impossible values for conditions that nothing fulfils', async () => {
    const { db } = await libraryOf(['1.jpg']);
    const none = async (filter: Parameters<typeof db.photosWhere>[0]['filters'][number]) =>
      expect((await db.photosWhere({ filters: [filter] }))?.count).toBe(0);
    await none({ kind: 'date', not: false, from: '2019-99-99', to: null });
    await none({ kind: 'near', not: false, points: [], radiusKm: 5 });
    await none({ kind: 'place', not: false, places: [] });
    await none({ kind: 'type', not: false, types: [] });
    await none({ kind: 'rating', not: false, least: 4, most: 2 });
    await none({ kind: 'phrase', not: false, text: '"dog" OR *' });
  });
});

describe('newestWhere', () => {
  it('lists the newest first as a gallery does, undated ones last', async () => {
    const { db, photos } = await toldLibrary(200, 3);
    const filters = [{ kind: 'caption', not: false, of: 'anyone' } as const];
    const passing = photos.filter((photo) => filters.every((filter) => fulfils(photo, filter)));
    const order = passing
      .sort((a, b) => (b.takenAt ?? '').localeCompare(a.takenAt ?? '') || b.photoId - a.photoId)
      .map(({ photoId }) => photoId);
    for (const limit of [1, 10, 150, 1_000])
      expect(await db.newestWhere({ filters, limit })).toEqual({
        photoIds: order.slice(0, limit),
        photos: passing.length,
      });
    expect(await db.newestWhere({ filters: [], limit: 5 })).toEqual({ photoIds: [], photos: 0 });
  });
});

describe('searchWords with conditions', () => {
  it('scores the photos that fulfil them as it scores them without, and lists no others', async () => {
    const { db } = await toldLibrary(300, 4);
    const choose = chooser(8);
    for (const text of ['dog', 'running on the beach', 'red cafe', 'img', 'xyz']) {
      const all = await db.searchWords({ text, limit: 10_000 });
      for (let round = 0; round < 10; round++) {
        const filters = [anyFilter(choose)];
        const passing = new Set(
          photosOf((await db.photosWhere({ filters })) ?? { bits: new Uint32Array(1), count: 0 }),
        );
        const kept = all.photoIds.map((_, i) => i).filter((i) => passing.has(all.photoIds[i] as number));
        const found = await db.searchWords({ text, limit: 10_000, filters });
        expect(found.photoIds).toEqual(kept.map((i) => all.photoIds[i]));
        expect(found.scores).toEqual(kept.map((i) => all.scores[i]));
      }
    }
  });
});

describe('vocabulary', () => {
  it('counts what present photos have, the commonest first', async () => {
    const { db, photos } = await toldLibrary(300, 12);
    const { cameras, lenses, folders, keywords, places } = await db.vocabulary();
    const count = (test: (photo: (typeof photos)[number]) => boolean): number => photos.filter(test).length;
    expect(new Map(cameras.map(({ text, photos: n }) => [text, n]))).toEqual(
      new Map([
        ['Canon EOS 5D', count(({ make }) => make === 'Canon')],
        ['SONY ILCE-7M3', count(({ make }) => make === 'SONY')],
        ['Apple iPhone 12', count(({ make }) => make === 'Apple')],
        ['Kodak', count(({ make }) => make === 'Kodak')],
      ]),
    );
    expect(lenses).toContainEqual({ text: 'Sigma 35mm', photos: count(({ lens }) => lens === 'Sigma 35mm') });
    expect(folders.map(({ text }) => text)).toEqual(expect.arrayContaining(['Holiday Pictures', '2019', 'New York']));
    expect(keywords.find(({ text }) => text === 'Family')?.photos).toBe(
      photos.reduce((sum, { tags }) => sum + tags.filter((tag) => tag === 'Family').length, 0),
    );
    expect(places).toContainEqual({
      country: 'IS',
      region: null,
      city: null,
      photos: count(({ place }) => place?.country === 'IS'),
    });
    for (const list of [cameras, lenses, folders, keywords, places])
      expect(list.map(({ photos: n }) => n)).toEqual(list.map(({ photos: n }) => n).sort((a, b) => b - a));
  });
});
