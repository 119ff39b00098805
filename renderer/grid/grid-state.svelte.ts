// What the grid shows of a list and where it stands: layout in slices, scroll position, rows near the view, focus. Renderer.
import { tick, untrack } from 'svelte';
import { type Columns, dayAround } from './columns.ts';
import { type Layout, type LayoutOptions, startLayout } from './justified-layout.ts';
import { layoutHeight, type PlacedRow, placeRow, rowOf } from './row-placement.ts';
import {
  type Anchor,
  anchorAt,
  recentred,
  rowWindow,
  scrollPlaceOf,
  scrollSpaceHeight,
  topOf,
} from './virtual-window.ts';

interface Shown {
  readonly columns: Columns;
  readonly layout: Layout;
  /** A sentence that is being typed found it: what is drawn of it is drawn over what was found before. */
  readonly isTyped: boolean;
}

interface Place {
  readonly id: number;
  readonly offset: number;
}

/** Rows are laid out for so long at a time: half a frame, so that the page answers in between. */
const sliceMs = 8;
const rowsAtOnce = 256;
/** Fewer than 400 cells stay in the page; what is in view is always there. */
const cellsAtMost = 320;
/** Faster than this nobody sees a picture: only colours are shown until it slows down. Pixels a millisecond. */
const blurSpeed = 8;
const calmMs = 120;
/** While a sentence is typed each key brings another list: its pictures are asked for when none came for so long, and the rows around the view after them. */
const picturesMs = 80;
const aroundMs = 150;

export class GridState {
  width = $state(0);
  viewport = $state(0);
  /** True while pictures would go by unseen: scrolling is too fast, or each key brings another list. */
  fast = $state(false);
  /** Id of the photo that has, or would get, the focus. */
  activeId = $state<number | null>(null);
  hasFocus = $state(false);
  /** What the element that scrolls has to be set to; replaced as a whole for each time. */
  scrollTo = $state.raw<{ readonly scrollTop: number } | null>(null);

  #shown = $state.raw<Shown | null>(null);
  #base = $state(0);
  #scrollTop = $state(0);
  #placed = new Map<number, PlacedRow>();
  #key = '';
  readonly #places = new Map<string, Place>();
  #movedAt = 0;
  #calm: ReturnType<typeof setTimeout> | undefined;
  #around = $state(true);
  #aroundLater: ReturnType<typeof setTimeout> | undefined;

