// The person's own captions and favourites against a plain model, over the real store: edits, undo, other models, copies, failures, folders taken out and back.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { LibraryDb, StageVersion } from '../../main/library-db/library-db.ts';
import { type OpenLibrary, openLibrary } from '../../main/library-db/store-library-db.ts';
import { openForReading, type ReadDb } from '../../main/store/open-database.ts';
import { figure, isLong, reached } from '../helpers/figure.ts';
import { factsOf, fileNamed, unitVector } from '../helpers/library-db.ts';

const sequences = figure(10_000, 200_000);
/** Opening a library costs as much as some sequences; a large one makes every change of models dear. */
const sequencesPerLibrary = 8;
const contents = 2;
/** Nothing here is about disks. */
const parent = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const words = fc.constantFrom('my dog', 'our garden', 'Grandma, 1962', '  ', 'a dog', 'ein Wort — “so”', '🙂');
const which = fc.nat(contents - 1);
const command = fc.oneof(
  fc.record({ does: fc.constant('edit' as const), which, texts: fc.array(words, { maxLength: 3 }) }),
  fc.record({ does: fc.constant('undo edit' as const), which }),
  fc.record({ does: fc.constant('favourite' as const), which, on: fc.boolean() }),
  fc.record({ does: fc.constant('undo favourite' as const), which }),
  fc.record({ does: fc.constant('caption' as const), words, finish: fc.constantFrom('complete', 'fail', 'crash') }),
  fc.record({ does: fc.constant('edit while captioning' as const), which, texts: fc.array(words, { maxLength: 2 }) }),
  fc.record({ does: fc.constant('change models' as const), to: fc.nat(2) }),
  fc.record({ does: fc.constant('copy' as const), which }),
  fc.record({ does: fc.constant('lose a file' as const), which }),
  fc.record({ does: fc.constant('take the folder out and back' as const) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

interface Library extends OpenLibrary {
  readonly folder: string;
  readonly reader: ReadDb;
  used: number;
}

let library: Library | undefined;

async function closeLibrary(): Promise<void> {
  library?.reader.close();
  await library?.close();
  if (library) rmSync(library.folder, { recursive: true, force: true });
  library = undefined;
}
afterAll(closeLibrary);

async function nextLibrary(): Promise<Library> {
  if (library && library.used++ < sequencesPerLibrary) return library;
  await closeLibrary();
  const folder = mkdtempSync(join(parent, 'photoseek-own-'));
  const opened = await openLibrary({ folder, mode: 'write', now: 1, random: () => 0 });
  library = { ...opened, folder, reader: openForReading(join(folder, 'library.db')), used: 1 };
  return library;
}

interface World {
  readonly db: LibraryDb;
  readonly folderId: number;
  readonly photoIds: readonly number[];
  readonly own: string[][];
  readonly ownBefore: string[][];
  readonly favourite: boolean[];
  readonly favouriteBefore: boolean[];
  /** Files there are: their content by name. */
  readonly files: Map<string, string>;
  readonly prefix: string;
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

async function newWorld({ db }: Library, sequence: number): Promise<World> {
  const prefix = `s${sequence}`;
  const { folder } = await db.registerFolder({ path: `/pictures/${prefix}`, now: 1 });
  const each = Array.from({ length: contents }, (_, index) => index);
  const files = new Map(each.map((index) => [`${index}.jpg`, `${prefix} ${index}`]));
  const world = {
    db,
    folderId: folder.id,
    photoIds: [] as number[],
    own: each.map(() => []),
    ownBefore: each.map(() => []),
    favourite: each.map(() => false),
    favouriteBefore: each.map(() => false),
    files,
    prefix,
    model: 0,
  };
  world.photoIds.push(...(await sync(world)));
  return world;
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
  const { db, files, prefix, folderId } = world;
  if (step.does === 'edit') await edit(world, step.which, step.texts);
  if (step.does === 'undo edit') await edit(world, step.which, world.ownBefore[step.which] as string[]);
  if (step.does === 'favourite') await mark(world, step.which, step.on);
  if (step.does === 'undo favourite') await mark(world, step.which, world.favouriteBefore[step.which] as boolean);
  if (step.does === 'caption') await work(world, step.words, step.finish);
  if (step.does === 'edit while captioning')
    await work(world, 'a model’s words', 'complete', () => edit(world, step.which, step.texts));
  if (step.does === 'change models') world.model = step.to;
  if (step.does === 'copy') {
    files.set(`${step.which}-${files.size}.jpg`, `${prefix} ${step.which}`);
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
function stored(reader: ReadDb, { photoIds }: World) {
  const own = reader
    .prepare<[number], string>('SELECT text FROM own_captions WHERE photo_id = ? ORDER BY rank')
    .pluck();
  const favourite = reader.prepare<[number]>('SELECT 1 FROM favourites WHERE photo_id = ?').pluck();
  return photoIds.map((photoId) => ({ own: own.all(photoId), favourite: favourite.get(photoId) === 1 }));
}

describe('promise 11: the person’s own words are never overwritten by a model', () => {
  it(`in ${sequences} sequences of what people and models do`, { timeout: isLong ? 3_600_000 : 180_000 }, async () => {
    let sequence = 0;
    let steps = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 3, maxLength: 8 }), async (commands) => {
        const current = await nextLibrary();
        const world = await newWorld(current, sequence++);
        for (const step of commands) {
          await perform(world, step);
          steps++;
          const expected = world.own.map((own, index) => ({ own, favourite: world.favourite[index] }));
          expect(stored(current.reader, world)).toEqual(expected);
        }
      }),
      { numRuns: sequences, ...(isLong ? {} : { seed: 11 }) },
    );
    reached(11, `${sequences} sequences of ${steps} steps, 0 of the person’s fields changed`);
  });
});
