// The work inside an inference child, with decoder and models replaced: one photo at fault never fails its batch.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createInferenceService, type InferenceParts } from '../../../../main/inference/inference-service.ts';
import { sha256Of } from '../../../../main/inference/photo-facts.ts';
import type { AnalyseRequest } from '../../../../main/inference/protocol.ts';
import { toAppError } from '../../../../main/inference/to-app-error.ts';
import { readMetadata } from '../../../../main/metadata/read-metadata.ts';
import { ModelError } from '../../../../native-models/errors.ts';
import type { ModelPack } from '../../../../native-models/open-pack.ts';
import { folderOf } from '../../../helpers/temporary-folder.ts';

function setUp() {
  const root = folderOf(['a.jpg', 'b.jpg', 'blank.jpg', 'corrupt.jpg']);
  const runs: { photos: number; outputs: unknown }[] = [];
  const decodes: unknown[] = [];
  const pack = {
    inputsFor: ({ embedding }: { embedding: boolean }) => (embedding ? [{ width: 2 }] : []),
    async analysePhotos(tensors: unknown[], outputs: { embedding: boolean; caption: boolean }) {
      if (tensors.some((tensor) => (tensor as { fine?: boolean }[]).some(({ fine }) => !fine))) {
        throw new ModelError('model/shape', 'a vector without a direction');
      }
      runs.push({ photos: tensors.length, outputs: { embedding: outputs.embedding, caption: outputs.caption } });
      return tensors.map((_, index) => ({
        embedding: outputs.embedding ? new Float32Array([index]) : undefined,
        captions: outputs.caption ? [{ text: `caption ${index}` }] : undefined,
        captionVector: outputs.caption ? new Float32Array([index]) : undefined,
      }));
    },
    embedText: () => Promise.reject(new ModelError('model/load', 'no text tower')),
    warm: async () => undefined,
  } as unknown as ModelPack;
  const parts: InferenceParts = {
    pack,
    async decode(bytes, request) {
      decodes.push(request);
      if (Buffer.from(bytes).toString().startsWith('corrupt')) throw new ModelError('decode/corrupt', 'damaged');
      const inputs = Buffer.from(bytes).toString().startsWith('blank') ? [{}] : [];
      const thumbnail = request.thumbnail && { width: request.thumbnail.longestSide };
      return { damaged: false, pages: 2, format: 'gif', inputs, thumbnail } as unknown as Awaited<
        ReturnType<InferenceParts['decode']>
      >;
    },
    readMetadata,
    readSidecar: async () => null,
    colourOfThumbnail: async (bytes) => bytes.length,
    partBoxes: () => ['a', 'blank', 'b'].map((_, left) => ({ left, top: 0, right: left + 1, bottom: 1 })),
    withoutPart: async (_, { left }) => ({ fine: left !== 1 }) as never,
    toAppError,
    guard: (work) => work(),
    maxFileBytes: 1_000,
    thumbnailSide: 32,
  };
  const service = createInferenceService(parts);
  const request = (name: string, over: Partial<AnalyseRequest> = {}): AnalyseRequest => ({
    path: join(root, name),
    sha256: null,
    thumbnail: false,
    embedding: true,
    caption: false,
    ...over,
  });
  const analyse = (photos: AnalyseRequest[], signal = new AbortController().signal) =>
    service.analyse({ photos }, { signal });
  return { root, service, runs, decodes, request, analyse };
}

const wanted = { embedding: true, caption: false };

