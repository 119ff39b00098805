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

const pack = {
  id: 'tiny',
  title: 'Tiny',
  revision: '1',
  licence: 'CC0-1.0',
  notice: 'for tests',
  sizeMb: 1.2,
  active: true,
  state: 'installed',
  problem: null,
} as const;
const place = { placeId: 'p1', name: 'Pictures', path: '/home/ada/Pictures', addable: true } as const;
const settings = {
  theme: 'dark',
  speed: 'quiet',
  paused: false,
  rowHeight: 200,
  openAtLogin: false,
  showTray: true,
  strictness: 0.5,
  recentSearches: ['snow'],
} as const;

/** A valid output of every method, by `domain.method`. */
export const sampleOutputs = {
  'care.backUp': { file: '/lib/backups/library-000001-daily.db', takenAt: 1, sizeMb: 1 },
  'care.verify': { checked: { rows: 1, vectors: 1, thumbnails: 1 }, problems: [], repaired: [], lost: [], left: [] },
  'care.restore': { restored: { restoredAt: 1, backup: 'library-000001-daily.db', backupAt: 1, aside: null } },
  'care.exportOwn': { lines: '' },
  'library.revision': { revision: 7, photos: 3 },
  'library.cells': { photoIds: [7], labels: ['a dog'], mediaRevisions: [2] },
  'library.photo': {
    path: '/photos/a.jpg',
    sha256: 'ab',
    width: 40,
    height: 30,
    takenAt: '2019-07-04T18:03:11',
    offset: null,
    gps: null,
    camera: { make: null, model: null, lens: null },
    exposure: { timeSeconds: null, fNumber: null, iso: null, focalLengthMm: null },
    orientation: 1,
    rating: null,
    keywords: [],
    title: null,
    description: null,
    caption: { text: 'a dog', source: 'person', model: null },
    failure: null,
    photoId: 7,
    name: 'a.jpg',
    folder: '/photos',
    sizeBytes: 1234,
    format: 'jpeg',
    favourite: true,
    missing: false,
    damaged: false,
    generatedCaptions: ['a wolf'],
    mediaRevision: 2,
    fileDate: null,
  },
  'library.setCaption': { before: 'a cat' },
  'library.setFavourite': { changed: [7] },
  'library.folders': {
    folders: [
      {
        folderId: 1,
        name: 'photos',
        path: '/photos',
        photos: 3,
        missing: 0,
        failed: 1,
        pending: 0,
        state: 'ready',
        vanished: 0,
        problem: null,
        exclude: ['*.tmp'],
      },
    ],
  },
  'library.addPlace': { folderId: 1, known: false },
  'library.addSamplePhotos': { folderId: 2, known: true },
  'library.removeFolder': { path: '/photos', exclude: ['*.tmp'] },
  'library.restoreFolder': { folderId: 1 },
  'library.setExclude': { before: [] },
  'library.settleVanished': { files: 0 },
  'library.failures': {
    failures: [
      { fileId: 3, photoId: null, name: 'b.jpg', path: '/photos/b.jpg', code: 'decode/corrupt', message: 'broken' },
    ],
    total: 1,
  },
  'library.retryFailures': {},
  'library.ignoreFailures': {},
  'library.addFolders': { folders: [{ id: 1, path: '/photos', known: false }] },
  'library.status': {
    library: '/lib',
    modelProblem: null,
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
  'indexing.progress': {
    phase: 'idle',
    done: 0,
    total: 0,
    failed: 0,
    photosPerSecond: 0,
    secondsLeft: null,
    paused: false,
    current: null,
  },
  'indexing.rescan': {},
  'indexing.setPaused': {},
  'indexing.captionFiles': {
    captions: [{ path: 'a.jpg', caption: 'a dog', alternatives: ['a wolf'], error: null }],
    model: 'tiny@1/caption',
  },
  'search.rank': {
    photoIds: [7, 3],
    scores: [0.5, 0.25],
    query: { texts: ['a dog'], chips: [], notes: [] },
    sure: 1,
    shown: 2,
    nothing: { reason: 'filters', broader: [{ label: 'summer 2019', text: 'a dog' }] },
    indexed: 2,
    pending: 1,
    tookMs: { encode: 1, scan: 2, fuse: 3, total: 6 },
  },
  'search.explain': {
    words: [{ source: 'own', text: 'a dog', spans: [[2, 5]] }],
    shares: { embedding: 0.75, caption: 0, own: 0.125, words: 0.125 },
    region: { rows: 1, columns: 2, values: [1, 0] },
  },
  'search.suggest': {
    suggestions: [{ kind: 'place', label: 'Paris', photos: 3, text: 'dogs in Paris ', caret: 14 }],
  },
  'search.similar': { photoIds: [3], scores: [0.75] },
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
    query: {
      texts: ['a dog'],
      chips: [{ kind: 'date', label: 'summer 2019', not: false, from: 6, to: 17 }],
      notes: ['There is no 30 February.'],
    },
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
  'models.packs': { packs: [pack] },
  'models.downloads': {
    downloads: [{ packId: 'best', state: 'running', doneBytes: 5, totalBytes: 10, error: null }],
  },
  'models.download': {},
  'models.pause': {},
  'models.discard': {},
  'models.activate': {},
  'settings.get': settings,
  'settings.set': settings,
  'shell.capabilities': {
    version: '0.1.0',
    pickFolder: 'browse',
    reveal: false,
    drag: false,
    openAtLogin: false,
    tray: false,
    canChange: true,
    samplePhotos: true,
    device: { name: 'cpu', reason: 'always there' },
  },
  'shell.banners': {
    banners: [
      { kind: 'inference-stopped', severity: 'error', text: 'It ended three times.', action: 'restart-inference' },
    ],
  },
  'shell.act': {},
  'shell.pickFolder': { place },
  'shell.places': { here: null, parent: null, places: [place] },
  'shell.reveal': {},
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
      lastBackup: '2026-11-23T09:00:00.000Z',
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
