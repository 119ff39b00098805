// Which photos are selected, and from which photo a range reaches. Renderer.
import { IdSet } from '../grid/id-set.ts';
import type { PhotoList } from '../grid/photo-list.ts';

export class SelectionState {
  // A set of bits stays small for a whole library; `#version` is what readers depend on.
  readonly #ids = new IdSet();
  #version = $state(0);
  /** Id of the photo a Shift-range starts from. */
  #anchor: number | null = null;

  get count(): number {
    void this.#version;
    return this.#ids.size;
  }

  has(id: number): boolean {
    void this.#version;
    return this.#ids.has(id);
  }

  /** Ascending by id. */
  toArray(): number[] {
    void this.#version;
    return this.#ids.toArray();
  }

  clear(): void {
    this.#anchor = null;
    if (this.#ids.size === 0) return;
    this.#ids.clear();
    this.#version++;
  }

  toggle(id: number): void {
    this.#anchor = id;
    this.set([id], !this.#ids.has(id));
  }

  set(ids: Iterable<number>, selected: boolean): void {
    let changed = false;
    for (const id of ids) changed = this.#ids.set(id, selected) || changed;
    if (changed) this.#version++;
  }

  /** Selects from the photo last toggled to this one, both included, in the order of `list`. */
  extendTo(list: PhotoList, id: number): void {
    const to = list.ids.indexOf(id);
    const from = this.#anchor === null ? to : list.ids.indexOf(this.#anchor);
    if (to < 0) return;
    if (from < 0) {
      this.toggle(id);
      return;
    }
    this.set(list.ids.subarray(Math.min(from, to), Math.max(from, to) + 1), true);
    this.#anchor ??= id;
  }

  selectAll(list: PhotoList): void {
    this.set(list.ids, true);
  }

  /** Selects all of them, or none where all are selected already: a day's header does that. */
  toggleAll(ids: Uint32Array): void {
    this.set(ids, !this.hasAll(ids));
  }

  hasAll(ids: Uint32Array): boolean {
    void this.#version;
    return this.#ids.size > 0 && ids.every((id) => this.#ids.has(id));
  }

  /** Leaves out what the library no longer has. */
  keepOnly(known: (id: number) => boolean): void {
    this.set(
      this.#ids.toArray().filter((id) => !known(id)),
      false,
    );
  }
}