describe('inference service', () => {
  it('lays what the models cannot make of one picture on that picture alone', async () => {
    const { analyse, request } = setUp();
    const outcomes = await analyse([request('a.jpg'), request('blank.jpg'), request('b.jpg')]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'done' : outcome.error.code))).toEqual([
      'done',
      'model/shape',
      'done',
    ]);
  });

  it('gives each photo its own outcome, in the order asked, and runs models on the good ones only', async () => {
    const { analyse, request, runs } = setUp();
    const outcomes = await analyse([request('corrupt.jpg'), request('a.jpg'), request('gone.jpg'), request('b.jpg')]);
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'decode/corrupt', message: 'damaged' } },
      { ok: true, value: { embedding: new Float32Array([0]), captions: [], captionVector: null, thumbnail: null } },
      { ok: false, error: { code: 'fs/missing' } },
      { ok: true, value: { embedding: new Float32Array([1]) } },
    ]);
    expect(runs).toEqual([{ photos: 2, outputs: { embedding: true, caption: false } }]);
  });

  it('runs photos that want the same together, and each gets its own result', async () => {
    const { analyse, request, runs } = setUp();
    const caption = { embedding: false, caption: true };
    const outcomes = await analyse([request('a.jpg'), request('b.jpg', caption), request('a.jpg', caption)]);
    expect(runs.map((run) => run.photos)).toEqual([1, 2]);
    expect(outcomes).toMatchObject([
      { value: { embedding: new Float32Array([0]), captions: [] } },
      { value: { embedding: null, captions: ['caption 0'] } },
      { value: { embedding: null, captions: ['caption 1'] } },
    ]);
  });

  it('decodes for a thumbnail alone without running a model', async () => {
    const { analyse, request, runs, decodes } = setUp();
    await analyse([request('a.jpg', { thumbnail: true, embedding: false })]);
    expect(decodes).toEqual([{ thumbnail: { longestSide: 32 }, inputs: [] }]);
    expect(runs).toEqual([]);
  });

  it('refuses bytes that are not those identified', async () => {
    const { analyse, request } = setUp();
    const outcomes = await analyse([
      request('a.jpg', { sha256: sha256Of(Buffer.from('a.jpg')) }),
      request('b.jpg', { sha256: sha256Of(Buffer.from('a.jpg')) }),
    ]);
    expect(outcomes).toMatchObject([{ ok: true }, { ok: false, error: { code: 'fs/changed', retry: 'later' } }]);
  });

  it('stops between photos when cancelled', async () => {
    const { analyse, request, decodes } = setUp();
    await expect(analyse([request('a.jpg')], AbortSignal.abort())).rejects.toMatchObject({ name: 'CancelledError' });
    expect(decodes).toEqual([]);
  });

  it('identifies pictures, and says of other files that they are none', async () => {
    const { root, service } = setUp();
    const outcomes = await service.identify({ paths: [join(root, 'a.jpg'), join(root, 'gone.jpg'), root] });
    expect(outcomes).toMatchObject([
      { ok: false, error: { code: 'decode/unsupported', message: 'a.jpg is not a picture of a known kind' } },
      { ok: false, error: { code: 'fs/missing' } },
      { ok: false, error: { code: 'fs/not-a-file' } },
    ]);
  });

  it('passes on the models’ own errors by their code', async () => {
    await expect(setUp().service.embedText({ texts: ['x'] })).rejects.toMatchObject({
      name: 'AppError',
      code: 'model/load',
    });
  });

  it('makes a picture to fill a screen with, of the content that is asked for', async () => {
    const { service, root, decodes } = setUp();
    const path = join(root, 'a.jpg');
    expect(await service.preview({ path, sha256: null, longestSide: 2_048 })).toEqual({ width: 2_048 });
    expect(decodes).toEqual([expect.objectContaining({ inputs: [], thumbnail: { longestSide: 2_048, quality: 82 } })]);
    const refused = (input: { path: string; sha256: string | null }) =>
      expect(service.preview({ ...input, longestSide: 9 })).rejects;
    await refused({ path, sha256: 'f'.repeat(64) }).toMatchObject({ code: 'fs/changed' });
    await refused({ path: join(root, 'gone.jpg'), sha256: null }).toMatchObject({ code: 'fs/missing' });
    await refused({ path: join(root, 'corrupt.jpg'), sha256: null }).toMatchObject({ code: 'decode/corrupt' });
  });

  it('looks at a picture without one part after the other, and leaves out those in which nothing remains', async () => {
    const { service, runs, decodes } = setUp();
    const picture = { bytes: Buffer.from('a.jpg'), width: 30, height: 20 };
    const found = await service.parts({ picture }, { signal: new AbortController().signal });
    expect(found.map(({ left, right }) => [left, right])).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(runs).toEqual(Array.from({ length: 2 }, () => ({ photos: 1, outputs: wanted })));
    expect(decodes).toMatchObject([
      { inputs: [{ width: 30, height: 20, fit: 'squash', layout: 'NHWC', type: 'uint8' }] },
    ]);
  });

  it('stops between two parts when cancelled', async () => {
    const { service, runs } = setUp();
    const leave = new AbortController();
    const signal = Object.defineProperty(leave.signal, 'aborted', { get: () => runs.length === 1 });
    const picture = { bytes: Buffer.from('a.jpg'), width: 30, height: 20 };
    await expect(service.parts({ picture }, { signal })).rejects.toMatchObject({ name: 'CancelledError' });
    expect(runs.length).toBe(1);
  });

  it('says of each stored thumbnail what colour it has', async () => {
    const { service } = setUp();
    expect(await service.colours({ thumbnails: [new Uint8Array(3), new Uint8Array(5)] })).toEqual([3, 5]);
  });

  it('says that a picture has several frames', async () => {
    const { analyse, request } = setUp();
    const [outcome] = await analyse([request('a.jpg', { thumbnail: true })]);
    expect(outcome).toMatchObject({ ok: true, value: { animated: true } });
  });
});
