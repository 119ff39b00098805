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

const look = wanted.slice(0, 1);
const sha256 = factsOf('poison').sha256;

/** A library of files that were seen and not identified. */
async function withUnread(names: readonly string[]) {
  const { db } = await temporaryLibrary();
  const { folder } = await db.registerFolder({ path: '/pictures', now: 1 });
  await scan(
    db,
    folder.id,
    names.map((name) => fileNamed(name)),
  );
  const files = await db.claimFiles({ limit: 10, now: 1 });
  return { db, folderId: folder.id, ids: files.map(({ fileId }) => fileId) };
}

describe('poisons', () => {
  it('are counted by their bytes: a copy’s strike is the second one', async () => {
    const { db, ids } = await withUnread(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = ids;
    expect(await db.strikeFiles({ files: [{ fileId: a, sha256 }], now: 1 })).toEqual({ poisoned: [] });
    expect(await db.useDecoder({ version: '1' })).toEqual({ poisons: [] });
    expect(await db.strikeFiles({ files: [{ fileId: b, sha256 }], now: 1 })).toEqual({ poisoned: [b] });
    expect(await db.useDecoder({ version: '1' })).toEqual({ poisons: [sha256] });
  });

  it('count by file where the bytes could not be read', async () => {
    const { db, ids } = await withUnread(['a.jpg']);
    const files = ids.map((fileId) => ({ fileId, sha256: null }));
    expect(await db.strikeFiles({ files, now: 1 })).toEqual({ poisoned: [] });
    expect(await db.strikeFiles({ files, now: 1 })).toEqual({ poisoned: ids });
  });

  it('are tried again by another decoder, as is all that the last one could not read', async () => {
    const { db, ids } = await withUnread(['a.jpg', 'b.jpg', 'c.jpg']);
    const [a = 0, b = 0, c = 0] = ids;
    await db.useDecoder({ version: '1' });
    for (let tries = 0; tries < 2; tries++) await db.strikeFiles({ files: [{ fileId: a, sha256 }], now: 1 });
    await db.failFiles({ files: [{ fileId: b, code: 'decode/unsupported', message: 'unknown' }], now: 1 });
    await db.failFiles({ files: [{ fileId: c, code: 'fs/denied', message: 'denied' }], now: 1 });
    expect(await db.claimFiles({ limit: 10, now: 1 })).toEqual([]);
    expect(await db.useDecoder({ version: '2' })).toEqual({ poisons: [] });
    expect((await db.claimFiles({ limit: 10, now: 1 })).map(({ fileId }) => fileId).sort()).toEqual([a, b].sort());
  });

  it('stay left out when models change, and are known by hash before any photo stands for them', async () => {
    const { db, photoIds } = await libraryOf(['a.jpg', 'b.jpg']);
    const [a = 0, b = 0] = photoIds;
    const photos = [{ photoId: a, stages: look }];
    for (let tries = 0; tries < 2; tries++) {
      await db.claimPhotos({ wanted: look, together: false, limit: 10, now: 1 });
      await db.strikePhotos({ photos, now: 1 });
    }
    await db.completePhotos({ results: [resultOf(b)], now: 1 });
    const newer = [{ stage: 'look', version: 'other' }] as const;
    const claimed = await db.claimPhotos({ wanted: newer, together: false, limit: 10, now: 1 });
    expect(claimed.map(({ photoId }) => photoId)).toEqual([b]);
    expect(await db.counts({ wanted: newer })).toMatchObject({ pending: 1, failed: 1 });
    // Its photo answers for it: a copy is linked to it and needs no reading.
    expect(await db.useDecoder({ version: '1' })).toEqual({ poisons: [] });
  });

  it('are tried again where the person asks for it', async () => {
    const { db, ids, folderId } = await withUnread(['a.jpg']);
    for (let tries = 0; tries < 2; tries++) {
      await db.strikeFiles({ files: ids.map((fileId) => ({ fileId, sha256 })), now: 1 });
    }
    await db.retryFiles({ fileIds: ids });
    expect(await db.useDecoder({ version: '1' })).toEqual({ poisons: [] });
    expect(await identifyAll(db)).toHaveLength(1);
    expect((await db.folderOutcome({ folderIds: [folderId], wanted: [] })).failed).toBe(0);
  });
});
