// The window's own scheme: which addresses are ours, and what each stands for. Shell process; pure.
import { type MediaVariant, mediaVariants } from '../../preload/contract/media.ts';

export const appScheme = 'app';
const appHost = 'photoseek';
/** The one page of the window. */
export const pageUrl = `${appScheme}://${appHost}/`;

/** What an address asks for: a file of the built page by its key in the asset map, or a photo's bytes by its id. Never a path. */
export type AppTarget =
  | { readonly kind: 'asset'; readonly key: string }
  | { readonly kind: 'timeline' }
  | { readonly kind: 'photo'; readonly photoId: number; readonly variant: MediaVariant }
  | { readonly kind: 'none' };

/** The address in its parts where it is one of ours; null for any other, look-alikes among them. */
function appAddress(text: string): URL | null {
  const url = URL.parse(text);
  if (url?.protocol !== `${appScheme}:` || url.host !== appHost || url.username !== '' || url.password !== '')
    return null;
  return url;
}

export function isAppUrl(text: string): boolean {
  return appAddress(text) !== null;
}

/** True for the page itself, whatever its fragment or query. */
export function isPageUrl(text: string): boolean {
  const path = appAddress(text)?.pathname;
  return path === '/' || path === '/index.html';
}

/** The path is compared as it was sent: nothing in it is decoded, joined or resolved. */
export function appTarget(text: string): AppTarget {
  const path = appAddress(text)?.pathname;
  if (path === undefined) return { kind: 'none' };
  if (path === '/media/timeline') return { kind: 'timeline' };
  const [, digits, name] = /^\/media\/([1-9]\d{0,14})\/([a-z]+)$/.exec(path) ?? [];
  const variant = mediaVariants.find((one) => one === name);
  if (digits !== undefined && variant) return { kind: 'photo', photoId: Number(digits), variant };
  if (path.startsWith('/media/')) return { kind: 'none' };
  return { kind: 'asset', key: path === '/' ? '/index.html' : path };
}
