// The person's words go with a file whose content is edited, as soon as that is sure, and never over words that they wrote meanwhile.
import { describe, expect, it } from 'vitest';
import { factsOf, fileNamed, identifyAll, libraryOf, scan } from '../../../helpers/library-db.ts';

/** The made-up photos' bytes are their paths. */
const oldSize = '/pictures/Holiday/a.jpg'.length;

/** A captioned favourite that was edited, beside a file that is not read yet and might be where its old content went. */
async function editedLibrary() {
  const library = await libraryOf(['a.jpg']);
  const { db, folderId } = library;
  const [old = 0] = library.photoIds;
  await db.setOwnCaptions({ photoId: old, texts: ['old words'], now: 1 });
  await db.setFavourite({ photoIds: [old], favourite: true, now: 1 });
  return { db, folderId, old };
}

async function edit(db: Awaited<ReturnType<typeof editedLibrary>>['db'], folderId: number): Promise<number> {
  await scan(db, folderId, [
    fileNamed('a.jpg', { sizeBytes: 99, mtimeMs: 5_000 }),
    fileNamed('later.jpg', { sizeBytes: oldSize }),
  ]);
  const [file] = await db.claimFiles({ limit: 1, now: 1e9 });
  if (!file) throw new Error('nothing to read');
  const [identified] = await db.identifyFiles({ files: [{ ...file, facts: factsOf('edited') }], now: 2 });
  return identified?.photoId ?? 0;
}

describe('words of an edited photo', () => {
  it('wait until it is sure that the old content lies nowhere else', async () => {
    const { db, folderId } = await editedLibrary();
    const photoId = await edit(db, folderId);
    expect((await db.photoView({ photoId }))?.caption).toBeNull();
    await identifyAll(db);
    expect(await db.photoView({ photoId })).toMatchObject({ favourite: true, caption: { text: 'old words' } });
  });

  it('are not put over those that the person gives it meanwhile; the mark goes with it all the same', async () => {
    const { db, folderId } = await editedLibrary();
    const photoId = await edit(db, folderId);
    await db.setOwnCaptions({ photoId, texts: ['newer words'], now: 3 });
    await identifyAll(db);
    expect(await db.photoView({ photoId })).toMatchObject({ favourite: true, caption: { text: 'newer words' } });
  });

  /** The file is edited once more while its first content may still turn up. */
  async function editAgain(db: Awaited<ReturnType<typeof editedLibrary>>['db'], folderId: number): Promise<number> {
    await scan(db, folderId, [
      fileNamed('a.jpg', { sizeBytes: 98, mtimeMs: 6_000 }),
      fileNamed('later.jpg', { sizeBytes: oldSize }),
    ]);
    const [file] = await db.claimFiles({ limit: 1, now: 2e9 });
    if (!file) throw new Error('nothing to read');
    const [identified] = await db.identifyFiles({ files: [{ ...file, facts: factsOf('edited again') }], now: 3 });
    await identifyAll(db);
    return identified?.photoId ?? 0;
  }

  it('go on to the newest content of a file that is edited again while they wait', async () => {
    const { db, folderId } = await editedLibrary();
    await edit(db, folderId);
    const photoId = await editAgain(db, folderId);
    expect(await db.photoView({ photoId })).toMatchObject({ favourite: true, caption: { text: 'old words' } });
  });

  it('give way to those that the person gave it between two edits', async () => {
    const { db, folderId } = await editedLibrary();
    const between = await edit(db, folderId);
    await db.setOwnCaptions({ photoId: between, texts: ['words in between'], now: 3 });
    const photoId = await editAgain(db, folderId);
    expect(await db.photoView({ photoId })).toMatchObject({ caption: { text: 'words in between' } });
  });

  it('come back with the old content where the edit is undone', async () => {
    const { db, folderId, old } = await editedLibrary();
    const photoId = await edit(db, folderId);
    await identifyAll(db);
    await db.setOwnCaptions({ photoId, texts: ['newer words'], now: 3 });
    await scan(db, folderId, [fileNamed('a.jpg', { mtimeMs: 6_000 }), fileNamed('later.jpg', { sizeBytes: oldSize })]);
    await identifyAll(db, () => '/pictures/Holiday/a.jpg');
    expect((await db.photoView({ photoId: old }))?.caption?.text).toBe('newer words');
  });

  it('do not wait for files that cannot be reached', async () => {
    const { db, folderId } = await editedLibrary();
    const { folder: away } = await db.registerFolder({ path: '/away', now: 1 });
    await scan(db, away.id, [fileNamed('unread.jpg', { inode: '9:1', sizeBytes: oldSize })]);
    await db.setOffline({ folderIds: [away.id] });
    await scan(db, folderId, [fileNamed('a.jpg', { sizeBytes: 99, mtimeMs: 5_000 })]);
    const [identified] = await identifyAll(db, () => 'edited');
    const photoId = identified?.photoId ?? 0;
    expect(await db.photoView({ photoId })).toMatchObject({ favourite: true, caption: { text: 'old words' } });
  });
});
