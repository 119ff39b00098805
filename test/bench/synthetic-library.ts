// Fills a library with made-up photos through the store's own methods: real vectors and captions, varied, where the pack is real. Benchmark process.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { PhotoFacts, PhotoResult, ScannedFile, StageVersion } from '../../main/library-db/library-rows.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { readPack } from '../../native-models/files/read-pack.ts';
import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import { openPack } from '../../native-models/open-pack.ts';
import { type BenchPack, repository } from './packs.ts';
import { fillWithPhotos, sentences } from './photos.ts';
import { modelIdsOf, stagesOf } from './pipeline-facts.ts';
import { benchFolder } from './results.ts';

/** What a real photo looks like to the models; the made-up ones lie around it. */
export interface Seed {
  readonly image: Float32Array;
  readonly caption: Float32Array;
}

/** Photos that the models really see; more give no other distribution. */
const realSeeds = 64;
/** Sentences that the captions are put together from. */
const captionTexts = 4_000;
/** Rows in one transaction. */
const portion = 5_000;
const photosPerFolder = 500;
/** Raised when libraries are filled in another way, so that old ones are not taken for new. */
const layout = 2;

export interface SyntheticLibrary {
  readonly folder: string;
  readonly seeds: 'real photos' | 'random';
  /** Seconds that filling took; null where it was there already. */
  readonly seconds: number | null;
}

/** One that was kept may be of an older schema, which who only reads it cannot open. */
async function bringUpToDate(folder: string): Promise<void> {
  const { close } = await openLibrary({ folder, mode: 'write', now: Date.now() });
  await close();
}

/**
 * A library of `count` indexed photos for this pack, kept under `.cache/bench` and made once.
 *
 * @param thumbnails what the photos look like, in turn; without them they have no pictures.
 */
export async function syntheticLibrary(
  pack: BenchPack,
  count: number,
  thumbnails: Filling['thumbnails'] = [],
): Promise<SyntheticLibrary> {
  const manifest = await readPack(pack.folder);
  const folder = path.join(
    benchFolder,
    `library-${pack.id}-${manifest.revision}-${count}-${layout}${thumbnails.length > 0 ? '-pictures' : ''}`,
  );
  const isReal = manifest.image.preprocess.width >= 64;
  const seeds = isReal ? 'real photos' : 'random';
  if (existsSync(folder)) {
    await bringUpToDate(folder);
    return { folder, seeds, seconds: null };
  }
  // Under another name until it is whole: a run that was stopped leaves nothing that looks finished.
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  const start = performance.now();
  const seedRows = isReal
    ? await realPhotoSeeds(pack)
    : randomSeeds(manifest.image.dim, manifest.sentence?.dim ?? manifest.text.dim);
  const wanted = stagesOf(manifest);
  await fillLibrary(part, { count, seeds: seedRows, wanted, ids: modelIdsOf(manifest), thumbnails });
  renameSync(part, folder);
  return { folder, seeds, seconds: (performance.now() - start) / 1000 };
}

export interface Filling {
  readonly count: number;
  readonly seeds: readonly Seed[];
  readonly thumbnails?: readonly NonNullable<PhotoResult['thumbnail']>[];
  readonly wanted: readonly StageVersion[];
  readonly ids: { readonly imageModelId: string; readonly sentenceModelId: string; readonly captionModelId: string };
}

/** Creates a library in which every photo is indexed and captioned. */
export async function fillLibrary(
  folder: string,
  { count, seeds, wanted, ids, thumbnails = [] }: Filling,
): Promise<void> {
  const { db, close } = await openLibrary({ folder, mode: 'write', now: Date.now() });
  const { folder: root } = await db.registerFolder({ path: path.join(repository, 'synthetic-photos'), now: 1 });
  await scan(db, root.id, count);
  const random = generator(count);
  const texts = sentences(captionTexts);
  for (let done = 0; done < count; done += portion) {
    const files = await db.claimFiles({ limit: portion, now: 2 });
    await db.identifyFiles({ files: files.map((file) => ({ ...file, facts: factsOf(file.path) })), now: 2 });
    const photos = await db.claimPhotos({ wanted, together: true, limit: portion, now: 3 });
    const results = photos.map((photo): PhotoResult => {
      const seed = pick(seeds, random);
      const thumbnail = thumbnails[photo.photoId % thumbnails.length];
      return {
        photoId: photo.photoId,
        done: wanted.filter(({ stage }) => photo.stages.includes(stage)),
        vectors: [
          { kind: 'image', modelId: ids.imageModelId, data: near(seed.image, random) },
          { kind: 'caption', modelId: ids.sentenceModelId, data: near(seed.caption, random) },
        ],
        captions: { model: ids.captionModelId, texts: [mixed(pick(texts, random), pick(texts, random))] },
        damaged: false,
        ...(thumbnail ? { thumbnail } : {}),
      };
    });
    await db.completePhotos({ results, now: 4 });
  }
  await close();
}

