// Which key does what in the viewer (the set people know from Ente and Google Photos). Renderer.

export type ViewerCommand =
  | 'previous'
  | 'next'
  | 'first'
  | 'last'
  | 'close'
  | 'info'
  | 'zoom'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomFit'
  | 'fullscreen'
  | 'slideshow'
  | 'where'
  | 'favourite'
  | 'edit'
  | 'copyPath';

const byKey: Readonly<Record<string, ViewerCommand>> = {
  ArrowLeft: 'previous',
  ArrowRight: 'next',
  Home: 'first',
  End: 'last',
  Escape: 'close',
  i: 'info',
  z: 'zoom',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  '0': 'zoomFit',
  f: 'fullscreen',
  s: 'slideshow',
  w: 'where',
  l: 'favourite',
  e: 'edit',
};

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly target: EventTarget | null;
}

/** Null where the key is the browser's, or belongs to what is being typed into. */
export function viewerCommand(event: Key): ViewerCommand | null {
  if (event.isComposing || event.altKey || isTextField(event.target)) return null;
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand) return event.shiftKey && event.key.toLowerCase() === 'c' ? 'copyPath' : null;
  return byKey[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}

/** Keys typed there are text. */
export function isTextField(target: EventTarget | null): boolean {
  // Not `instanceof`: the check must hold for what tests hand in, too.
  const { tagName, type, isContentEditable } = (target ?? {}) as Partial<HTMLInputElement>;
  if (tagName === 'INPUT') return !['radio', 'checkbox', 'range', 'button'].includes(type ?? 'text');
  return tagName === 'TEXTAREA' || tagName === 'SELECT' || isContentEditable === true;
}
