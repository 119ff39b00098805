// An application of fake handlers over real photo files, for tests of the screens: it answers what the real one would, at once and without models. Test processes.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Media, MediaRequest } from '../../main/api/media.ts';
import { AppError } from '../../main/platform/app-error.ts';
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { FolderView, PhotoView } from '../../preload/contract/library.ts';
import type { PackDownload, PackReport } from '../../preload/contract/models.ts';
import type { Explanation, Ranking } from '../../preload/contract/search.ts';
import { defaultSettings, type Settings } from '../../preload/contract/settings.ts';
import type { Banner } from '../../preload/contract/shell.ts';
import { packTimeline, timelineFlags } from '../../preload/contract/timeline.ts';
import { type AnyHandler, fakeHandlers, type MethodName, sampleOutputs } from './fake-handlers.ts';
import type { TestHost } from './web-host.ts';

export interface BackendOptions {
  /** Photo files, newest first. */
  readonly files: readonly string[];
  /** Generated captions by file name. */
  readonly captions: Readonly<Record<string, string>>;
  /** Handlers that answer otherwise. */
  readonly replaced?: Partial<Record<MethodName, AnyHandler>>;
}

export interface PhotoBackend {
  readonly handlers: PhotosHandlers;
  readonly media: Media;
  readonly photos: PhotoView[];
  readonly folders: FolderView[];
  readonly failures: { fileId: number; photoId: null; name: string; path: string; code: string; message: string }[];
  readonly packs: PackReport[];
  readonly banners: Banner[];
  readonly downloads: PackDownload[];
  /** Calls heard, as `domain.method` with their input. */
  readonly calls: { method: string; input: unknown }[];
  settings: Settings;
  pending: number;
  /** Called after each change that the page asked for. */
  onChange?: () => void;
  /** Tells the page that the library changed. */
  changed(host: TestHost): void;
  /** Of a photo by its file name. */
  photo(name: string): PhotoView;
}

const day = 86_400;
/** 2024-08-18T14:05:09 */
const newest = 1_723_989_909;

export async function photoBackend(options: BackendOptions): Promise<PhotoBackend> {
  const photos = await Promise.all(options.files.map((path, at) => photoOf(path, at, options.captions)));
  let revision = 1;
  const calls: PhotoBackend['calls'] = [];
  const backend: PhotoBackend = {
    handlers: fakeHandlers(),
    media: mediaOf(photos, options.files, () => revision),
    photos,
    folders: [
      {
        ...sampleOutputs['library.folders'].folders[0],
        name: 'Pictures',
        path: '/home/ada/Pictures',
        photos: photos.length,
        failed: 0,
        exclude: [],
      },
    ],
    failures: [],
    packs: [],
    banners: [],
    downloads: [],
    calls,
    settings: defaultSettings,
    pending: 0,
    changed(host) {
      host.events.publish('library.changed', { revision: ++revision });
    },
    photo(name) {
      const found = photos.find((one) => one.name === name);
      if (!found) throw new Error(`no photo ${name}`);
      return found;
    },
  };
  const answers: Partial<Record<MethodName, AnyHandler>> = {
    ...libraryAnswers(
      backend,
      () => revision,
      () => ++revision,
    ),
    ...searchAnswers(backend),
    ...otherAnswers(backend),
    ...options.replaced,
  };
  const heard = (Object.keys(sampleOutputs) as MethodName[]).map((method) => [
    method,
    async (input: never, context: never) => {
      calls.push({ method, input });
      const answer = await (answers[method]?.(input, context) ?? structuredClone(sampleOutputs[method]));
      if (method.startsWith('library.set')) backend.onChange?.();
      return answer;
    },
  ]);
  return Object.assign(backend, { handlers: fakeHandlers(Object.fromEntries(heard)) });
}

