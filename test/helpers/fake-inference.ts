// Inference lanes without a process or a model: they answer from the path alone, and can die on a given one. Test processes.
import type { InferencePool } from '../../main/inference/inference-pool.ts';
import type {
  AnalysedPhoto,
  AnalyseRequest,
  IdentifiedFile,
  InferenceService,
  OpenedPack,
  Outcome,
  PicturePart,
} from '../../main/inference/protocol.ts';
import type { Failure } from '../../main/library-db/library-rows.ts';
import { AppError, throwIfCancelled, toEnvelope } from '../../main/platform/app-error.ts';
import type { CallOptions, Remote } from '../../main/platform/rpc.ts';
import { factsOf } from './photo-facts.ts';

const picture = { bytes: new Uint8Array([1]), width: 4, height: 3, format: 'webp', colour: 0x8410 };

export const openedPack: OpenedPack = {
  id: 'tiny',
  revision: '1',
  pipelineVersion: 1,
  title: 'Tiny pack',
  licence: 'CC0-1.0',
  notice: '',
  sizeBytes: 1_240_000,
  packs: [
    {
      id: 'tiny',
      revision: '1',
      title: 'Tiny pack',
      licence: 'CC0-1.0',
      notice: '',
      sizeBytes: 1_240_000,
      state: 'ok',
    },
  ],
  imageModelId: 'tiny@1/image',
  sentenceModelId: 'tiny@1/sentence',
  captionModelId: 'tiny@1/caption',
  sharesImageRun: true,
  decoder: 'decoder 1',
  fusion: null,
  providers: [{ name: 'cpu', used: true, reason: 'always there' }],
  runtime: '1.30.0',
};

/** What becomes of files by path; every other file is a fine photo. */
export interface Fate {
  /** Ends the process that reads the bytes. */
  readonly endsIdentify?: ReadonlySet<string>;
  /** Ends the process that decodes the pixels. */
  readonly endsAnalyse?: ReadonlySet<string>;
  readonly identifyFailure?: (path: string) => Failure | undefined;
  readonly analyseFailure?: (path: string) => Failure | undefined;
  /** Runs at the start of every call. */
  readonly before?: (call: string, paths: readonly string[]) => Promise<void> | void;
}

export interface FakeLane extends Remote<InferenceService> {
  /** Every `analyse` call's requests, also of those that ended in a crash. */
  readonly analysed: (readonly AnalyseRequest[])[];
  readonly identified: (readonly string[])[];
}

export function fakeLane(fate: Fate = {}): FakeLane {
  const analysed: (readonly AnalyseRequest[])[] = [];
  const identified: (readonly string[])[] = [];
  return {
    analysed,
    identified,
    async identify({ paths }) {
      identified.push(paths);
      await fate.before?.('identify', paths);
      crashOn(fate.endsIdentify, paths);
      return paths.map((path): Outcome<IdentifiedFile> => {
        const failure = fate.identifyFailure?.(path);
        if (failure) return failed(failure);
        return { ok: true, value: { sizeBytes: 10, mtimeMs: 1_000, facts: factsOf(path) } };
      });
    },
    async analyse({ photos }: { photos: readonly AnalyseRequest[] }, options?: CallOptions) {
      analysed.push(photos);
      const paths = photos.map((photo) => photo.path);
      await fate.before?.('analyse', paths);
      throwIfCancelled(options?.signal);
      crashOn(fate.endsAnalyse, paths);
      return photos.map((photo): Outcome<AnalysedPhoto> => {
        const failure = fate.analyseFailure?.(photo.path);
        return failure ? failed(failure) : { ok: true, value: seen(photo) };
      });
    },
    embedText: async ({ texts }) => ({ text: texts.map(vectorOf), sentence: texts.map(vectorOf) }),
    async preview({ path }) {
      await fate.before?.('preview', [path]);
      crashOn(fate.endsAnalyse, [path]);
      const failure = fate.analyseFailure?.(path);
      if (failure) throw new AppError(failure.code, failure.message);
      return picture;
    },
    parts: async () => fakeParts(),
    colours: async ({ thumbnails }) => thumbnails.map(() => picture.colour),
    warm: async () => undefined,
    usage: async () => ({ cpuMs: 0, rssBytes: 0, stages: { read: 0, decode: 0, model: 0 } }),
  };
}

export function fakePool(lanes: readonly FakeLane[] = [fakeLane()], pack: Partial<OpenedPack> = {}): InferencePool {
  return {
    lanes,
    embedText: async ({ texts }) => ({ text: texts.map(vectorOf), sentence: texts.map(vectorOf) }),
    warmText: async () => undefined,
    async preview(input, options) {
      const [lane] = lanes;
      if (!lane) throw new Error('a pool has at least one lane');
      return lane.preview(input, options);
    },
    parts: async () => fakeParts(),
    pack: async () => ({ ...openedPack, ...pack }),
    states: () => [],
    restart: () => undefined,
    usePack: async (id) => ({ ...openedPack, ...pack, id }),
    shutdown: async () => undefined,
  };
}

/** Of a picture that shows "a dog" in its left half and the opposite in its right one. */
function fakeParts(): PicturePart[] {
  return [
    { left: 0, top: 0, right: 0.5, bottom: 1, vector: vectorOf('a dog').map((x) => -x) },
    { left: 0.5, top: 0, right: 1, bottom: 1, vector: vectorOf('a dog') },
  ];
}

function crashOn(ending: ReadonlySet<string> | undefined, paths: readonly string[]): void {
  if (paths.some((path) => ending?.has(path))) throw new AppError('inference/crashed', 'a worker ended (SIGSEGV)');
}

function failed({ code, message }: Failure): { ok: false; error: ReturnType<typeof toEnvelope> } {
  return { ok: false, error: toEnvelope(new AppError(code, message)) };
}

function seen(photo: AnalyseRequest): AnalysedPhoto {
  return {
    damaged: false,
    animated: false,
    thumbnail: photo.thumbnail ? picture : null,
    embedding: photo.embedding ? vectorOf(photo.path) : null,
    captions: photo.caption ? [`a photo of ${photo.path}`, 'a photo'] : [],
    captionVector: photo.caption ? vectorOf(photo.path) : null,
  };
}

/** A unit vector that depends on the text alone. */
export function vectorOf(text: string): Float32Array {
  const angle = [...text].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 628, 7) / 100;
  return new Float32Array([Math.cos(angle), Math.sin(angle)]);
}
