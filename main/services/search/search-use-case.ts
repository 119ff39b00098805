// Answers a typed sentence with the active pack: checks the text, opens what is needed, adds how complete the answer can be. Shell process.
import type { SearchMode } from '../../../preload/contract/search.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import { AppError } from '../../platform/app-error.ts';
import type { VectorIndex } from '../../vectors/vector-index.ts';
import { stageVersions } from '../indexing/stage-versions.ts';
import { readFusionWeights } from './fusion.ts';
import { createSearchService, type SearchService } from './search-service.ts';

export interface SearchUseCaseParts {
  readonly db: LibraryDb;
  readonly vectors: VectorIndex;
  readonly inference: InferencePool;
}

type Found = Awaited<ReturnType<SearchService['find']>> & { indexed: number; pending: number };

export interface SearchUseCase {
  find(input: { text: string; mode: SearchMode; limit: number }, call: { signal: AbortSignal }): Promise<Found>;
  /** The service of the active pack, for what needs whole rankings. */
  service(): Promise<SearchService>;
}

export function createSearchUseCase(parts: SearchUseCaseParts): SearchUseCase {
  let opened: Promise<SearchService> | undefined;

  async function open(): Promise<SearchService> {
    // The search process starts while the models are opened, and reads its vectors while the sentence is encoded. What fails here
    // fails again, with its reason, in the search itself.
    const ignore = (): void => undefined;
    parts.vectors.warm({ models: [] }).catch(ignore);
    const pack = await parts.inference.pack();
    const { imageModelId, sentenceModelId } = pack;
    const models = [
      { kind: 'image', modelId: imageModelId },
      { kind: 'caption', modelId: sentenceModelId },
      { kind: 'own', modelId: sentenceModelId },
    ] as const;
    parts.vectors.warm({ models }).catch(ignore);
    return createSearchService({
      db: parts.db,
      vectors: parts.vectors,
      encodeQuery: (text, call) => encode(parts.inference, text, call),
      pack: { imageModelId, sentenceModelId, fusion: readFusionWeights(pack.fusion) },
    });
  }

  function service(): Promise<SearchService> {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return {
    service,
    async find(input, call) {
      if (input.text.trim() === '') {
        throw new AppError(
          'input/invalid',
          'the sentence is empty; say what the photo shows, as in "two dogs playing in the snow"',
        );
      }
      const search = await service();
      const wanted = stageVersions(await parts.inference.pack());
      const [found, counts] = await Promise.all([search.find(input, call), parts.db.counts({ wanted })]);
      return { ...found, indexed: counts.indexed, pending: counts.pending + counts.unidentified };
    },
  };
}

async function encode(
  inference: InferencePool,
  text: string,
  call: { signal: AbortSignal },
): Promise<{ text: Float32Array; sentence: Float32Array }> {
  const vectors = await inference.embedText({ texts: [text] }, call);
  const [ofText] = vectors.text;
  const [ofSentence] = vectors.sentence;
  if (!ofText || !ofSentence) {
    throw new AppError('model/shape', 'the text model gave no vector; the pack is damaged, install it again');
  }
  return { text: ofText, sentence: ofSentence };
}