async function photoOf(path: string, at: number, captions: Readonly<Record<string, string>>): Promise<PhotoView> {
  const name = basename(path);
  const { width, height, format } = await sharp(path).metadata();
  const caption = captions[name];
  return {
    ...structuredClone(sampleOutputs['library.photo']),
    photoId: at + 1,
    path: `/home/ada/Pictures/${name}`,
    folder: '/home/ada/Pictures',
    name,
    sha256: createHash('sha256').update(name).digest('hex'),
    width,
    height,
    takenAt: new Date((newest - Math.floor(at / 7) * day * 3 - at * 600) * 1000).toISOString().slice(0, 19),
    gps: at % 2 === 0 ? { lat: 48.13743, lon: 11.57549 } : null,
    camera: { make: 'FUJIFILM', model: 'X-T30', lens: 'XF 23mm F2' },
    exposure: { timeSeconds: 0.004, fNumber: 2.8, iso: 200, focalLengthMm: 23 },
    keywords: [],
    caption: caption === undefined ? null : { text: caption, source: 'model', model: 'starter' },
    generatedCaptions: caption === undefined ? [] : [caption, `${caption} outdoors`],
    sizeBytes: statSync(path).size,
    format,
    favourite: false,
    mediaRevision: 1,
  };
}

function libraryAnswers(backend: PhotoBackend, revision: () => number, change: () => number) {
  const { photos, folders } = backend;
  const removedFolders: PhotoBackend['folders'][number][] = [];
  const ignoredFailures: PhotoBackend['failures'][number][] = [];
  const byId = (id: number): PhotoView => {
    const found = photos.find(({ photoId }) => photoId === id);
    if (!found) throw new AppError('library/photo-not-found', 'this photo is not in the library');
    return found;
  };
  return {
    'library.revision': async () => ({ revision: revision(), photos: photos.length }),
    'library.cells': async ({ photoIds }: { photoIds: number[] }) => {
      const known = photoIds.flatMap((id) => photos.find(({ photoId }) => photoId === id) ?? []);
      return {
        photoIds: known.map(({ photoId }) => photoId),
        labels: known.map(({ caption, name }) => caption?.text ?? name),
        mediaRevisions: known.map(({ mediaRevision }) => mediaRevision),
      };
    },
    'library.photo': async ({ photoId }: { photoId: number }) => byId(photoId),
    'library.setCaption': async ({ photoId, text }: { photoId: number; text: string | null }) => {
      const photo = byId(photoId);
      const before = photo.caption?.source === 'person' ? photo.caption.text : null;
      const [generated] = photo.generatedCaptions;
      if (text !== null) photo.caption = { text, source: 'person', model: null };
      else photo.caption = generated === undefined ? null : { text: generated, source: 'model', model: 'starter' };
      change();
      return { before };
    },
    'library.setFavourite': async ({ photoIds, favourite }: { photoIds: number[]; favourite: boolean }) => {
      const changed = photoIds.map(byId).filter((photo) => photo.favourite !== favourite);
      for (const photo of changed) photo.favourite = favourite;
      change();
      return { changed: changed.map(({ photoId }) => photoId) };
    },
    'library.folders': async () => ({ folders }),
    'library.settleVanished': async ({ folderId, gone }: { folderId: number; gone: boolean }) => {
      const folder = folders.find((one) => one.folderId === folderId);
      const files = folder ? (folder.state === 'emptied' ? folder.photos : folder.vanished) : 0;
      if (folder) Object.assign(folder, { vanished: 0, state: 'ready', photos: folder.photos - (gone ? files : 0) });
      return { files };
    },
    'library.removeFolder': async ({ folderId }: { folderId: number }) => {
      const at = folders.findIndex((one) => one.folderId === folderId);
      const [gone] = folders.splice(at, 1);
      if (gone) removedFolders.push(gone);
      return { path: gone?.path ?? '', exclude: gone?.exclude ?? [] };
    },
    'library.restoreFolder': async ({ folderId }: { folderId: number }) => {
      const at = removedFolders.findIndex((one) => one.folderId === folderId);
      folders.push(...removedFolders.splice(at, 1));
      return { folderId };
    },
    'library.setExclude': async ({ folderId, exclude }: { folderId: number; exclude: string[] }) => {
      const folder = folders.find((one) => one.folderId === folderId);
      const before = folder?.exclude ?? [];
      if (folder) folder.exclude = exclude;
      return { before };
    },
    'library.failures': async () => ({ failures: backend.failures, total: backend.failures.length }),
    'library.ignoreFailures': async ({ fileIds, ignored }: { fileIds: number[]; ignored: boolean }) => {
      const [from, to] = ignored ? [backend.failures, ignoredFailures] : [ignoredFailures, backend.failures];
      for (const id of fileIds)
        to.push(
          ...from.splice(
            from.findIndex(({ fileId }) => fileId === id),
            1,
          ),
        );
      return {};
    },
  } as Partial<Record<MethodName, AnyHandler>>;
}

