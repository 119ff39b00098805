// Where the person is: which photos are listed, which photo is open, which panel lies over it. Renderer.
import type { PhotoList } from '../grid/photo-list.ts';

export type Panel = 'settings' | 'failures' | 'shortcuts' | 'browser' | 'vanished';
export type Collection = 'all' | 'favourites';

export class ViewState {
  collection = $state<Collection>('all');
  /** The panel over the gallery, else null. One at a time. */
  panel = $state<Panel | null>(null);
  /** The list that is looked through; kept as it was when a photo was opened, so that nothing shifts under the arrows. */
  openList = $state.raw<PhotoList | null>(null);
  /** Place of the open photo in it. */
  openAt = $state(0);
  /** The folder that the panel `vanished` begins with, else null. */
  askedFolder = $state<number | null>(null);
  infoOpen = $state(true);
  sidebarOpen = $state(false);

  readonly openId: number | null = $derived(this.openList?.ids[this.openAt] ?? null);
  /** The photo the viewer was left at: the gallery brings it into view and gives it the focus, then takes it away from here. */
  leftAt = $state<number | null>(null);

  open(list: PhotoList, id: number): void {
    const at = list.ids.indexOf(id);
    if (at < 0) return;
    this.openList = list;
    this.openAt = at;
  }

  /** Opens a photo that need not be among what is listed, with what it is looked through with. */
  openIn(ids: readonly number[], id: number): void {
    this.open({ ids: Uint32Array.from(ids), grouped: false }, id);
  }

  /** Goes on by so many photos, not past an end. Returns false at an end. */
  step(by: number): boolean {
    const last = (this.openList?.ids.length ?? 0) - 1;
    const to = Math.max(0, Math.min(last, this.openAt + by));
    if (to === this.openAt) return false;
    this.openAt = to;
    return true;
  }

  goTo(at: number): void {
    this.step(at - this.openAt);
  }

  close(): void {
    this.leftAt = this.openId;
    this.openList = null;
  }

  show(panel: Panel): void {
    this.panel = panel;
  }

  /** Asks what happened to files that vanished. */
  askVanished(folderId: number | null): void {
    this.askedFolder = folderId;
    this.panel = 'vanished';
  }

  closePanel(): void {
    this.panel = null;
  }
}
