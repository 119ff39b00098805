// The built page as a map from address to bytes, read once at start: no address is ever turned into a path. Web host.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { AppError } from '../platform/app-error.ts';

export interface StaticFile {
  readonly type: string;
  readonly body: Uint8Array;
  readonly etag: string;
  /** Its name carries a hash of its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

const typeByEnding: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/** Name given by the page's build, as in `assets/index-B3xK9q2_.js`. */
const hashedName = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/**
 * Files of the kinds a page is made of; others (source maps, notes) are left out. Keys are whole request paths; the page itself is `/`.
 *
 * @throws AppError `host/unsupported` where the folder holds no `index.html`: the page is not built.
 */
export async function readStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, StaticFile>();
  for (const entry of entries) {
    const type = typeByEnding[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const address = path.slice(folder.length).split(/[\\/]/).map(encodeURIComponent).join('/');
    const key = address.startsWith('/') ? address : `/${address}`;
    const body = await readFile(path);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    files.set(key, { type, body, etag, immutable: hashedName.test(key) });
  }
  const page = files.get('/index.html');
  if (!page) throw new AppError('host/unsupported', 'the interface is not built; run npm run build:renderer');
  return files.set('/', page);
}
