// The built page as a map from address to bytes, read once at start: no address is ever turned into a path. Web host.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../platform/app-error.ts';
import { assetMapOf } from '../platform/asset-map.ts';

export interface StaticFile {
  readonly type: string;
  readonly body: Uint8Array;
  readonly etag: string;
  /** Its name carries a hash of its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** Name given by the page's build, as in `assets/index-B3xK9q2_.js`. */
const hashedName = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/**
 * Files of the kinds a page is made of; others (source maps, notes) are left out. Keys are whole request paths; the page itself is `/`.
 *
 * @throws AppError `host/unsupported` where the folder holds no `index.html`: the page is not built.
 */
export async function readStaticFiles(folder: string): Promise<ReadonlyMap<string, StaticFile>> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = new Map<string, StaticFile>();
  for (const [address, { file, type }] of Object.entries(assetMapOf(names))) {
    const body = await readFile(join(folder, file));
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    files.set(address, { type, body, etag, immutable: hashedName.test(address) });
  }
  const page = files.get('/index.html');
  if (!page) throw new AppError('host/unsupported', 'the interface is not built; run npm run build:renderer');
  return files.set('/', page);
}
