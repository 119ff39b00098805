// Where the window may go, what it may load and which links may leave it. Shell process; pure.
import { appScheme, isAppUrl, isPageUrl } from './app-address.ts';

/** The sites that the interface links to: pages of model packs and of their licences. Nothing else is ever handed to the system's browser. */
const linkedHosts: ReadonlySet<string> = new Set([
  'huggingface.co',
  'github.com',
  'creativecommons.org',
  'www.apache.org',
  'opensource.org',
]);

/** The window stays on its page: it may load it anew and go to a fragment of it. */
export function mayNavigate(url: string): boolean {
  return isPageUrl(url);
}

/** True for a link that goes to the system's browser: https, a host of the fixed list, the usual port, no credentials. */
export function mayOpenOutside(text: string): boolean {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '') return false;
  return linkedHosts.has(url.hostname);
}

/** What the window may load at all. The interface works offline: a request to anywhere else is a fault or an attack. */
export function mayLoad(url: string, developing: boolean): boolean {
  if (isAppUrl(url) || url.startsWith(`blob:${appScheme}://photoseek/`)) return true;
  return developing && /^(devtools|chrome-extension):/.test(url);
}
