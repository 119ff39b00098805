// Serves the window's own scheme: the built page from its map of files, photos and the timeline by id. Desktop main process.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Media } from '../api/media.ts';
import { type AppTarget, appScheme, appTarget } from '../platform/app-address.ts';
import { type AssetMap, assetTable } from '../platform/asset-map.ts';
import type { Logger } from '../platform/log.ts';
import { photoPolicy, windowHeaders } from '../platform/window-headers.ts';
import type { ElectronApi } from './electron-api.ts';

/** To be called before the application is ready. `bypassCSP` and the like stay off. */
export function declareScheme({ protocol }: Pick<ElectronApi, 'protocol'>): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: appScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

export interface SchemeParts {
  /** Absolute path of the built page. */
  readonly rendererFolder: string;
  readonly assets: AssetMap;
  readonly media: Media;
  readonly log: Logger;
}

export function serveScheme({ protocol }: Pick<ElectronApi, 'protocol'>, parts: SchemeParts): void {
  const answer = schemeHandler(parts);
  protocol.handle(appScheme, answer);
}

/** What `serveScheme` answers a request with; it never throws. */
export function schemeHandler(parts: SchemeParts): (request: Request) => Promise<Response> {
  const assets = assetTable(parts.assets);

  async function asset(key: string): Promise<Response> {
    const found = assets.get(key);
    if (!found) return text(404, 'there is nothing here');
    const body = await readFile(join(parts.rendererFolder, found.file));
    return new Response(body, {
      headers: { ...windowHeaders, 'content-type': found.type, 'cache-control': 'no-cache' },
    });
  }

  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'only to be read');
    const target = appTarget(request.url);
    try {
      if (target.kind === 'none') return text(404, 'there is nothing here');
      if (target.kind === 'asset') return await asset(target.key);
      return await media(parts.media, target, request);
    } catch (error) {
      parts.log.error({ err: error }, 'a request of the window failed');
      return text(500, 'something went wrong inside Photoseek');
    }
  };
}

async function media(
  source: Media,
  target: Exclude<AppTarget, { kind: 'asset' | 'none' }>,
  request: Request,
): Promise<Response> {
  const ifNoneMatch = request.headers.get('if-none-match') ?? undefined;
  const opened =
    target.kind === 'timeline'
      ? await source.openTimeline({ ifNoneMatch })
      : await source.openMedia({
          photoId: target.photoId,
          variant: target.variant,
          range: request.headers.get('range') ?? undefined,
          ifNoneMatch,
        });
  const headers = { ...windowHeaders, ...opened.headers, 'content-security-policy': photoPolicy };
  const empty = request.method === 'HEAD' || opened.status === 204 || opened.status === 304;
  if (opened.body instanceof Readable) {
    if (empty) opened.body.destroy();
    // Node and the DOM type the same stream each in its own way.
    else
      return new Response(Readable.toWeb(opened.body) as never, {
        status: opened.status,
        headers,
      });
  }
  return new Response(empty ? null : (opened.body as Uint8Array<ArrayBuffer>), { status: opened.status, headers });
}

function text(status: number, line: string): Response {
  return new Response(`${line}\n`, {
    status,
    headers: { ...windowHeaders, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  });
}
