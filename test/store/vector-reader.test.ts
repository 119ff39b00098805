// Following the vectors from outside: a follower that only reads changes holds what the library holds, whatever happened in between.
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import { openForWriting } from '../../main/store/open-database.ts';
import { openVectorReader, type VectorCursor, type VectorReader, vectorStart } from '../../main/store/vector-reader.ts';
import { fileNamed, imageModel, libraryOf, resultOf, scan, unitVector } from '../helpers/library-db.ts';

/** An index's view of one model's vectors, kept by changes alone. */
function follower(reader: VectorReader, kind: string, modelId: string, limit: number) {
  const rows = new Map<number, number[]>();
  let cursor: VectorCursor = vectorStart;
  return {
    rows,
    catchUp(): void {
      let more = true;
      while (more) {
        const changes = reader.changesSince(kind, modelId, cursor, limit);
        for (const photoId of [...changes.removed, ...changes.damaged]) rows.delete(photoId);
        for (const [index, photoId] of changes.photoIds.entries()) {
          rows.set(photoId, [...changes.data.subarray(index * changes.dim, (index + 1) * changes.dim)]);
        }
        cursor = changes.cursor;
        more = changes.more;
      }
    },
    seq: () => cursor.seq,
  };
}

async function vectorise(db: LibraryDb, photoId: number, axis: number, modelId = imageModel): Promise<void> {
  const vectors = [{ kind: 'image' as const, modelId, data: unitVector(axis) }];
  await db.completePhotos({ results: [{ photoId, done: [], vectors }], now: 1 });
}

describe('openVectorReader', () => {
  it('delivers all vectors in pieces, then each change once, and nothing where nothing changed', async () => {
    const { folder, db, photoIds } = await libraryOf(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']);
    const [a = 0, b = 0] = photoIds;
    await db.completePhotos({ results: photoIds.map((photoId) => resultOf(photoId)), now: 1 });
    const reader = openVectorReader(folder);
    const pieces: number[][] = [];
    let cursor = vectorStart;
    for (let more = true; more; ) {
      const piece = reader.changesSince('image', imageModel, cursor, 2);
      pieces.push([...piece.photoIds]);
      ({ cursor, more } = piece);
    }
    expect(pieces).toEqual([photoIds.slice(0, 2), photoIds.slice(2, 4), photoIds.slice(4)]);
    expect(cursor).toEqual({ seq: reader.lastSeq(), after: -1 });
    await vectorise(db, a, 6);
    await vectorise(db, b, 7, 'other@1/image');
    const change = reader.changesSince('image', imageModel, cursor, 10);
    expect({ ids: [...change.photoIds], data: [...change.data], removed: [...change.removed] }).toEqual({
      ids: [a],
      data: [...unitVector(6)],
      removed: [],
    });
    expect(change.cursor.seq).toBe(reader.lastSeq());
    expect(reader.changesSince('image', imageModel, change.cursor, 10).photoIds).toHaveLength(0);
    reader.close();
  });

  it('reads the vectors of given photos in the order asked, null where there is none', async () => {
    const { folder, db, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    await vectorise(db, a, 1);
    await vectorise(db, b, 2);
    const reader = openVectorReader(folder);
    expect(reader.vectorsOf('image', imageModel, [b, 999, a])).toEqual([unitVector(2), null, unitVector(1)]);
    expect(reader.vectorsOf('caption', imageModel, [a])).toEqual([null]);
    expect(reader.spaces()).toEqual([{ kind: 'image', modelId: imageModel, dim: 8, rows: 2 }]);
    reader.close();
  });

  it('leaves out vectors that were damaged on disk', async () => {
    const { folder, db, photoIds, close } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    await vectorise(db, a, 1);
    await vectorise(db, b, 2);
    await close();
    const raw = openForWriting(path.join(folder, 'library.db'), Number.MAX_SAFE_INTEGER);
    raw.prepare('UPDATE vectors SET data = zeroblob(32) WHERE photo_id = ?').run(a);
    raw.close();
    const reader = openVectorReader(folder);
    const { photoIds: sound, damaged } = reader.changesSince('image', imageModel, vectorStart, 10);
    expect({ sound: [...sound], damaged: [...damaged] }).toEqual({ sound: [b], damaged: [a] });
    expect(reader.vectorsOf('image', imageModel, [a])).toEqual([null]);
    reader.close();
  });

  it('refuses a vector of another dimension than the model has', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg']);
    const [a = 0] = photoIds;
    await vectorise(db, a, 1);
    const vectors = [{ kind: 'image' as const, modelId: imageModel, data: unitVector(1, 16) }];
    await expect(db.completePhotos({ results: [{ photoId: a, done: [], vectors }], now: 1 })).rejects.toMatchObject({
      code: 'store/failed',
      message: expect.stringMatching(/8 numbers, this one 16/),
    });
  });

  it('lets a follower hold what the library holds after any changes, files gone and back included', async () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'];
    const step = fc.oneof(
      fc.record({ does: fc.constant('vector' as const), which: fc.nat(3), axis: fc.nat(7) }),
      fc.record({ does: fc.constant('files' as const), present: fc.subarray(names) }),
      fc.record({ does: fc.constant('own' as const), which: fc.nat(3), remove: fc.boolean() }),
      fc.constant({ does: 'follow' as const }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 5 }), async (steps, limit) => {
        const { folder, folderId, db, photoIds, close } = await libraryOf(names);
        const reader = openVectorReader(folder);
        const index = follower(reader, 'image', imageModel, limit);
        const stored = new Map<number, number[]>();
        let present = names;
        for (const change of steps) {
          if (change.does === 'follow') index.catchUp();
          else if (change.does === 'files') {
            present = change.present;
            await scan(
              db,
              folderId,
              present.map((name) => fileNamed(name)),
            );
          } else {
            const photoId = photoIds[change.which] ?? 0;
            if (change.does === 'own')
              await db.setOwnCaptions({ photoId, texts: change.remove ? [] : ['mine'], now: 1 });
            else {
              await vectorise(db, photoId, change.axis);
              stored.set(photoId, [...unitVector(change.axis)]);
            }
          }
        }
        index.catchUp();
        const live = photoIds.filter((_id, position) => present.includes(names[position] ?? ''));
        const expected = new Map([...stored].filter(([photoId]) => live.includes(photoId)));
        expect(new Map([...index.rows].sort())).toEqual(new Map([...expected].sort()));
        expect(index.seq()).toBe(reader.lastSeq());
        reader.close();
        await close();
      }),
      { numRuns: 25 },
    );
  });
});
