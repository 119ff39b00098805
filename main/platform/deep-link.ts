// Reads `photoseek:` links, which any web page or program may open: they can show something, never change it. Shell process; pure.
import type { DesktopCommand } from '../../preload/contract/desktop.ts';

export const linkScheme = 'photoseek';
const longestSearch = 500;

/**
 * `photoseek://search?text=two+dogs` fills the search box, `photoseek://photo/17` opens a photo, `photoseek://open` brings the window to the front.
 *
 * @returns null for a link that asks for nothing we know.
 */
export function readDeepLink(text: string): DesktopCommand | 'open' | null {
  const url = text.length > 4096 ? null : URL.parse(text);
  if (url?.protocol !== `${linkScheme}:`) return null;
  const path = url.pathname.replace(/\/$/, '');
  if (url.host === 'open' && path === '') return 'open';
  if (url.host === 'search' && path === '') {
    const wanted = url.searchParams.get('text')?.trim().slice(0, longestSearch);
    return wanted ? { name: 'search', text: wanted } : null;
  }
  const [, digits] = /^\/([1-9]\d{0,14})$/.exec(path) ?? [];
  return url.host === 'photo' && digits !== undefined ? { name: 'photo', photoId: Number(digits) } : null;
}

/** The link among a start's arguments: Windows and Linux hand it over there. */
export function linkInArguments(argv: readonly string[]): string | null {
  return argv.find((argument) => argument.startsWith(`${linkScheme}:`)) ?? null;
}
