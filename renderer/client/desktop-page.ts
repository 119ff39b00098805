// What the desktop window adds to the page: folders dropped in, photos dragged out, commands of the menu and of links. Renderer.
import type { DesktopBridge, DesktopCommand, PlaceView } from '../../preload/contract/desktop.ts';

/** What the page does when asked. */
export interface DesktopHands {
  run(command: DesktopCommand): void;
  addPlace(place: PlaceView): void;
  /** The photos that go along when this one is dragged: all that are selected where it is one of them. */
  draggedWith(photoId: number): readonly number[];
}

/** More than a person drops at once; each is asked of the application one by one. */
const mostDropped = 50;
/** The bridge takes no more. */
const mostDragged = 500;

/** Listens on the whole page. Returns what ends it; commands stay bound to the last `hands`, since the bridge has one listener. */
export function followDesktop(bridge: DesktopBridge, page: EventTarget, hands: DesktopHands): () => void {
  const controller = new AbortController();
  const on = (name: string, listener: (event: DragEvent) => void): void =>
    page.addEventListener(name, listener as EventListener, { signal: controller.signal });

  bridge.onCommand((command) => {
    if (!controller.signal.aborted) hands.run(command);
  });
  on('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  on('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])].slice(0, mostDropped);
    if (files.length === 0) return;
    event.preventDefault();
    for (const file of files) void add(file);
  });
  async function add(file: File): Promise<void> {
    const place = await bridge.placeOf(file);
    if (place) hands.addPlace(place);
  }
  // Made draggable when it is taken hold of, so that the grid need not know of the desktop.
  on('pointerdown', (event) => {
    const tile = photoElement(event.target);
    if (tile) tile.draggable = true;
  });
  on('dragstart', (event) => {
    const tile = photoElement(event.target);
    if (!tile) return;
    event.preventDefault();
    bridge.dragOut(hands.draggedWith(Number(tile.dataset['photoId'])).slice(0, mostDragged));
  });
  return () => controller.abort();
}

function photoElement(target: EventTarget | null): HTMLElement | null {
  return (target as Partial<Element> | null)?.closest?.<HTMLElement>('[data-photo-id]') ?? null;
}
