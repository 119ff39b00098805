// The person's own captions and favourites against a plain model, over the real store: edits, undo, other models, copies, failures, folders taken out and back.
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { captionMethods } from '../../main/library-db/caption-methods.ts';
import { fileMethods } from '../../main/library-db/file-methods.ts';
import { folderMethods } from '../../main/library-db/folder-methods.ts';
import { galleryMethods } from '../../main/library-db/gallery-methods.ts';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { StageVersion } from '../../main/library-db/library-rows.ts';
import { openStore } from '../../main/library-db/open-store.ts';
import { photoMethods } from '../../main/library-db/photo-methods.ts';
import { scanMethods } from '../../main/library-db/scan-methods.ts';
import type { ReadDb, WriteDb } from '../../main/store/open-database.ts';
import { openToWrite } from '../../main/store/open-library-files.ts';
import { figure, isLong, reached } from '../helpers/figure.ts';
import { factsOf, fileNamed, memoryFolder, unitVector } from '../helpers/library-db.ts';

const sequences = figure(10_000, 200_000);
const contents = 2;

const words = fc.constantFrom('my dog', 'our garden', 'Grandma, 1962', '  ', 'a dog', 'ein Wort — “so”', '🙂');
const which = fc.nat(contents - 1);
/** A folder that goes and comes back is by far the dearest: rarer than the others. */
const command = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constant('edit' as const), which, texts: fc.array(words, { maxLength: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('undo edit' as const), which }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('favourite' as const), which, on: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('undo favourite' as const), which }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('caption' as const),
      words,
      finish: fc.constantFrom('complete', 'fail', 'crash'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('edit while captioning' as const),
      which,
      texts: fc.array(words, { maxLength: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('change models' as const), to: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('copy' as const), which }) },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('lose a file' as const), which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('take the folder out and back' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

/** Only what this promise is about: the methods that people's and models' changes go through, and none that keeps files. */
type Changes = Pick<
  LibraryDb,
  keyof (ReturnType<typeof folderMethods> &
    ReturnType<typeof scanMethods> &
    ReturnType<typeof fileMethods> &
    ReturnType<typeof photoMethods> &
    ReturnType<typeof captionMethods> &
    ReturnType<typeof galleryMethods>)
>;

/**
 * One library for all sequences, with row sums, full-text index and triggers as any: each sequence is a transaction around the product's own ones, which
 * become savepoints in it, and is rolled back. What a disk has to do with it is the matter of promises 1, 2 and 6.
 */
async function openChanges(): Promise<{ db: Changes; connection: WriteDb }> {
  const files = await openToWrite(memoryFolder(), 1);
  onTestFinished(() => files.close(1));
  if (files.mode !== 'owner') throw new Error('the library is in use');
  const store = openStore(files, () => 0);
  const db = {
    ...folderMethods(store),
    ...scanMethods(store),
    ...fileMethods(store),
    ...photoMethods(store),
    ...captionMethods(store),
    ...galleryMethods(store),
  };
  return { db, connection: files.library };
}

interface World {
  readonly db: Changes;
  readonly folderId: number;
  readonly photoIds: readonly number[];
  readonly own: string[][];
  readonly ownBefore: string[][];
  readonly favourite: boolean[];
  readonly favouriteBefore: boolean[];
  /** Files there are: their content by name. */
  readonly files: Map<string, string>;
  model: number;
}

/** @returns the photos of files not known before, in the order of their contents. */
async function sync(world: World): Promise<number[]> {
  const { db, folderId, files } = world;
  const { scanId } = await db.beginScan({ folderId });
  await db.applyScan({ folderId, scanId, files: [...files.keys()].map((name) => fileNamed(name)), now: 2 });
  await db.finishScan({ folderId, scanId, unreadable: [], now: 2 });
  const claimed = await db.claimFiles({ limit: 100, now: 3 });
  const found = await db.identifyFiles({
    files: claimed.map(({ fileId, path, sizeBytes, mtimeMs }) => ({
      fileId,
      sizeBytes,
      mtimeMs,
      facts: factsOf(contentAt(world, path)),
    })),
    now: 3,
  });
  const contentOf = new Map(claimed.map(({ fileId, path }) => [fileId, contentAt(world, path)]));
  return found
    .sort((a, b) => ((contentOf.get(a.fileId) ?? '') < (contentOf.get(b.fileId) ?? '') ? -1 : 1))
    .map(({ photoId }) => photoId);
}

function contentAt({ files }: World, path: string): string {
  return files.get(path.split('/').at(-1) ?? '') ?? '';
}

const each = Array.from({ length: contents }, (_, index) => index);

async function newWorld(db: Changes): Promise<World> {
  const { folder } = await db.registerFolder({ path: '/pictures', now: 1 });
  const world = worldOf(db, folder.id, []);
  return worldOf(db, folder.id, await sync(world));
}

function worldOf(db: Changes, folderId: number, photoIds: readonly number[]): World {
  return {
    db,
    folderId,
    photoIds,
    own: each.map(() => []),
    ownBefore: each.map(() => []),
    favourite: each.map(() => false),
    favouriteBefore: each.map(() => false),
    files: new Map(each.map((index) => [`${index}.jpg`, `content ${index}`])),
    model: 0,
  };
}

function wantedOf(model: number): StageVersion[] {
  return (['look', 'own', 'caption'] as const).map((stage) => ({ stage, version: `model ${model} ${stage}` }));
}

/** One portion of background work, as an application does it; the person may write between its start and its end. */
async function work(world: World, text: string, finish: string, meanwhile?: () => Promise<void>): Promise<void> {
  const { db, model } = world;
  const wanted = wantedOf(model);
  const claimed = await db.claimPhotos({ wanted, together: true, limit: 8, now: 5 });
  await meanwhile?.();
  const stagesOf = (stages: readonly string[]) => wanted.filter(({ stage }) => stages.includes(stage));
  if (finish === 'complete') {
    const results = claimed.map(({ photoId, stages, ownCaptions }) => ({
      photoId,
      done: stagesOf(stages),
      vectors: [
        { kind: 'image' as const, modelId: `m${model}`, data: unitVector(photoId) },
        ...(ownCaptions.length > 0 ? [{ kind: 'own' as const, modelId: `m${model}`, data: unitVector(1) }] : []),
      ],
      captions: { model: `m${model}`, texts: [text] },
    }));
    await db.completePhotos({ results, now: 6 });
  } else if (finish === 'fail') {
    const failure = { code: 'decode/corrupt' as const, message: 'The picture is damaged.' };
    const photos = claimed.map(({ photoId, stages }) => ({ photoId, stages: stagesOf(stages), ...failure }));
    await db.failPhotos({ photos, now: 6 });
  } else {
    await db.strikePhotos({
      photos: claimed.map(({ photoId, stages }) => ({ photoId, stages: stagesOf(stages) })),
      now: 6,
    });
    await db.releaseClaims({ now: 6 });
  }
}

async function edit(world: World, index: number, texts: readonly string[]): Promise<void> {
  const photoId = world.photoIds[index] as number;
  const { before } = await world.db.setOwnCaptions({ photoId, texts: [...texts], now: 4 });
  expect(before).toEqual(world.own[index]);
  world.ownBefore[index] = before as string[];
  world.own[index] = texts.filter((text) => text.trim() !== '');
}

async function mark(world: World, index: number, on: boolean): Promise<void> {
  const photoId = world.photoIds[index] as number;
  const { changed } = await world.db.setFavourite({ photoIds: [photoId], favourite: on, now: 4 });
  expect(changed).toEqual(world.favourite[index] === on ? [] : [photoId]);
  world.favouriteBefore[index] = world.favourite[index] as boolean;
  world.favourite[index] = on;
}

async function settle({ db }: World): Promise<void> {
  while ((await db.settleFolders({ limit: 500, now: 7 })).left);
}

async function perform(world: World, step: Command): Promise<void> {
  const { db, files, folderId } = world;
  if (step.does === 'edit') await edit(world, step.which, step.texts);
  if (step.does === 'undo edit') await edit(world, step.which, world.ownBefore[step.which] as string[]);
  if (step.does === 'favourite') await mark(world, step.which, step.on);
  if (step.does === 'undo favourite') await mark(world, step.which, world.favouriteBefore[step.which] as boolean);
  if (step.does === 'caption') await work(world, step.words, step.finish);
  if (step.does === 'edit while captioning')
    await work(world, 'a model’s words', 'complete', () => edit(world, step.which, step.texts));
  if (step.does === 'change models') world.model = step.to;
  if (step.does === 'copy') {
    files.set(`${step.which}-${files.size}.jpg`, `content ${step.which}`);
    await sync(world);
  }
  if (step.does === 'lose a file') {
    const name = [...files.keys()].find((one) => one.startsWith(`${step.which}`));
    if (name !== undefined) files.delete(name);
    await sync(world);
  }
  if (step.does === 'take the folder out and back') {
    await db.removeFolder({ folderId, now: 7 });
    await settle(world);
    await db.restoreFolder({ folderId });
    await settle(world);
  }
}

/** What the store holds of the person's own, as the model has it. */
function storedIn(reader: ReadDb, photoIds: readonly number[]) {
  const own = reader
    .prepare<[number], string>('SELECT text FROM own_captions WHERE photo_id = ? ORDER BY rank')
    .pluck();
  const favourite = reader.prepare<[number]>('SELECT 1 FROM favourites WHERE photo_id = ?').pluck();
  return () => photoIds.map((photoId) => ({ own: own.all(photoId), favourite: favourite.get(photoId) === 1 }));
}

describe('promise 11: the person’s own words are never overwritten by a model', () => {
  it(`in ${sequences} sequences of what people and models do`, { timeout: isLong ? 3_600_000 : 300_000 }, async () => {
    const { db, connection } = await openChanges();
    const { folderId, photoIds } = await newWorld(db);
    const stored = storedIn(connection, photoIds);
    const done = new Map<Command['does'], number>();
    let fields = 0;
    await fc.assert(
      fc
        .asyncProperty(fc.array(command, { minLength: 3, maxLength: 6 }), async (commands) => {
          const world = worldOf(db, folderId, photoIds);
          for (const step of commands) {
            await perform(world, step);
            done.set(step.does, (done.get(step.does) ?? 0) + 1);
            const expected = world.own.map((own, index) => ({ own, favourite: world.favourite[index] }));
            if (JSON.stringify(stored()) !== JSON.stringify(expected)) expect(stored()).toEqual(expected);
            fields += 2 * contents;
          }
        })
        .beforeEach(() => void connection.exec('BEGIN IMMEDIATE'))
        .afterEach(() => void connection.exec('ROLLBACK')),
      { numRuns: sequences, ...(isLong ? {} : { seed: 11 }) },
    );
    const steps = [...done.values()].reduce((sum, count) => sum + count, 0);
    // Every kind of change came often.
    expect(done.size).toBe(10);
    expect(Math.min(...done.values())).toBeGreaterThan(sequences / 10);
    reached(11, `${sequences} sequences of ${steps} steps: of ${fields} fields compared, 0 of the person’s changed`);
  });
});
