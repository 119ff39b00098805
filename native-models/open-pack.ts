// The one door to a model pack: photos in, vectors and captions out; sentences in, vectors out. Inference process.
import { openImageTower } from './embedding/image-tower.ts';
import { openTextTower, sharesRun, type TextTower } from './embedding/text-tower.ts';
import { ModelError } from './errors.ts';
import { readPack } from './files/read-pack.ts';
import { refuseForeignData, type VerifiedFiles, verifyPack } from './files/verify.ts';
import type { PixelTensor, PreprocessSpec } from './image/preprocess.ts';
import { type ModelLogger, silentLogger } from './logger.ts';
import { type ModelKind, modelId, type Pack, type TextTowerSpec } from './pack.ts';
import { describePack, hasModel, type PackFacts } from './pack-facts.ts';
import { createPhotoAnalyser, inputsFor, type PhotoAnalysis, type Want } from './photo-analyser.ts';
import { defaultThreads } from './runtime/available-providers.ts';
import { createPackGraphs } from './runtime/graphs.ts';
import { lazily } from './runtime/lazily.ts';
import { chooseForPack } from './runtime/pack-provider.ts';
import type { ChoiceCache, ProviderName } from './runtime/providers.ts';
import { createSessionStore } from './runtime/session.ts';

export interface OpenPackOptions {
  /** `auto`, the default, self-tests what the runtime's build offers. PHOTOSEEK_PROVIDER in the environment wins over either. */
  provider?: 'auto' | ProviderName;
  /** Threads inside one operator; default `defaultThreads()`. */
  threads?: number;
  logger?: ModelLogger;
  /** What is known of files from earlier runs; default in memory. */
  verified?: VerifiedFiles;
  /** Provider choices from earlier runs; default in memory. */
  providerChoices?: ChoiceCache;
  environment?: Readonly<Record<string, string | undefined>>;
}

export type PackPart = 'image' | 'text' | 'sentence' | 'captioner';

export interface ModelPack {
  readonly manifest: Pack;
  /** Identity to store beside a vector or caption; null where the pack has no such model. */
  modelId(kind: ModelKind): string | null;
  /** What `decodePhoto` must prepare of a photo for `analysePhotos` with the same wish. */
  inputsFor(want: Want): PreprocessSpec[];
  /** Loads graphs and tokenizers now instead of at their first use. */
  warm(parts: readonly PackPart[]): Promise<void>;
  /** @param photos per photo its `DecodedPhoto.inputs`; any number, cut into batches inside. One bad input fails the call. */
  analysePhotos(photos: readonly (readonly PixelTensor[])[], want: Want): Promise<PhotoAnalysis[]>;
  /** Unit vectors of both text spaces, in the order of the texts; `sentence` is empty where the pack has no sentence model. */
  embedText(texts: readonly string[]): Promise<{ text: Float32Array[]; sentence: Float32Array[] }>;
  /** @throws ModelError `model/missing` where the pack has no sentence model. */
  embedSentences(texts: readonly string[]): Promise<Float32Array[]>;
  /** Facts for `doctor`; choosing the provider may run the self-test. */
  describe(): Promise<PackFacts>;
  /** Releases every session. The pack is of no use afterwards. */
  dispose(): Promise<void>;
}

/**
 * Reads the manifest and proves every file; graphs load on first use and stay.
 * @throws ModelError `model/missing`, `model/manifest` or `model/checksum`; later calls may throw `model/load` and `model/shape`.
 */
export async function openPack(folder: string, options: OpenPackOptions = {}): Promise<ModelPack> {
  const logger = options.logger ?? silentLogger;
  const threads = options.threads ?? defaultThreads();
  const pack = await readPack(folder);
  const verified = options.verified ?? new Map();
  const files = await verifyPack(folder, pack, verified);
  for (const path of Object.keys(pack.tensors)) refuseForeignData(pack, path, files.get(path) ?? '');
  const sessions = createSessionStore({ threads, logger });
  const choice = lazily(() => chooseForPack({ pack, files, sessions, logger, options }));
  const provider = async () => (await choice()).name;
  const prove = async (path: string): Promise<void> => {
    // Tensors kept beside a graph are files of the pack themselves.
    const beside = pack.files.filter((file) => file.path === path || !file.path.endsWith('.onnx'));
    await verifyPack(folder, { ...pack, files: beside }, verified);
    refuseForeignData(pack, path, files.get(path) ?? '');
  };
  const graphs = createPackGraphs({ pack, files, prove, sessions, provider, logger });

  const image = lazily(() => openImageTower(graphs, pack.image));
  const text = lazily(() => openTextTower(graphs, pack.text));
  const shared = pack.sentence !== undefined && sharesRun(pack.text, pack.sentence);
  const sentence = shared ? text : lazily(() => openTextTower(graphs, sentenceSpec(pack)));
  const embedSentences = async (texts: readonly string[]) => embedOne(await sentence(), sentenceSpec(pack), texts);
  async function embedText(texts: readonly string[]): ReturnType<ModelPack['embedText']> {
    if (pack.sentence && shared) {
      const [textRows, sentenceRows] = await (await text()).embed(texts, [pack.text, pack.sentence]);
      return { text: textRows as Float32Array[], sentence: sentenceRows as Float32Array[] };
    }
    const rows = await embedOne(await text(), pack.text, texts);
    return { text: rows, sentence: pack.sentence ? await embedSentences(texts) : [] };
  }
  const analyser = createPhotoAnalyser({ pack, graphs, image, embedText, embedSentences, provider });
  const warmers = { image, text, sentence, captioner: analyser.warm };

  return {
    manifest: pack,
    modelId: (kind) => (hasModel(pack, kind) ? modelId(pack, kind) : null),
    inputsFor: (want) => inputsFor(pack, want),
    async warm(parts) {
      for (const part of parts) await warmers[part]();
    },
    analysePhotos: analyser.analyse,
    embedText,
    embedSentences,
    describe: async () => describePack({ folder, pack, choice: await choice(), threads }),
    dispose: () => sessions.dispose(),
  };
}

async function embedOne(tower: TextTower, spec: TextTowerSpec, texts: readonly string[]): Promise<Float32Array[]> {
  const [rows] = await tower.embed(texts, [spec]);
  return rows as Float32Array[];
}

function sentenceSpec(pack: Pack): TextTowerSpec {
  if (!pack.sentence) throw new ModelError('model/missing', `Pack ${pack.id} has no sentence model.`);
  return pack.sentence;
}
