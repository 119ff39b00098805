// What the page may ask of the system. Electron grants everything to everyone by default; here all is refused but this table. Shell process; pure.
import { isAppUrl } from './app-address.ts';

/** Each with its reason. */
const granted: Readonly<Record<string, string>> = {
  fullscreen: 'the viewer fills the screen',
  'clipboard-sanitized-write': '"copy path" puts text on the clipboard',
};

/** @param asker address of the frame that asks. */
export function mayUse(permission: string, asker: { readonly url: string; readonly isMainFrame: boolean }): boolean {
  return Object.hasOwn(granted, permission) && asker.isMainFrame && isAppUrl(asker.url);
}
