// What a person decided of files is their own data too: failures that they ignore, and words that wait to go with an edited file, in the export and after a restoration.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { migrate } from '../../main/store/migrate.ts';
import { librarySteps } from '../../main/store/migrations/steps.ts';
import { openForWriting, writing } from '../../main/store/open-database.ts';
import { suspectDamage } from '../../main/store/open-library-files.ts';
import { attachOwnData, fromLines, noOwnData, readOwnData, toLines } from '../../main/store/own-data.ts';
import type { IgnoredFile } from '../../main/store/own-files.ts';
import { factsOf, fileNamed, identifyAll, scan, temporaryFolder } from '../helpers/library-db.ts';
import { ownDataIn } from '../helpers/lived-in-library.ts';

const [oldHash, newHash] = [factsOf('old content').sha256, factsOf('new').sha256];
const words = { captions: ['old words'], favouriteSince: 9 };

/**
 * A captioned favourite that was edited, while its words wait for `unread.jpg`, which might hold the old content; and two files that failed, of which
 * `one.jpg` is ignored.
 */
async function ownedLibrary() {
  const folder = temporaryFolder();
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 1, random: () => 0 });
  const { folder: pictures } = await db.registerFolder({ path: '/pictures', now: 1 });
  const failing = [fileNamed('one.jpg', { sizeBytes: 3 }), fileNamed('two.jpg', { sizeBytes: 3 })];
  await scan(db, pictures.id, failing);
  const fail = { code: 'decode/corrupt', message: 'cut off' } as const;
  const claimed = await db.claimFiles({ limit: 2, now: 1e9 });
  await db.failFiles({ files: claimed.map(({ fileId }) => ({ fileId, ...fail })), now: 1 });
  await scan(db, pictures.id, [...failing, fileNamed('a.jpg', { sizeBytes: 11 })]);
  const [old] = await identifyAll(db, () => 'old content');
  await db.setOwnCaptions({ photoId: old?.photoId ?? 0, texts: words.captions, now: 2 });
  await db.setFavourite({ photoIds: [old?.photoId ?? 0], favourite: true, now: words.favouriteSince });
  const edited = fileNamed('a.jpg', { sizeBytes: 3, mtimeMs: 5_000 });
  await scan(db, pictures.id, [...failing, edited, fileNamed('unread.jpg', { sizeBytes: 11 })]);
  const [file] = await db.claimFiles({ limit: 1, now: 1e9 });
  await db.identifyFiles({ files: file ? [{ ...file, facts: factsOf('new') }] : [], now: 3 });
  const idOf = async (name: string): Promise<number> =>
    (await db.failureViews({ limit: 9 })).failures.find((file) => file.path.endsWith(name))?.fileId ?? 0;
  const [one, two] = [await idOf('one.jpg'), await idOf('two.jpg')];
  await db.ignoreFiles({ fileIds: [one], ignored: true });
  return { folder, db, close, one, two };
}

const one = { folder: '/pictures', relPath: 'one.jpg', sizeBytes: 3, sha256: null, ignored: true };
const waiting = { folder: '/pictures', relPath: 'a.jpg', sizeBytes: 3, from: oldHash, to: newHash };

/** The last page alone is enough to be no whole database, and holds nothing of the person's. */
function damage(folder: string): void {
  const file = path.join(folder, 'library.db');
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, bytes.length - 16_384));
  suspectDamage(folder);
}

it('the export has a line for each ignored file and for words that wait, and is read back as it was', async () => {
  const { db, close, folder } = await ownedLibrary();
  const lines = await db.ownData();
  await close();
  expect(lines.split('\n')).toEqual(
    expect.arrayContaining([JSON.stringify({ ignored: one }), JSON.stringify({ waiting })]),
  );
  expect(fromLines(lines)).toEqual(ownDataIn(folder));
  expect(fromLines(lines)).toMatchObject({ ignored: [one], waiting: [waiting] });
});

