// Each stage of indexing by itself, on the product's own code: what the whole pipeline is measured against. Runs in `stage-process.ts`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { toFacts } from '../../main/inference/photo-facts.ts';
import { readPhoto } from '../../main/inference/read-photo.ts';
import type { PhotoFacts, PhotoResult } from '../../main/library-db/library-rows.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { readSidecar } from '../../main/metadata/find-sidecar.ts';
import { readMetadata } from '../../main/metadata/read-metadata.ts';
import type { Caption } from '../../native-models/captioner/captioner.ts';
import { openGridDecoder } from '../../native-models/captioner/grid-decoder.ts';
import { type Candidate, rankCaptions } from '../../native-models/captioner/rank-captions.ts';
import { openImageTower } from '../../native-models/embedding/image-tower.ts';
import { openTextTower } from '../../native-models/embedding/text-tower.ts';
import { unitMean } from '../../native-models/embedding/vectors.ts';
import { readPack } from '../../native-models/files/read-pack.ts';
import { verifyPack } from '../../native-models/files/verify.ts';
import { type DecodedPhoto, decodePhoto } from '../../native-models/image/decode-photo.ts';
import { maxImageBytes } from '../../native-models/image/limits.ts';
import { silentLogger } from '../../native-models/logger.ts';
import { createPackGraphs } from '../../native-models/runtime/graphs.ts';
import { createSessionStore } from '../../native-models/runtime/session.ts';
import type { TensorValue } from '../../native-models/runtime/tensors.ts';
import { stagesOf, thumbnailSide } from './pipeline-facts.ts';
import { cpuMsOf } from './results.ts';

/** CPU milliseconds for all photos together. */
export interface StageCosts {
  readonly read: number;
  readonly decode: number;
  readonly vision: number;
  readonly captioner: number;
  readonly sentence: number;
  readonly store: number;
}

/** Batches as the pipeline makes them: photos in one request, photos in one run of the image graph. */
const perRequest = 8;
const perRun = 1;

type Models = Awaited<ReturnType<typeof loadModels>>;

async function loadModels(packFolder: string) {
  const pack = await readPack(packFolder);
  const { captioner, sentence } = pack;
  if (captioner?.architecture !== 'grid-decoder' || !sentence)
    throw new Error('measures packs of the starter kind only');
  const files = await verifyPack(packFolder, pack, new Map());
  const sessions = createSessionStore({ threads: 1, logger: silentLogger });
  const graphs = createPackGraphs({
    pack,
    files,
    // Proved just above.
    prove: async () => undefined,
    sessions,
    provider: async () => 'cpu' as const,
    logger: silentLogger,
  });
  return {
    pack,
    hidden: captioner.hiddenStates.output,
    sentenceSpec: sentence,
    ranking: captioner.ranking,
    captionsPerPhoto: captioner.captionsPerPhoto,
    image: await openImageTower(graphs, pack.image),
    captioner: await openGridDecoder(graphs, captioner),
    text: await openTextTower(graphs, sentence),
  };
}

/** @returns a function that measures photos; the models are loaded and warm by then. */
export async function openStages(
  packFolder: string,
  warmWith: string,
): Promise<(paths: readonly string[]) => Promise<StageCosts>> {
  const models = await loadModels(packFolder);
  const measure = (paths: readonly string[]) => measureStages(models, paths);
  await measure([warmWith]);
  return measure;
}

async function measureStages(models: Models, paths: readonly string[]): Promise<StageCosts> {
  const costs = { read: 0, decode: 0, vision: 0, captioner: 0, sentence: 0, store: 0 };
  const facts: PhotoFacts[] = [];
  const results: Omit<PhotoResult, 'photoId' | 'done'>[] = [];
  for (let start = 0; start < paths.length; start += perRequest) {
    const some = paths.slice(start, start + perRequest);
    const bytes: Buffer[] = [];
    costs.read += await cpuMsOf(async () => {
      for (const file of some) {
        const read = await readPhoto(file, maxImageBytes);
        facts.push(toFacts(read.bytes, readMetadata(read.bytes, (await readSidecar(file)) ?? undefined)));
        bytes.push(read.bytes);
      }
    });
    const decoded: DecodedPhoto[] = [];
    costs.decode += await cpuMsOf(async () => {
      const request = { thumbnail: { longestSide: thumbnailSide }, inputs: [models.pack.image.preprocess] };
      for (const photo of bytes) decoded.push(await decodePhoto(photo, request));
    });
    for (const result of await runModels(models, decoded, costs)) results.push(result);
  }
  costs.store = await measureStore(models, paths, facts, results);
  return costs;
}