/** Words that the caption shares with the sentence decide; each mode breaks ties in an order of its own. */
function searchAnswers(backend: PhotoBackend) {
  const rank = (text: string, mode: string, limit: number): Ranking => {
    const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
    const scored = backend.photos.map(({ photoId, caption, name }) => {
      const words = `${caption?.text ?? ''} ${name}`.toLowerCase();
      const hits = asked.filter((word) => words.includes(word)).length / asked.length;
      const own = createHash('md5').update(`${mode} ${text} ${photoId}`).digest().readUInt16LE(0) / 65_536;
      return { photoId, score: mode === 'words' ? hits : hits * 0.8 + own * 0.2 };
    });
    const ranked = scored
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
    return {
      photoIds: ranked.map(({ photoId }) => photoId),
      scores: ranked.map(({ score }) => score),
      query: { texts: [text], chips: [], notes: [] },
      indexed: backend.photos.length - backend.pending,
      pending: backend.pending,
      tookMs: { encode: 6, scan: 3, fuse: 1, total: 10 },
    };
  };
  return {
    'search.rank': async ({ text, mode, limit }: { text: string; mode: string; limit: number }) =>
      rank(text, mode, limit),
    'search.explain': async ({ text, photoId, region }: { text: string; photoId: number; region: boolean }) =>
      reasonsOf(backend.photos.find((one) => one.photoId === photoId)?.caption?.text ?? '', text, region),
    'search.similar': async ({ photoId, limit }: { photoId: number; limit: number }) => {
      const others = backend.photos.filter((one) => one.photoId !== photoId).slice(0, limit);
      return { photoIds: others.map((one) => one.photoId), scores: others.map((_, at) => 1 - at / 100) };
    },
  } as Partial<Record<MethodName, AnyHandler>>;
}

/** The caption's words that the sentence has; the place is left of the middle, in a grid of 12 by 12. */
function reasonsOf(caption: string, text: string, region: boolean): Explanation {
  const asked = text.toLowerCase().split(/\s+/).filter(Boolean);
  const spans = [...caption.matchAll(/\p{L}+/gu)].flatMap(({ 0: word, index }): [number, number][] =>
    asked.includes(word.toLowerCase()) ? [[index, index + word.length]] : [],
  );
  const values = Array.from({ length: 144 }, (_, at) => {
    const distance = Math.hypot((at % 12) - 4, Math.floor(at / 12) - 5);
    return Math.max(0, 1 - distance / 5);
  });
  return {
    words: spans.length > 0 ? [{ source: 'generated', text: caption, spans }] : [],
    shares: { embedding: 0.75, caption: 0.15, own: 0, words: 0.1 },
    region: region ? { rows: 12, columns: 12, values } : null,
  };
}