it('lines of an earlier program, without such files, are read', () => {
  const own = { ...noOwnData, settings: { speed: 'quiet' } };
  expect(fromLines(toLines(own))).toEqual(own);
});

it('a library from before words could wait has none', async () => {
  const db = openForWriting(path.join(temporaryFolder(), 'library.db'), Number.MAX_SAFE_INTEGER);
  await migrate(
    db,
    librarySteps.filter(({ version }) => version <= 71),
    async () => undefined,
  );
  expect(readOwnData(db)).toEqual(noOwnData);
  db.close();
});

it('after a restoration those files are ignored that were so last', async () => {
  const library = await ownedLibrary();
  await library.db.backUp({ now: 5, force: true });
  await library.db.ignoreFiles({ fileIds: [library.one], ignored: false });
  await library.db.ignoreFiles({ fileIds: [library.two], ignored: true });
  const own = await library.db.ownData();
  await library.close();
  damage(library.folder);
  const { db, close } = await openLibrary({ folder: library.folder, mode: 'write', now: 7_000 });
  expect((await db.care()).restored).toMatchObject({ backupAt: 5 });
  expect((await db.failureViews({ limit: 9 })).failures.map(({ fileId }) => fileId)).toEqual([library.one]);
  expect(await db.ownData()).toBe(own);
  await close();
});

it('a library that begins anew, and knows no file, gives waiting words to the new content, too', async () => {
  const library = await ownedLibrary();
  await library.close();
  damage(library.folder);
  const { close, db } = await openLibrary({ folder: library.folder, mode: 'write', now: 7_000 });
  expect((await db.care()).restored).toMatchObject({ backup: null });
  await close();
  const photos = [
    { sha256: oldHash, sizeBytes: 11, ...words },
    { sha256: newHash, sizeBytes: 3, ...words },
  ];
  expect(ownDataIn(library.folder).photos).toEqual(photos.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)));
});

it('words wait on where the file is known to be edited, and for none that holds other content', async () => {
  const { close, folder } = await ownedLibrary();
  await close();
  const db = openForWriting(path.join(folder, 'library.db'), Number.MAX_SAFE_INTEGER);
  const attach = (own: Partial<typeof noOwnData>) => writing(db, () => attachOwnData(db, { ...noOwnData, ...own }, 8));
  db.exec('DELETE FROM carries');
  attach({ waiting: [{ ...waiting, to: oldHash, from: newHash }] });
  expect(readOwnData(db).waiting).toEqual([]);
  expect(attach({ waiting: [waiting] })).toBe(0);
  expect(readOwnData(db).waiting).toEqual([waiting]);
  // Words that are there are not replaced.
  const written = { sha256: newHash, sizeBytes: 3, captions: ['newer words'], favouriteSince: null };
  attach({ photos: [written], waiting: [{ ...waiting, relPath: 'nowhere.jpg' }] });
  expect(readOwnData(db).photos).toContainEqual({ ...written, favouriteSince: 9 });
  db.close();
});

it('a file that is another one by now is not ignored', async () => {
  const { close, folder } = await ownedLibrary();
  await close();
  const db = openForWriting(path.join(folder, 'library.db'), Number.MAX_SAFE_INTEGER);
  const ignoredAfter = (file: Partial<IgnoredFile>) => {
    db.exec('UPDATE files SET ignored = 0');
    writing(db, () => attachOwnData(db, { ...noOwnData, ignored: [{ ...one, ...file }] }, 8));
    return readOwnData(db).ignored.map(({ relPath }) => relPath);
  };
  expect(ignoredAfter({})).toEqual(['one.jpg']);
  expect(ignoredAfter({ sizeBytes: 4 })).toEqual([]);
  expect(ignoredAfter({ relPath: 'a.jpg', sha256: newHash })).toEqual(['a.jpg']);
  expect(ignoredAfter({ relPath: 'a.jpg', sha256: oldHash })).toEqual([]);
  db.close();
});
