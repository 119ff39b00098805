// A made-up library of any size behind fake handlers: a packed timeline of twenty years and pictures that are generated once. Test processes.
import sharp from 'sharp';
import type { Media } from '../../main/api/media.ts';
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { defaultSettings, type Settings } from '../../preload/contract/settings.ts';
import { packTimeline, type Timeline, timelineFlags } from '../../preload/contract/timeline.ts';
import { type AnyHandler, fakeHandlers, type MethodName } from './fake-handlers.ts';

export interface LargeBackend {
  readonly handlers: PhotosHandlers;
  readonly media: Media;
  timeline: Timeline;
  /** Requests for pictures so far. */
  pictures: number;
}

const ratios = [667, 750, 1000, 1333, 1500, 1778];
const newestDay = 20_000;
const years = 20;

/** Photos of made-up days, newest first: most days have none, some have a hundred. Ids fall with age, as if they had been taken in oldest first. */
export function madeUpTimeline(count: number, revision = 1): Timeline {
  const timeline = {
    revision,
    count,
    ids: new Uint32Array(count),
    days: new Int32Array(count),
    ratios: new Uint16Array(count),
    colours: new Uint16Array(count),
    flags: new Uint8Array(count),
  };
  const perDay = Math.max(1, count / (365 * years * 0.4));
  let random = 12_345;
  const next = (): number => {
    random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
    return random / 2 ** 32;
  };
  let day = newestDay;
  let left = 0;
  for (let i = 0; i < count; i++) {
    if (left-- <= 0) {
      day -= 1 + Math.floor(next() * 4);
      left = Math.floor(perDay * 2 * next() ** 2 * 1.5);
    }
    timeline.ids[i] = count - i;
    timeline.days[i] = day;
    timeline.ratios[i] = ratios[pictureOf(count - i) % ratios.length] ?? 1000;
    timeline.colours[i] = colourOf(pictureOf(count - i)).packed;
    timeline.flags[i] = i % 97 === 5 ? timelineFlags.favourite : 0;
  }
  return timeline;
}

const pictureKinds = 48;

/** Which of the generated pictures a photo shows. */
function pictureOf(id: number): number {
  return (Math.imul(id, 2_654_435_761) >>> 8) % pictureKinds;
}

function colourOf(kind: number): { r: number; g: number; b: number; packed: number } {
  const [r, g, b] = [(kind * 73) % 200, (kind * 131 + 60) % 200, (kind * 37 + 120) % 200] as const;
  return { r, g, b, packed: ((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3) };
}

/** A thumbnail with as much in it as one of a photo. */
async function picture(kind: number): Promise<Buffer> {
  const ratio = (ratios[kind % ratios.length] ?? 1000) / 1000;
  const width = Math.round(ratio >= 1 ? 320 : 320 * ratio);
  const height = Math.round(ratio >= 1 ? 320 / ratio : 320);
  const { r, g, b } = colourOf(kind);
  const noise = await sharp({
    create: { width, height, channels: 3, background: { r, g, b }, noise: { type: 'gaussian', mean: 128, sigma: 40 } },
  })
    .png()
    .toBuffer();
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
    .composite([{ input: noise, blend: 'soft-light' }])
    .webp({ quality: 70 })
    .toBuffer();
}

export async function largeBackend(
  timeline: Timeline,
  replaced: Partial<Record<MethodName, AnyHandler>> = {},
): Promise<LargeBackend> {
  const pictures = await Promise.all(Array.from({ length: pictureKinds }, (_, kind) => picture(kind)));
  let settings = defaultSettings;
  const backend: LargeBackend = {
    timeline,
    pictures: 0,
    media: {
      async openTimeline() {
        const headers = { 'content-type': 'application/octet-stream' };
        return { status: 200, headers, body: packTimeline(backend.timeline) };
      },
      async openMedia({ photoId }) {
        backend.pictures++;
        return {
          status: 200,
          headers: { 'content-type': 'image/webp', 'cache-control': 'private, max-age=31536000, immutable' },
          body: pictures[pictureOf(photoId)] as Buffer,
        };
      },
    },
    handlers: fakeHandlers({
      'library.revision': async () => ({ revision: backend.timeline.revision, photos: backend.timeline.count }),
      'library.cells': async ({ photoIds }: { photoIds: number[] }) => ({
        photoIds,
        labels: photoIds.map((id) => `made-up photo ${id}`),
        mediaRevisions: photoIds.map(() => 1),
      }),
      'library.failures': async () => ({ failures: [], total: 0 }),
      'shell.banners': async () => ({ banners: [] }),
      'settings.get': async () => settings,
      'settings.set': async (patch: Partial<Settings>) => {
        settings = { ...settings, ...patch };
        return settings;
      },
      ...replaced,
    }),
  };
  return backend;
}
