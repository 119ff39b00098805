// Finds a pack's fusion weights on labelled photos: `node test/bench/tune-fusion.ts --library DIR --images DIR --captions TSV [--queries N]`.
// DIR is a library in which `photoseek --library DIR add IMAGES` has indexed all of them with the pack; it is copied, never changed. Prints
// the `fusion` section for pack.json and the hit rates of both pools as one JSON object. PHOTOSEEK_PACK chooses the pack, as elsewhere.
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openLibrary } from '../../main/library-db/store-library-db.ts';
import { splitOwnCaptions } from '../../main/services/evaluation/own-captions.ts';
import { createSearchService } from '../../main/services/search/search-service.ts';
import { tuneFusion } from '../../main/services/search/tuning.ts';
import { openVectorReader } from '../../main/store/vector-reader.ts';
import { createExactIndex } from '../../main/vectors/exact-index.ts';
import { loadKernel } from '../../main/vectors/kernel/load-kernel.ts';
import { openPack } from '../../native-models/open-pack.ts';
import { ask, cachedEncoder, mixedPool, readLabelled, storeOwn, thinned } from './labelled-library.ts';
import { chosenPack } from './packs.ts';
import { modelIdsOf, stagesOf } from './pipeline-facts.ts';

function argumentsGiven() {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({ options: { library: text, images: text, captions: text, queries: text } });
  const { library, images, captions, queries } = values;
  if (!library || !images || !captions) throw new Error('--library, --images and --captions are needed');
  return { library, images: realpathSync(images), captions, queries: queries ? Number(queries) : undefined };
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
