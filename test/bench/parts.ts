// Times small parts of indexing and searching by themselves: what a change to one of them costs or gains. Benchmark process.
import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { measure } from 'mitata';
import { openStore } from '../../main/library-db/open-store.ts';
import { readMethods } from '../../main/library-db/read-methods.ts';
import { searchMethods } from '../../main/library-db/search-methods.ts';
import { readMetadata } from '../../main/metadata/read-metadata.ts';
import { type FusionWeights, fuse } from '../../main/services/search/fusion.ts';
import type { QuerySignals, Signal } from '../../main/services/search/signals.ts';
import { openToRead } from '../../main/store/open-library-files.ts';
import { readPack } from '../../native-models/files/read-pack.ts';
import type { BenchPack } from './packs.ts';
import { cameraPhoto, sentences } from './photos.ts';
import { stagesOf } from './pipeline-facts.ts';
import { syntheticLibrary } from './synthetic-library.ts';

/** Wall microseconds by mitata. */
export type PartTimes = Readonly<Record<string, { p50: number; p99: number; min: number }>>;

export async function measureParts(
  pack: BenchPack,
  photos: number,
): Promise<{ photos: number; microseconds: PartTimes }> {
  const { folder } = await syntheticLibrary(pack, photos);
  const files = await openToRead(folder);
  const store = openStore(files, Math.random);
  const [methods, searching] = [readMethods(store), searchMethods(store)];
  const wanted = stagesOf(await readPack(pack.folder));
  const texts = sentences(200);
  const photo = await cameraPhoto(4000, 3000);
  const reply = { kind: 'ok', id: 1, output: Array.from({ length: 8 }, () => analysedPhoto()) };
  const signals = madeSignals(300);
  let next = 0;
  const parts: Record<string, () => unknown> = {
    [`SHA-256 of ${(photo.length / 1e6).toFixed(1)} MB`]: () => createHash('sha256').update(photo).digest('hex'),
    'metadata of that photo': () => readMetadata(photo),
    'reply with 8 photos through IPC': () => deserialize(serialize(reply)),
    'fusion of 300 candidates': () => fuse(signals, madeWeights),
    'counts of the library': () => methods.counts({ wanted }),
    'words of a sentence': () => searching.searchWords({ text: texts[next++ % texts.length] as string, limit: 1000 }),
    'rows of 20 hits': () =>
      methods.summaries({ photoIds: Array.from({ length: 20 }, (_, i) => 1 + ((i * 7919) % photos)) }),
  };
  const measured: [string, { p50: number; p99: number; min: number }][] = [];
  for (const [name, part] of Object.entries(parts)) {
    const { p50, p99, min } = await measure(part);
    measured.push([name, { p50: p50 / 1000, p99: p99 / 1000, min: min / 1000 }]);
  }
  files.close(Date.now());
  return { photos, microseconds: Object.fromEntries(measured) };
}

/** The size of what an inference process answers for one photo. */
function analysedPhoto() {
  return {
    damaged: false,
    thumbnail: { bytes: new Uint8Array(14_000), width: 320, height: 240, format: 'webp' },
    embedding: new Float32Array(512),
    captions: ['two dogs are running through the snow'],
    captionVector: new Float32Array(384),
  };
}

const madeWeights: FusionWeights = {
  embedding: { weight: 1 },
  caption: { weight: 0.1 },
  own: { weight: 0.9, offset: 0.5 },
  words: { weight: 0.5, offset: 1 },
};

function madeSignals(count: number): QuerySignals {
  const signal: Signal = {
    scores: Float32Array.from({ length: count }, (_, i) => Math.sin(i)),
    rows: 100_000,
    mean: 0.1,
    deviation: 0.05,
    floor: -1,
  };
  return {
    photoIds: Array.from({ length: count }, (_, i) => i + 1),
    embedding: signal,
    caption: signal,
    own: signal,
    words: signal.scores,
    wordCount: 6,
  };
}