  readonly columns = $derived(this.#shown?.columns ?? null);
  readonly layout = $derived(this.#shown?.layout ?? null);
  readonly isTyped = $derived(this.#shown?.isTyped ?? false);
  /** Of the layout; the element that scrolls may be shorter. */
  readonly height = $derived(this.layout ? layoutHeight(this.layout) : 0);
  readonly spaceHeight = $derived(Math.min(this.height, scrollSpaceHeight));
  /** Subtracted from a place in the layout to get a place in the element. */
  readonly base = $derived(this.#base);
  readonly top = $derived(this.#base + this.#scrollTop);
  readonly #window = $derived(
    this.layout
      ? rowWindow(this.layout, this.top, this.viewport, this.#around ? cellsAtMost : 0)
      : { first: 0, end: 0 },
  );
  // Numbers stop a change that is none: rows are placed anew only when the window has moved by a row.
  readonly #first = $derived(this.#window.first);
  readonly #end = $derived(this.#window.end);
  /** The row with the focus stays in the page when it is scrolled away: the focus must not fall off. */
  readonly #pinned = $derived(this.hasFocus ? this.#rowOfId(this.activeId) : -1);
  readonly rows: readonly PlacedRow[] = $derived.by(() => this.#rowsNear());
  /** The one photo that can be reached by Tab. */
  readonly tabId = $derived.by(() => this.#reachable());

  /**
   * Lays a list out and shows it when that is done. `key` names what is listed: with the same one the photos looked at stay where they are, with another
   * one the list begins at its top, or where it was left. `isTyped`: another list may come with the next key. Returns what ends it early.
   */
  layOut(columns: Columns, options: LayoutOptions, key: string, isTyped = false): () => void {
    const job = startLayout(columns, options);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const advance = (): void => {
      const until = performance.now() + sliceMs;
      let layout = job.advance(rowsAtOnce);
      while (!layout && performance.now() < until) layout = job.advance(rowsAtOnce);
      if (layout) this.#show({ columns, layout, isTyped }, key);
      else timer = setTimeout(advance, 0);
    };
    untrack(advance);
    return () => clearTimeout(timer);
  }

  /** The element was scrolled, by whatever means. */
  scrolled(scrollTop: number): void {
    const now = performance.now();
    const distance = Math.abs(scrollTop - this.#scrollTop);
    if (distance > blurSpeed * Math.max(16, now - this.#movedAt) || distance > 1.5 * this.viewport) this.#hurry();
    this.#movedAt = now;
    this.#scrollTop = scrollTop;
    if (scrollTop <= 0 || scrollTop >= this.spaceHeight - this.viewport - 1) this.settle();
  }

  /** Scrolling has come to rest: the stretch that the element stands for is moved on where it gets short. */
  settle(): void {
    const place = recentred({ base: this.#base, scrollTop: this.#scrollTop }, this.height, this.viewport);
    if (place) this.#goTo(place.base + place.scrollTop);
  }

  /** Shows this place of the layout at the top. */
  jumpTo(y: number): void {
    if (Math.abs(y - this.top) > this.viewport) this.#hurry();
    this.#goTo(y);
  }

  /** Scrolls by as little as is needed to have the whole row in view. */
  reveal(position: number): void {
    if (!this.layout) return;
    const row = rowOf(this.layout, position);
    const top = this.layout.rowTops[row] ?? 0;
    const bottom = this.layout.rowTops[row + 1] ?? top;
    if (top < this.top) this.jumpTo(top);
    else if (bottom > this.top + this.viewport) this.jumpTo(bottom - this.viewport);
  }

  /** Brings a photo into view and gives it the focus; without effect where it is not in the list. `root` holds the grid. */
  async focus(id: number, root: HTMLElement): Promise<void> {
    const position = this.columns?.positionOf(id) ?? -1;
    if (position < 0) return;
    this.activeId = id;
    this.reveal(position);
    await tick();
    root.querySelector<HTMLElement>(`[data-photo-id="${id}"]`)?.focus({ preventScroll: true });
  }

  /** Ids of the day that this photo is of. */
  dayOf(position: number): Uint32Array {
    if (!this.columns) return new Uint32Array(0);
    const { start, end } = dayAround(this.columns, position);
    return this.columns.ids.subarray(start, end);
  }

  #show(next: Shown, key: string): void {
    const before = this.#shown;
    const anchor = before ? anchorAt(before.layout, this.top) : null;
    let top = 0;
    if (before && key !== this.#key) {
      const id = anchor ? before.columns.ids[anchor.position] : undefined;
      if (anchor && id !== undefined) this.#places.set(this.#key, { id, offset: anchor.offset });
      else this.#places.delete(this.#key);
      top = this.#leftAt(next, key);
      if (next.isTyped) this.#inViewFirst();
    } else if (before && anchor) {
      top = followed(before, next, anchor, this.viewport) ?? this.top;
    }
    this.#key = key;
    this.#placed = new Map();
    this.#shown = next;
    this.#goTo(top);
  }

  #leftAt(next: Shown, key: string): number {
    const place = this.#places.get(key);
    const position = place ? next.columns.positionOf(place.id) : -1;
    return place && position >= 0 ? topOf(next.layout, { position, offset: place.offset }, this.viewport) : 0;
  }

  #goTo(y: number): void {
    const { base, scrollTop } = scrollPlaceOf(y, this.height, this.viewport);
    this.#base = base;
    // Setting what it is already makes the browser lay the page out at once, for nothing.
    if (scrollTop !== this.#scrollTop) this.scrollTo = { scrollTop };
    this.#scrollTop = scrollTop;
  }

  #inViewFirst(): void {
    this.#hurry(picturesMs);
    this.#around = false;
    clearTimeout(this.#aroundLater);
    this.#aroundLater = setTimeout(() => {
      this.#around = true;
    }, aroundMs);
  }

  #hurry(forMs = calmMs): void {
    this.fast = true;
    clearTimeout(this.#calm);
    this.#calm = setTimeout(() => {
      this.fast = false;
    }, forMs);
  }

  #rowsNear(): PlacedRow[] {
    const { layout } = this;
    if (!layout) return [];
    const rows: PlacedRow[] = [];
    for (let row = this.#first; row < this.#end; row++) rows.push(this.#row(layout, row));
    const pinned = this.#pinned;
    if (pinned >= 0 && pinned < this.#first) rows.unshift(this.#row(layout, pinned));
    else if (pinned >= this.#end) rows.push(this.#row(layout, pinned));
    // The same object for a row as long as the layout stands: what is drawn already is not touched again.
    this.#placed = new Map(rows.map((row) => [row.row, row]));
    return rows;
  }

  #row(layout: Layout, row: number): PlacedRow {
    const known = this.#placed.get(row);
    return known ?? placeRow(layout, row);
  }

  #rowOfId(id: number | null): number {
    const position = id === null ? -1 : (this.columns?.positionOf(id) ?? -1);
    return this.layout && position >= 0 ? rowOf(this.layout, position) : -1;
  }

  #reachable(): number | null {
    const row = this.#rowOfId(this.activeId);
    if (this.rows.some((one) => one.row === row)) return this.activeId;
    const first = this.rows.find(({ top }) => top >= this.top) ?? this.rows[0];
    return this.columns?.ids[first?.photos[0]?.position ?? 0] ?? null;
  }
}

/** Where the new layout has what was looked at; where that photo is gone, the nearest one after it that is not. Null where none is found. */
function followed(before: Shown, next: Shown, anchor: Anchor, viewport: number): number | null {
  const end = Math.min(before.columns.ids.length, anchor.position + 500);
  for (let at = anchor.position; at < end; at++) {
    const position = next.columns.positionOf(before.columns.ids[at] as number);
    if (position >= 0) return topOf(next.layout, { position, offset: anchor.offset }, viewport);
  }
  return null;
}
