// Answers pictures and packed columns in terms of HTTP, for an edge to pass on: the web host and the application's own scheme. Shell process.
import type { Readable } from 'node:stream';
import type { MediaVariant } from '../../preload/contract/media.ts';
import type { LibraryDb } from '../library-db/library-db.ts';
import type { PhotoFile } from '../library-db/library-rows.ts';
import { AppError, toEnvelope } from '../platform/app-error.ts';
import type { Logger } from '../platform/log.ts';
import { byteRange } from '../services/media/byte-range.ts';
import { openOriginal } from '../services/media/original.ts';
import type { Previews } from '../services/media/previews.ts';

/** A stream is read to its end or destroyed by whoever got it. */
export interface MediaAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | Readable;
}

export interface MediaRequest {
  readonly photoId: number;
  readonly variant: MediaVariant;
  /** Header `Range`; heeded for originals. */
  readonly range?: string | undefined;
  /** Header `If-None-Match`. */
  readonly ifNoneMatch?: string | undefined;
}

export interface Media {
  /** Never rejects: what went wrong is an answer, with an `ErrorEnvelope` as JSON in its body. */
  openMedia(request: MediaRequest): Promise<MediaAnswer>;
  /** The packed timeline of the newest revision. */
  openTimeline(request: { readonly ifNoneMatch?: string | undefined }): Promise<MediaAnswer>;
}

export interface MediaParts {
  readonly db: Pick<LibraryDb, 'thumbnail' | 'photoFile' | 'timelineColumns' | 'revision'>;
  readonly previews: Previews;
  /** The format of a file that begins so; null for an unknown one. */
  sniff(head: Uint8Array): string | null;
  readonly log: Logger;
  /** A photo was asked for whose thumbnail is not there: it is work to do. */
  onMissingThumbnail(): void;
  /** A file is not what the library knows of it. */
  onChangedFile(path: string): void;
}

type Headers = Record<string, string>;

/** The address holds the revision, so what it names never changes. Answers are for this person's own browser alone. */
const forEver = 'private, max-age=31536000, immutable';
const guarded = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' };
const nothing = new Uint8Array();

export function createMedia(parts: MediaParts): Media {
  const timeline = createTimelineCache(parts.db);
  return {
    openMedia: (request) => answered(parts, () => openVariant(parts, request)),
    openTimeline: ({ ifNoneMatch }) =>
      answered(parts, async () => {
        const { revision, bytes } = await timeline();
        return whole(bytes, 'application/octet-stream', `"timeline-${revision}"`, ifNoneMatch);
      }),
  };
}

async function answered(parts: MediaParts, open: () => Promise<MediaAnswer>): Promise<MediaAnswer> {
  try {
    return await open();
  } catch (error) {
    const envelope = toEnvelope(error);
    if (envelope.code === 'internal') parts.log.error({ area: 'media', err: error }, 'media failed');
    return {
      status: statusOf(envelope.code),
      headers: { ...guarded, 'content-type': 'application/json', 'cache-control': 'no-store' },
      body: Buffer.from(JSON.stringify(envelope)),
    };
  }
}

async function openVariant(parts: MediaParts, request: MediaRequest): Promise<MediaAnswer> {
  if (request.variant === 'thumbnail') return openThumbnail(parts, request);
  const file = await parts.db.photoFile({ photoId: request.photoId });
  if (!file) throw new AppError('library/photo-not-found', 'this photo is not in the library any more');
  try {
    return request.variant === 'preview'
      ? await openPreview(parts, file, request)
      : await openFile(parts, file, request);
  } catch (error) {
    if (error instanceof AppError && (error.code === 'fs/changed' || error.code === 'fs/missing'))
      parts.onChangedFile(file.path);
    throw error;
  }
}

async function openThumbnail(parts: MediaParts, { photoId, ifNoneMatch }: MediaRequest): Promise<MediaAnswer> {
  const found = await parts.db.thumbnail({ photoId });
  if (!found) {
    parts.onMissingThumbnail();
    throw new AppError('library/photo-not-found', 'there is no small picture of this photo yet');
  }
  return whole(found.bytes, `image/${found.format}`, `"${photoId}-t${found.revision}"`, ifNoneMatch);
}

async function openPreview(parts: MediaParts, file: PhotoFile, request: MediaRequest): Promise<MediaAnswer> {
  try {
    const bytes = await parts.previews.of(file);
    return whole(bytes, 'image/webp', `"${file.sha256}-p"`, request.ifNoneMatch);
  } catch (error) {
    if (!(error instanceof AppError && /^(model|inference)\//.test(error.code))) throw error;
    // Without a process that makes pictures a browser still shows most of them by itself. It is asked again the next time.
    const { headers, ...original } = await openFile(parts, file, {
      ...request,
      range: undefined,
      ifNoneMatch: undefined,
    });
    return { ...original, headers: { ...headers, 'cache-control': 'no-store' } };
  }
}

async function openFile(parts: MediaParts, file: PhotoFile, request: MediaRequest): Promise<MediaAnswer> {
  const original = await openOriginal(file.path, file, parts.sniff);
  const headers: Headers = {
    ...guarded,
    'content-type': original.contentType,
    'cache-control': forEver,
    'accept-ranges': 'bytes',
    etag: `"${file.sha256}-o"`,
  };
  const size = original.sizeBytes;
  const range = byteRange(request.range, size);
  if (matches(request.ifNoneMatch, headers['etag'] ?? '')) {
    await original.close();
    return { status: 304, headers, body: nothing };
  }
  if (range === 'unsatisfiable') {
    await original.close();
    return { status: 416, headers: { ...guarded, 'content-range': `bytes */${size}` }, body: nothing };
  }
  if (range === 'whole')
    return {
      status: 200,
      headers: { ...headers, 'content-length': String(size) },
      body: original.read({ start: 0, end: size - 1 }),
    };
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
      'content-length': String(range.end - range.start + 1),
    },
    body: original.read(range),
  };
}

function whole(bytes: Uint8Array, contentType: string, etag: string, ifNoneMatch: string | undefined): MediaAnswer {
  const headers = { ...guarded, 'content-type': contentType, 'cache-control': forEver, etag };
  if (matches(ifNoneMatch, etag)) return { status: 304, headers, body: nothing };
  return { status: 200, headers: { ...headers, 'content-length': String(bytes.length) }, body: bytes };
}

function matches(header: string | undefined, etag: string): boolean {
  return (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
}

function statusOf(code: AppError['code']): number {
  if (code === 'library/photo-not-found' || code === 'fs/missing' || code === 'fs/offline') return 404;
  if (code === 'fs/denied') return 403;
  if (code === 'fs/changed') return 409;
  if (code.startsWith('decode/')) return 415;
  return code === 'internal' || code.startsWith('fs/') ? 500 : 503;
}

/** Packed once for each revision, however many ask: a large library's columns take a second and are the same for every window. */
function createTimelineCache(
  db: Pick<LibraryDb, 'timelineColumns' | 'revision'>,
): () => Promise<{ revision: number; bytes: Uint8Array }> {
  let kept: { revision: number; bytes: Promise<Uint8Array> } | undefined;
  return async () => {
    const { revision } = await db.revision();
    if (kept?.revision !== revision) {
      const bytes = db.timelineColumns();
      const next = { revision, bytes };
      kept = next;
      bytes.catch(() => {
        if (kept === next) kept = undefined;
      });
    }
    const { bytes } = kept;
    return { revision, bytes: await bytes };
  };
}