function otherAnswers(backend: PhotoBackend) {
  const place = (name: string, path: string, addable = true) => ({ placeId: `id of ${path}`, name, path, addable });
  const home = place('Home', '/home/ada', false);
  const inHome = ['Documents', 'Downloads', 'Pictures'].map((name) => place(name, `/home/ada/${name}`));
  return {
    'settings.get': async () => backend.settings,
    'settings.set': async (patch: Partial<Settings>) => {
      backend.settings = { ...backend.settings, ...patch };
      return backend.settings;
    },
    'shell.banners': async () => ({ banners: backend.banners }),
    'models.packs': async () => ({ packs: backend.packs }),
    'models.downloads': async () => ({ downloads: backend.downloads }),
    'shell.places': async ({ placeId }: { placeId: string | null }) => {
      if (placeId === null)
        return { here: null, parent: null, places: [home, inHome[2], place('Photo disk', '/media/disk')] };
      if (placeId === home.placeId) return { here: home, parent: null, places: inHome };
      const here = inHome.find((one) => one.placeId === placeId) ?? place('Photo disk', '/media/disk');
      return { here, parent: home, places: [] };
    },
  } as Partial<Record<MethodName, AnyHandler>>;
}

function mediaOf(photos: readonly PhotoView[], files: readonly string[], revision: () => number): Media {
  const pictures = new Map<string, Promise<Buffer>>();
  return {
    async openTimeline() {
      const body = packTimeline({
        revision: revision(),
        count: photos.length,
        ids: Uint32Array.from(photos, ({ photoId }) => photoId),
        days: Int32Array.from(photos, ({ takenAt }) => Math.floor(Date.parse(`${takenAt}Z`) / 86_400_000)),
        ratios: Uint16Array.from(photos, ({ width, height }) => Math.round((1000 * (width ?? 1)) / (height ?? 1))),
        colours: new Uint16Array(photos.length).fill(0x8c71),
        flags: Uint8Array.from(
          photos,
          ({ favourite, missing, failure }) =>
            (favourite ? timelineFlags.favourite : 0) |
            (missing ? timelineFlags.missing : 0) |
            (failure ? timelineFlags.failed : 0),
        ),
      });
      return { status: 200, headers: { 'content-type': 'application/octet-stream' }, body };
    },
    async openMedia({ photoId, variant }: MediaRequest) {
      const photo = photos.find((one) => one.photoId === photoId);
      const path = files[photoId - 1];
      if (!photo || !path || photo.failure) return { status: 404, headers: {}, body: Buffer.alloc(0) };
      const side = variant === 'thumbnail' ? 320 : 2048;
      const key = `${photoId} ${side}`;
      const made =
        pictures.get(key) ??
        sharp(path).rotate().resize(side, side, { fit: 'inside', withoutEnlargement: true }).webp().toBuffer();
      pictures.set(key, made);
      return {
        status: 200,
        headers: { 'content-type': 'image/webp', 'cache-control': 'private, max-age=31536000, immutable' },
        body: await made,
      };
    },
  };
}

/** The photos of a folder, by name. */
export function photoFilesIn(folder: string, most = Number.POSITIVE_INFINITY): string[] {
  const names = readdirSync(folder)
    .filter((name) => extname(name) === '.jpg')
    .sort()
    .slice(0, most);
  return names.map((name) => join(folder, name));
}

/** Captions of a table of file name and caption; the first of each file. */
export function captionsIn(file: string): Record<string, string> {
  const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(rows.toReversed().map((row) => row.split('\t', 2) as [string, string]));
}

export const sampleCaptions: Readonly<Record<string, string>> = {
  'astronaut.jpg': 'a woman in an orange space suit',
  'cat.jpg': 'a tabby cat looking up',
  'coffee.jpg': 'a cup of coffee with a spoon on a wooden table',
  'rocket-launch.jpg': 'a rocket lifting off in the dark',
  'photographer.jpg': 'a man with a camera on a tripod in a field',
  'coins.jpg': 'rows of old coins',
  'temple.jpg': 'the roof of a temple',
  'flower.jpg': 'a pink flower close up',
  'galaxies.jpg': 'many galaxies in the dark sky',
  'clock.jpg': 'a clock blurred by motion',
};
