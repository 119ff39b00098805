// The files of the built page as a map from address to file, made when the page is built: no address is ever turned into a path. Build tool and shell; pure.
import { extname } from 'node:path';

export interface Asset {
  /** Below the folder of the built page, with forward slashes. */
  readonly file: string;
  readonly type: string;
}

/** Keys are whole paths of addresses, as `/assets/index-B3xK9q2_.js`. */
export type AssetMap = Readonly<Record<string, Asset>>;

const typeByEnding: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

/** @param names files below the built page's folder. Kinds that a page is not made of (source maps, notes) are left out. */
export function assetMapOf(names: readonly string[]): AssetMap {
  const entries = names.flatMap((name): [string, Asset][] => {
    const type = typeByEnding[extname(name)];
    const file = name.replaceAll('\\', '/');
    return type === undefined ? [] : [[`/${file.split('/').map(encodeURIComponent).join('/')}`, { file, type }]];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The map as looked up: a `Map`, because a plain object also knows `constructor` and `__proto__`. */
export function assetTable(assets: AssetMap): ReadonlyMap<string, Asset> {
  return new Map(Object.entries(assets));
}
