// Handlers of the whole contract that answer with fixed, valid outputs. Test processes.
import type { z } from 'zod';
import type { CallContext } from '../../preload/contract/define.ts';
import { contract, type PhotosHandlers } from '../../preload/contract/index.ts';

const summary = {
  p1: 30.1,
  p5: 61,
  p10: 73.5,
  medianRank: 3,
  mrr: 0.43,
  ci95: { p1: [29, 31], p5: [60, 62], p10: [72, 75], medianRank: [2, null], mrr: [0.4, 0.5] },
} as const;

/** A valid output of every method, by `domain.method`. */
export const sampleOutputs = {
  'library.addFolders': { folders: [{ id: 1, path: '/photos', known: false }] },
  'library.status': {
    library: '/lib',
    mode: 'owner',
    folders: [{ path: '/photos', files: 3, missing: 1, state: 'online' }],
    photos: 3,
    indexed: 2,
    pending: 0,
    failed: 1,
    pendingByStage: { look: 0, caption: 0, own: 0 },
    failures: [{ path: '/photos/bad\u001b[2J.jpg', code: 'decode/corrupt', message: 'broken\npicture' }],
  },
  'library.showPhoto': {
    path: '/photos/a.jpg',
    sha256: 'ab',
    width: 40,
    height: 30,
    takenAt: '2019-07-04T18:03:11',
    offset: '+02:00',
    gps: { lat: 48.1, lon: 11.5 },
    camera: { make: 'Maker', model: null, lens: 'Lens' },
    exposure: { timeSeconds: 0.004, fNumber: 2.8, iso: 100, focalLengthMm: 35 },
    orientation: 1,
    rating: null,
    keywords: ['dog', 'snow'],
    title: null,
    description: 'two\r\nlines',
    caption: { text: 'a dog', source: 'model', model: 'tiny@1/caption' },
    vectors: [{ kind: 'image', model: 'tiny@1/image', dim: 2 }],
    failure: null,
  },
  'indexing.run': {
    photos: { found: 3, indexed: 2, unchanged: 0, failed: 1 },
    failures: [{ path: '/photos/bad\u001b[2J.jpg', code: 'decode/corrupt', message: 'broken' }],
    seconds: 1.5,
  },
  'indexing.progress': { phase: 'idle', done: 0, total: 0, failed: 0, photosPerSecond: 0, secondsLeft: null },
  'indexing.captionFiles': {
    captions: [{ path: 'a.jpg', caption: 'a dog', alternatives: ['a wolf'], error: null }],
    model: 'tiny@1/caption',
  },
  'search.find': {
    hits: [
      {
        photoId: 7,
        path: '/photos/a.jpg',
        score: 0.5,
        caption: 'a dog\u0007',
        ranks: { embedding: 1, caption: 2, words: null },
      },
    ],
    indexed: 2,
    pending: 1,
    tookMs: { encode: 1, scan: 2, fuse: 3, total: 6 },
  },
  'evaluation.run': {
    result: {
      photos: 10,
      queries: 50,
      pack: 'tiny@1',
      retrieval: { embedding: summary, caption: summary, words: summary, fused: summary },
      captions: { bleu1: 0.6, bleu2: 0.4, bleu3: 0.3, bleu4: 0.24, rougeL: 0.5, ciderD: 0.62, distinctShare: 0.7 },
      queryMs: { p50: 10, p95: 20 },
      indexing: { photosPerSecond: 4.2, cpuMsPerPhoto: 400 },
    },
    reportHtml: null,
  },
  'shell.doctor': {
    versions: { photoseek: '0.1.0', node: '24.9.0' },
    system: { platform: 'linux 6', arch: 'x64', cores: 2, memoryGb: 16, watchLimit: null },
    packs: [
      {
        id: 'tiny',
        revision: '1',
        title: 'Tiny',
        licence: 'CC0-1.0',
        notice: '',
        active: true,
        state: 'ok',
        sizeMb: 1,
      },
    ],
    providers: [{ name: 'cpu', used: true, reason: 'always there' }],
    store: {
      library: '/lib',
      mode: 'owner',
      sqlite: '3.51.3',
      schema: 30,
      journal: 'wal',
      synchronous: 'full',
      sizeMb: 1,
      check: 'ok',
    },
    problems: [],
  },
} as const;

export type MethodName = keyof typeof sampleOutputs;
export type AnyHandler = (input: never, context: CallContext) => Promise<unknown>;

/** @param replaced answers of some methods, given by `domain.method`. */
export function fakeHandlers(replaced: Partial<Record<MethodName, AnyHandler>> = {}): PhotosHandlers {
  const domains = Object.entries(contract).map(([domain, methods]) => [
    domain,
    Object.fromEntries(
      Object.keys(methods).map((name) => {
        const key = `${domain}.${name}` as MethodName;
        return [name, replaced[key] ?? (async () => structuredClone(sampleOutputs[key]))];
      }),
    ),
  ]);
  return Object.fromEntries(domains) as PhotosHandlers;
}

/** Every method of the contract with its definition. */
export function contractMethods(): {
  name: MethodName;
  domain: string;
  method: string;
  local: boolean;
  input: z.ZodType;
  output: z.ZodType;
}[] {
  return Object.entries(contract).flatMap(([domain, methods]) =>
    Object.entries(methods).map(([method, definition]) => ({
      name: `${domain}.${method}` as MethodName,
      domain,
      method,
      ...definition,
    })),
  );
}