async function scan(db: LibraryDb, folderId: number, count: number): Promise<void> {
  const { scanId } = await db.beginScan({ folderId });
  for (let start = 0; start < count; start += portion) {
    const length = Math.min(portion, count - start);
    const files = Array.from({ length }, (_, i): ScannedFile => {
      const at = start + i;
      const year = 2000 + (Math.floor(at / photosPerFolder) % 25);
      const relPath = `${year}/album ${Math.floor(at / photosPerFolder)}/IMG_${String(at).padStart(6, '0')}.jpg`;
      return { relPath, sizeBytes: 3_000_000 + at, mtimeMs: 1e12 + at * 1e6, inode: `1:${at}` };
    });
    await db.applyScan({ folderId, scanId, files, now: 1 });
  }
  await db.finishScan({ folderId, scanId, unreadable: [], now: 1 });
}

function factsOf(file: string): PhotoFacts {
  return {
    sha256: createHash('sha256').update(file).digest('hex'),
    sizeBytes: 3_000_000,
    format: 'jpeg',
    width: 4000,
    height: 3000,
    takenAt: '2019-07-04T18:03:11',
    offset: null,
    gps: null,
    camera: { make: 'Make', model: 'Model', lens: null },
    exposure: { timeSeconds: 0.01, fNumber: 2.8, iso: 100, focalLengthMm: 35 },
    orientation: 1,
    rating: null,
    keywords: [],
    title: null,
    description: null,
  };
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)] as T;
}

/** The start of one caption with the end of another: the vocabulary and the word frequencies of real ones, without repeating whole sentences. */
function mixed(one: string, other: string): string {
  const head = one.split(' ');
  const tail = other.split(' ');
  return [...head.slice(0, Math.ceil(head.length / 2)), ...tail.slice(Math.floor(tail.length / 2))].join(' ');
}

/** A unit vector with a cosine of about 0.8 to the seed. */
function near(seed: Float32Array, random: () => number): Float32Array {
  const spread = 0.75 / Math.sqrt(seed.length);
  const out = seed.map((value) => value + spread * (random() + random() + random() - 1.5) * 2);
  const norm = Math.hypot(...out);
  return out.map((value) => value / norm);
}

/** Vectors of real photos, and of real sentences in the place of their captions: the captioner would take minutes and add nothing to timing. */
async function realPhotoSeeds(pack: BenchPack): Promise<Seed[]> {
  const folder = path.join(benchFolder, 'seed-photos');
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length < realSeeds) await fillWithPhotos(folder, realSeeds);
  const models = await openPack(pack.folder, { threads: 1, provider: 'cpu' });
  const want = { embedding: true, caption: false };
  const inputs = models.inputsFor(want);
  const names = readdirSync(folder).slice(0, realSeeds);
  const captions = await models.embedSentences(sentences(names.length));
  const seeds: Seed[] = [];
  for (const [i, name] of names.entries()) {
    const decoded = await decodePhoto(await readFile(path.join(folder, name)), { inputs });
    const [found] = await models.analysePhotos([decoded.inputs], want);
    if (found?.embedding) seeds.push({ image: found.embedding, caption: captions[i] as Float32Array });
  }
  await models.dispose();
  return seeds;
}

export function randomSeeds(imageDim: number, captionDim: number): Seed[] {
  const random = generator(7);
  const vector = (dim: number): Float32Array => near(new Float32Array(dim), random);
  return Array.from({ length: realSeeds }, () => ({
    image: vector(imageDim),
    caption: vector(captionDim),
  }));
}

/** Mulberry32: the same library on every machine. @returns numbers in [0, 1) */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
