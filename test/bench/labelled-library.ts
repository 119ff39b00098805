// A library of labelled photos, opened for questions: what the benchmarks of search quality share. Benchmark process.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LibraryDb } from '../../main/library-db/library-db.ts';
import type { StageVersion } from '../../main/library-db/library-rows.ts';
import { parseCaptionsTsv } from '../../main/services/evaluation/captions-tsv.ts';
import type { CaptionQuery } from '../../main/services/evaluation/own-captions.ts';
import { meanVector } from '../../main/services/indexing/mean-vector.ts';
import { versionOf } from '../../main/services/indexing/stage-versions.ts';
import type { EncodedQuery } from '../../main/services/search/gather-signals.ts';
import type { EncodeQuery } from '../../main/services/search/query-encoder.ts';
import type { SearchService } from '../../main/services/search/search-service.ts';
import type { LabelledQuery } from '../../main/services/search/tuning.ts';
import type { ModelPack } from '../../native-models/open-pack.ts';
import { modelIdsOf } from './pipeline-facts.ts';

/** The mixed pool: one own caption for half of the photos, as `evaluate --own-captions 1 --own-share 0.5` has it. */
export const mixedPool = { perPhoto: 1, share: 0.5 };

export interface Labelled {
  readonly captions: ReadonlyMap<string, readonly string[]>;
  readonly photoIds: ReadonlyMap<string, number>;
}

export async function readLabelled(db: LibraryDb, images: string, file: string): Promise<Labelled> {
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
export function cachedEncoder(pack: ModelPack): EncodeQuery {
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
export function thinned(queries: readonly CaptionQuery[], wanted: number | undefined): CaptionQuery[] {
  const step = Math.max(1, Math.ceil(queries.length / (wanted ?? queries.length)));
  return queries.filter((_, i) => i % step === 0);
}

export async function ask(
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

export async function storeOwn(
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
