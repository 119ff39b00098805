// Which key does what anywhere in the window; the grid and the viewer have keys of their own. Renderer.
import { isTextField } from '../viewer/viewer-keys.ts';

export type WindowCommand =
  | 'search'
  | 'shortcuts'
  | 'settings'
  | 'selectAll'
  | 'clearSelection'
  | 'favourite'
  | 'copyPath';

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly target: EventTarget | null;
}

const withCommandKey: Readonly<Record<string, WindowCommand>> = { k: 'search', f: 'search', ',': 'settings' };
const alone: Readonly<Record<string, WindowCommand>> = {
  '/': 'search',
  '?': 'shortcuts',
  Escape: 'clearSelection',
  l: 'favourite',
};

/** Null where the key is the browser's, or is text. */
export function windowCommand(event: Key): WindowCommand | null {
  if (event.isComposing || event.altKey) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) {
    if (event.shiftKey) return key === 'c' ? 'copyPath' : null;
    if (key === 'a') return isTextField(event.target) ? null : 'selectAll';
    return withCommandKey[key] ?? null;
  }
  return isTextField(event.target) ? null : (alone[key] ?? null);
}

/** Every panel and question is the browser's own modal dialog. */
export function isModalOpen(): boolean {
  return document.querySelector('dialog:modal') !== null;
}
