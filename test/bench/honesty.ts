// Measures how honest answers are: `node test/bench/honesty.ts --library DIR --images DIR --captions TSV [--out DIR] [--fit]`. DIR is a library in which
// `photoseek --library DIR add IMAGES` has indexed all of them with the pack; it is copied, never changed. Prints the ablation of fusion, negation and the cut as one
// JSON object; `--out` takes the reliability diagram, `--fit` fits the judgement of the pack on one half of the photos and prints its section for pack.json.
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { splitOwnCaptions } from '../../main/services/evaluation/own-captions.ts';
import { type FusionWeights, readFusionWeights } from '../../main/services/search/fusion.ts';
import { createSearchService } from '../../main/services/search/search-service.ts';
import type { LabelledQuery } from '../../main/services/search/tuning.ts';
import { openVectorReader } from '../../main/store/vector-reader.ts';
import { createExactIndex } from '../../main/vectors/exact-index.ts';
import { loadKernel } from '../../main/vectors/kernel/load-kernel.ts';
import { openPack } from '../../native-models/open-pack.ts';
import { measureCut } from './honest-cut.ts';
import { ablation, measureNegation } from './honest-ranking.ts';
import { ask, cachedEncoder, mixedPool, readLabelled, storeOwn } from './labelled-library.ts';
import { chosenPack } from './packs.ts';
import { modelIdsOf, stagesOf } from './pipeline-facts.ts';

function argumentsGiven() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { library: text, images: text, captions: text, out: text, fit: { type: 'boolean' } },
  });
  const { library, images, captions, out, fit } = values;
  if (!library || !images || !captions) throw new Error('--library, --images and --captions are needed');
  return { library, images: realpathSync(images), captions, out, fit: fit === true };
}

async function measure(folder: string, given: ReturnType<typeof argumentsGiven>): Promise<void> {
  const pack = await openPack(chosenPack().folder);
  const library = await openLibrary({ folder, mode: 'write', now: Date.now() });
  const reader = openVectorReader(folder);
  const weights = readFusionWeights(pack.manifest.fusion) as FusionWeights;
  try {
    const encode = cachedEncoder(pack);
    const search = createSearchService({
      db: library.db,
      vectors: createExactIndex(loadKernel(), reader),
      encodeQuery: encode,
      pack: { ...modelIdsOf(pack.manifest), fusion: weights },
    });
    const labelled = await readLabelled(library.db, given.images, given.captions);
    const all = splitOwnCaptions(labelled.captions, { perPhoto: 0, share: 0 }).queries;
    const plain: LabelledQuery[] = await ask(search, all, labelled);
    const negation = await measureNegation(search, labelled, weights);
    const { own, queries } = splitOwnCaptions(labelled.captions, mixedPool);
    await storeOwn(library.db, pack, own, stagesOf(pack.manifest), labelled);
    const mixed = await ask(search, queries, labelled);
    const vectors = new Map<string, Float32Array>();
    for (const { text } of all) vectors.set(text, (await encode(text, { signal: neverAborts() })).sentence);
    const cut = measureCut({
      labelled,
      all,
      plain,
      mixed: { queries, asked: mixed },
      vectors,
      weights,
      fit: given.fit,
      judgement: pack.manifest.judgement,
    });
    if (given.out) writeFileSync(path.join(given.out, 'reliability.svg'), cut.svg);
    const { svg: _, ...figures } = cut;
    const fusion = { plain: ablation(plain, weights), mixed: ablation(mixed, weights) };
    console.log(
      JSON.stringify(
        { pack: `${pack.manifest.id}@${pack.manifest.revision}`, fusion, negation, cut: figures },
        null,
        2,
      ),
    );
  } finally {
    reader.close();
    await library.close();
    await pack.dispose();
  }
}

function neverAborts(): AbortSignal {
  return new AbortController().signal;
}

const given = argumentsGiven();
const copy = mkdtempSync(path.join(tmpdir(), 'photoseek-honesty-'));
try {
  cpSync(given.library, copy, { recursive: true });
  await measure(copy, given);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