async function runModels(models: Models, decoded: readonly DecodedPhoto[], costs: Record<keyof StageCosts, number>) {
  const embeddings: Float32Array[] = [];
  const candidates: Caption[][] = [];
  for (let start = 0; start < decoded.length; start += perRun) {
    const inputs = decoded.slice(start, start + perRun).map((photo) => photo.inputs[0] as never);
    let hidden: TensorValue | undefined;
    costs.vision += await cpuMsOf(async () => {
      const outputs = await models.image.run(inputs, [models.image.output, models.hidden]);
      embeddings.push(...models.image.vectors(outputs, inputs.length));
      hidden = outputs[models.hidden];
    });
    costs.captioner += await cpuMsOf(async () => {
      candidates.push(...(await models.captioner(hidden as TensorValue)));
    });
  }
  let settled: Candidate[][] = [];
  costs.sentence += await cpuMsOf(async () => {
    settled = await settle(models, candidates, embeddings);
  });
  return decoded.map((photo, i) => {
    const captions = settled[i] ?? [];
    const data = captions.length > 0 ? unitMean(captions.map(({ sentence }) => sentence)) : undefined;
    return {
      vectors: [
        { kind: 'image' as const, modelId: 'bench@1/image', data: embeddings[i] as Float32Array },
        ...(data ? [{ kind: 'caption' as const, modelId: 'bench@1/sentence', data }] : []),
      ],
      captions: { model: 'bench@1/caption', texts: captions.map(({ caption }) => caption.text) },
      damaged: photo.damaged,
      ...(photo.thumbnail ? { thumbnail: photo.thumbnail } : {}),
    };
  });
}

/** The vectors of all candidates in one go, and the captions that are kept. */
async function settle(
  { pack, text, sentenceSpec, ranking, captionsPerPhoto }: Models,
  candidates: readonly Caption[][],
  embeddings: readonly Float32Array[],
): Promise<Candidate[][]> {
  const [texts, sentences] = await text.embed(
    candidates.flat().map((caption) => caption.text),
    [pack.text, sentenceSpec],
  );
  let next = 0;
  return candidates.map((list, i) => {
    const found = list.map((caption, k) => ({
      caption,
      text: texts?.[next + k] as Float32Array,
      sentence: sentences?.[next + k] as Float32Array,
    }));
    next += list.length;
    const ranked = ranking ? rankCaptions(found, embeddings[i] as Float32Array, ranking) : found;
    return ranked.slice(0, captionsPerPhoto);
  });
}

/** Every statement that the pipeline needs for these photos, in its batch sizes, on a library of its own. */
async function measureStore(
  models: Models,
  paths: readonly string[],
  facts: readonly PhotoFacts[],
  results: readonly Omit<PhotoResult, 'photoId' | 'done'>[],
): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'photoseek-bench-store-'));
  const { db, close } = await openLibrary({ folder, mode: 'write', now: 1 });
  const placeOf = new Map(paths.map((file, i) => [path.basename(file), i]));
  const placeOfPath = (file: string): number => placeOf.get(path.basename(file)) ?? 0;
  const files = paths.map((file) => {
    const { size, mtimeMs } = statSync(file);
    return { relPath: path.basename(file), sizeBytes: size, mtimeMs, inode: '' };
  });
  const wanted = stagesOf(models.pack);
  const cost = await cpuMsOf(async () => {
    const { folder: row } = await db.registerFolder({ path: path.dirname(paths[0] ?? ''), now: 1 });
    const { scanId } = await db.beginScan({ folderId: row.id });
    await db.applyScan({ folderId: row.id, scanId, files, now: 1 });
    await db.finishScan({ folderId: row.id, scanId, unreadable: [], now: 1 });
    for (;;) {
      const claimed = await db.claimFiles({ limit: 16, now: 2 });
      if (claimed.length === 0) break;
      const known = claimed.map((file) => ({ ...file, facts: facts[placeOfPath(file.path)] as PhotoFacts }));
      await db.identifyFiles({ files: known, now: 2 });
    }
    for (;;) {
      const claimed = await db.claimPhotos({ wanted, together: true, limit: perRequest, now: 3 });
      if (claimed.length === 0) break;
      const done = claimed.map((photo) => ({
        ...(results[placeOfPath(photo.path)] as (typeof results)[number]),
        photoId: photo.photoId,
        done: wanted.filter(({ stage }) => photo.stages.includes(stage)),
      }));
      await db.completePhotos({ results: done, now: 3 });
    }
  });
  await close();
  rmSync(folder, { recursive: true, force: true });
  return cost;
}
