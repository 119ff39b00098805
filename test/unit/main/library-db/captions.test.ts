// The person's own words: no model, merge or change of files ever alters them.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../../../main/library-db/library-db.ts';
import { openForReading } from '../../../../main/store/open-database.ts';
import {
  factsOf,
  fileNamed,
  identifyAll,
  libraryOf,
  resultOf,
  scan,
  unitVector,
  wanted,
} from '../../../helpers/library-db.ts';

const own = wanted.slice(2);
const ownVector = { kind: 'own', modelId: 'pack@1/sentence', data: unitVector(1) } as const;

async function claimOwn(db: LibraryDb): Promise<readonly (readonly string[])[]> {
  return (await db.claimPhotos({ wanted: own, together: true, limit: 5, now: 1 })).map((photo) => photo.ownCaptions);
}

describe('setOwnCaptions', () => {
  it("shows the person's caption before a generated one, which stays beneath", async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    const caption = async () => (await db.photoByPath({ path: '/pictures/Holiday/a.jpg' }))?.caption;
    await db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 });
    expect(await caption()).toEqual({ text: 'a dog', source: 'model', model: 'captioner' });
    await db.setOwnCaptions({ photoId, texts: ['Rex', '  ', 'at the sea'], now: 1 });
    expect(await caption()).toEqual({ text: 'Rex', source: 'person', model: null });
    expect(await claimOwn(db)).toEqual([['Rex', 'at the sea']]);
    await db.setOwnCaptions({ photoId, texts: [], now: 1 });
    expect(await caption()).toEqual({ text: 'a dog', source: 'model', model: 'captioner' });
    expect(await claimOwn(db)).toEqual([]);
  });

  it('stay where a model describes the photo anew', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    await db.completePhotos({ results: [resultOf(photoId, 'a dog')], now: 1 });
    await db.setOwnCaptions({ photoId, texts: ['Rex'], now: 2 });
    await db.completePhotos({ results: [resultOf(photoId, 'a brown dog')], now: 3 });
    expect((await db.photoByPath({ path: '/pictures/Holiday/a.jpg' }))?.caption).toMatchObject({ text: 'Rex' });
    expect(await claimOwn(db)).toEqual([['Rex']]);
  });

  it('makes their vector work to do, and drops one made of words that were there before', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [photoId = 0] = photoIds;
    const kinds = async () =>
      (await db.photoByPath({ path: '/pictures/Holiday/a.jpg' }))?.vectors.map((vector) => vector.kind);
    await db.setOwnCaptions({ photoId, texts: ['first'], now: 1 });
    expect(await claimOwn(db)).toEqual([['first']]);
    await db.setOwnCaptions({ photoId, texts: ['second'], now: 1 });
    await db.completePhotos({ results: [{ photoId, done: own, vectors: [ownVector] }], now: 1 });
    expect(await kinds()).toEqual([]);
    expect(await claimOwn(db)).toEqual([['second']]);
    await db.completePhotos({ results: [{ photoId, done: own, vectors: [ownVector] }], now: 1 });
    expect([await kinds(), await claimOwn(db)]).toEqual([['own'], []]);
    await db.setOwnCaptions({ photoId, texts: ['third'], now: 1 });
    expect(await kinds()).toEqual([]);
  });

  it('refuses a photo that is not there', async () => {
    const { db } = await libraryOf([]);
    await expect(db.setOwnCaptions({ photoId: 5, texts: ['x'], now: 1 })).rejects.toMatchObject({
      code: 'library/photo-not-found',
    });
  });
});

describe("the person's captions", () => {
  const names = ['a.jpg', 'b.jpg', 'c.jpg'];
  const step = fc.oneof(
    fc.record({
      does: fc.constant('write' as const),
      which: fc.nat(2),
      texts: fc.array(
        fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text.trim() !== ''),
        { maxLength: 3 },
      ),
    }),
    fc.record({ does: fc.constant('caption' as const), which: fc.nat(2), text: fc.string() }),
    fc.record({ does: fc.constant('model' as const), version: fc.constantFrom('1', '2') }),
    fc.record({ does: fc.constant('own vectors' as const), finish: fc.boolean() }),
    fc.record({ does: fc.constant('files' as const), contents: fc.array(fc.nat(2), { maxLength: 4 }) }),
    fc.record({ does: fc.constant('fail' as const), which: fc.nat(2), poison: fc.boolean() }),
  );

  it('are what they wrote last, after any edits, captions, model changes, merges and failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { db, folder, folderId, close } = await libraryOf([]);
        // Contents 0, 1 and 2 are the photos; files come, go, and are copies of each other.
        await scan(
          db,
          folderId,
          names.map((name) => fileNamed(name)),
        );
        const identified = await identifyAll(db, (filePath) => `content ${names.indexOf(filePath.slice(-5))}`);
        const ids = identified.map((file) => file.photoId);
        const written = new Map<number, string[]>();
        let size = 100;
        for (const change of steps) {
          if (change.does === 'write') {
            const photoId = ids[change.which] ?? 0;
            await db.setOwnCaptions({ photoId, texts: change.texts, now: 1 });
            written.set(photoId, change.texts);
          } else if (change.does === 'caption') {
            await db.completePhotos({ results: [resultOf(ids[change.which] ?? 0, change.text)], now: 1 });
          } else if (change.does === 'model') {
            const versions = wanted.map(({ stage }) => ({ stage, version: change.version }));
            await db.claimPhotos({ wanted: versions, together: true, limit: 2, now: 1 });
          } else if (change.does === 'own vectors') {
            const claimed = await db.claimPhotos({ wanted: own, together: true, limit: 2, now: 1 });
            const results = claimed.map(({ photoId }) => ({ photoId, done: own, vectors: [ownVector] }));
            if (change.finish) await db.completePhotos({ results, now: 1 });
            else await db.releaseClaims({ now: 1 });
          } else if (change.does === 'files') {
            size++;
            await scan(
              db,
              folderId,
              change.contents.map((_content, index) => fileNamed(`${index}.jpg`, { sizeBytes: size })),
            );
            const contentOf = (filePath: string): string => `content ${change.contents[Number(filePath.at(-5))] ?? 0}`;
            await identifyAll(db, (filePath) => factsOf(contentOf(filePath)));
          } else {
            const photos = [{ photoId: ids[change.which] ?? 0, stages: wanted }];
            if (change.poison) await db.strikePhotos({ photos, now: 1 });
            else
              await db.failPhotos({
                photos: photos.map((photo) => ({ ...photo, code: 'decode/corrupt', message: 'x' })),
                now: 1,
              });
          }
        }
        // Files of all three contents are back, so that every photo can be asked for.
        await scan(
          db,
          folderId,
          names.map((name) => fileNamed(name, { sizeBytes: 1 })),
        );
        await identifyAll(db, (filePath) => `content ${names.indexOf(filePath.slice(-5))}`);
        // Read as they are stored: a poison is given out for no version any more, and its words are kept all the same.
        const stored = openForReading(path.join(folder, 'library.db'));
        const rows = stored
          .prepare<[], { photoId: number; text: string }>(
            'SELECT photo_id AS photoId, text FROM own_captions ORDER BY photo_id, rank',
          )
          .all();
        stored.close();
        const seen = Map.groupBy(rows, ({ photoId }) => photoId);
        for (const [photoId, texts] of written)
          expect((seen.get(photoId) ?? []).map(({ text }) => text)).toEqual(texts);
        await close();
      }),
      { numRuns: 30 },
    );
  });
});
