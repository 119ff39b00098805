// Finds a pack's fusion weights on labelled photos: `node test/bench/tune-fusion.ts --library DIR --images DIR --captions TSV [--queries N]`.
// DIR is a library in which `photoseek --library DIR add IMAGES` has indexed all of them with the pack; it is copied, never changed. Prints
// the `fusion` section for pack.json and the hit rates of both pools as one JSON object. PHOTOSEEK_PACK chooses the pack, as elsewhere.
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { StageVersion } from '../../main/library-db/library-rows.ts';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { parseCaptionsTsv } from '../../main/services/evaluation/captions-tsv.ts';
import { type CaptionQuery, splitOwnCaptions } from '../../main/services/evaluation/own-captions.ts';
import { meanVector } from '../../main/services/indexing/mean-vector.ts';
import { versionOf } from '../../main/services/indexing/stage-versions.ts';
import type { EncodedQuery } from '../../main/services/search/gather-signals.ts';
import type { EncodeQuery } from '../../main/services/search/query-encoder.ts';
import { createSearchService, type SearchService } from '../../main/services/search/search-service.ts';
import { type LabelledQuery, tuneFusion } from '../../main/services/search/tuning.ts';
import { openVectorReader } from '../../main/store/vector-reader.ts';
import { createExactIndex } from '../../main/vectors/exact-index.ts';
import { loadKernel } from '../../main/vectors/kernel/load-kernel.ts';
import { type ModelPack, openPack } from '../../native-models/open-pack.ts';
import { chosenPack } from './packs.ts';
import { modelIdsOf, stagesOf } from './pipeline-facts.ts';

/** The mixed pool: one own caption for half of the photos, as `evaluate --own-captions 1 --own-share 0.5` has it. */
const mixedPool = { perPhoto: 1, share: 0.5 };

interface Labelled {
  readonly captions: ReadonlyMap<string, readonly string[]>;
  readonly photoIds: ReadonlyMap<string, number>;
}

function argumentsGiven() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { library: text, images: text, captions: text, queries: text } });
  const { library, images, captions, queries } = values;
  if (!library || !images || !captions) throw new Error('--library, --images and --captions are needed');
  return { library, images: realpathSync(images), captions, queries: queries ? Number(queries) : undefined };
}

async function readLabelled(db: LibraryDb, images: string, file: string): Promise<Labelled> {
  const captions = parseCaptionsTsv(readFileSync(file, 'utf8'));
  const photoIds = new Map<string, number>();
  for (const name of captions.keys()) {
    const photo = await db.photoByPath({ path: path.join(images, name) });
    if (!photo) throw new Error(`${name} is not in the library; index the images first`);
    photoIds.set(name, photo.photoId);
  }
  return { captions, photoIds };
}

/** Both pools ask mostly the same sentences; the model runs once for each. */
function cachedEncoder(pack: ModelPack): EncodeQuery {
  const kept = new Map<string, EncodedQuery>();
  return async (text) => {
    const known = kept.get(text);
    if (known) return known;
    const vectors = await pack.embedText([text]);
    const encoded = { text: vectors.text[0] as Float32Array, sentence: vectors.sentence[0] as Float32Array };
    kept.set(text, encoded);
    return encoded;
  };
}

/** Every n-th query where fewer are wanted than there are. */
function thinned(queries: readonly CaptionQuery[], wanted: number | undefined): CaptionQuery[] {
  const step = Math.max(1, Math.ceil(queries.length / (wanted ?? queries.length)));
  return queries.filter((_, i) => i % step === 0);
}

async function ask(
  search: SearchService,
  queries: readonly CaptionQuery[],
  { photoIds }: Labelled,
): Promise<LabelledQuery[]> {
  const asked: LabelledQuery[] = [];
  for (const { text, photo } of queries) {
    asked.push({ signals: await search.signals({ text }), photoId: photoIds.get(photo) as number });
    if (asked.length % 500 === 0) console.error(`${asked.length} of ${queries.length} queries`);
  }
  return asked;
}

async function storeOwn(
  db: LibraryDb,
  pack: ModelPack,
  own: ReadonlyMap<string, readonly string[]>,
  stages: readonly StageVersion[],
  { photoIds }: Labelled,
): Promise<void> {
  const stage = versionOf(stages, 'own');
  const { sentenceModelId } = modelIdsOf(pack.manifest);
  for (const [name, texts] of own) {
    await db.setOwnCaptions({ photoId: photoIds.get(name) as number, texts, now: Date.now() });
  }
  for (;;) {
    const claimed = await db.claimPhotos({ wanted: [stage], together: true, limit: 64, now: Date.now() });
    if (claimed.length === 0) return;
    const results = [];
    for (const { photoId, ownCaptions } of claimed) {
      const data = meanVector(await pack.embedSentences(ownCaptions));
      results.push({ photoId, done: [stage], vectors: [{ kind: 'own' as const, modelId: sentenceModelId, data }] });
    }
    await db.completePhotos({ results, now: Date.now() });
  }
}

async function tune(folder: string, given: ReturnType<typeof argumentsGiven>): Promise<void> {
  const pack = await openPack(chosenPack().folder);
  const library = await openLibrary({ folder, mode: 'write', now: Date.now() });
  const reader = openVectorReader(folder);
  try {
    const search = createSearchService({
      db: library.db,
      vectors: createExactIndex(loadKernel(), reader),
      encodeQuery: cachedEncoder(pack),
      pack: { ...modelIdsOf(pack.manifest), fusion: null },
    });
    const labelled = await readLabelled(library.db, given.images, given.captions);
    const all = splitOwnCaptions(labelled.captions, { perPhoto: 0, share: 0 }).queries;
    const plain = await ask(search, thinned(all, given.queries), labelled);
    const { own, queries } = splitOwnCaptions(labelled.captions, mixedPool);
    await storeOwn(library.db, pack, own, stagesOf(pack.manifest), labelled);
    const mixed = await ask(search, thinned(queries, given.queries), labelled);
    const { weights, ...rates } = tuneFusion(plain, mixed, (_weights, value) => console.error(value.toFixed(2)));
    const queryCounts = { plain: plain.length, mixed: mixed.length };
    console.log(JSON.stringify({ pack: pack.manifest.id, fusion: weights, queries: queryCounts, ...rates }, null, 2));
  } finally {
    reader.close();
    await library.close();
    await pack.dispose();
  }
}

const given = argumentsGiven();
const copy = mkdtempSync(path.join(tmpdir(), 'photoseek-tune-'));
try {
  cpSync(given.library, copy, { recursive: true });
  await tune(copy, given);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
