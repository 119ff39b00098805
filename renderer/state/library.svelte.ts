// What the gallery knows of the library: the timeline's columns, followed as the library changes. Renderer.
import { type Timeline, timelineFlags, unpackTimeline } from '../../preload/contract/timeline.ts';
import { type IdIndex, indexIds } from '../grid/id-index.ts';
import { emptyList, type PhotoList } from '../grid/photo-list.ts';
import type { AppConnection } from './app-context.ts';
import { CellsState } from './cells.svelte.ts';

const nothing: Timeline = {
  revision: -1,
  count: 0,
  ids: new Uint32Array(0),
  days: new Int32Array(0),
  ratios: new Uint16Array(0),
  colours: new Uint16Array(0),
  flags: new Uint8Array(0),
};

const retryAfterMs = 2000;

/** Reads the packed timeline of a revision. */
export type FetchTimeline = (revision: number, signal: AbortSignal) => Promise<ArrayBuffer>;

export class LibraryState {
  /** Newest first; replaced as a whole, so that a reader may keep the one it has. */
  timeline = $state.raw<Timeline>(nothing);
  /** False until the first timeline has come. */
  loaded = $state(false);
  /** Why the timeline could not be read, else null; it is tried again without being asked. */
  problem = $state<string | null>(null);
  /** The whole timeline as a list for the grid. */
  readonly list: PhotoList = $derived(
    this.timeline.count === 0 ? emptyList : { ids: this.timeline.ids, grouped: true },
  );
  /** Those of it that the person marked. */
  readonly favourites: PhotoList = $derived({
    ids: this.timeline.ids.filter((_, i) => ((this.timeline.flags[i] ?? 0) & timelineFlags.favourite) !== 0),
    grouped: true,
  });
  readonly cells: CellsState;

  #indexOf: IdIndex = () => -1;
  readonly #connection: AppConnection;
  readonly #fetchTimeline: FetchTimeline;
  #newest = -1;
  #loading = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tookMs = 0;

  constructor(connection: AppConnection, fetchTimeline: FetchTimeline) {
    this.#connection = connection;
    this.#fetchTimeline = fetchTimeline;
    this.cells = new CellsState(connection);
  }

  /** Position in the timeline, -1 where the library does not show the photo (any more). */
  indexOf(id: number): number {
    void this.timeline;
    return this.#indexOf(id);
  }

  isFavourite(id: number): boolean {
    return ((this.timeline.flags[this.indexOf(id)] ?? 0) & timelineFlags.favourite) !== 0;
  }

  /** Follows the library from now on. Returns the function that ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('library.changed', ({ revision }) => this.#heard(revision)),
      this.#connection.onGap(() => void this.refresh()),
    ];
    void this.refresh();
    return () => {
      for (const end of ends) end();
      this.#later(null);
    };
  }

  /** Asks for the newest state at once. */
  async refresh(): Promise<void> {
    try {
      const { revision } = await this.#connection.api.library.revision({});
      this.#newest = Math.max(this.#newest, revision);
      if (this.#newest !== this.timeline.revision) await this.#load();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** While photos stream in, the columns are fetched again after a rest that grows with what fetching them takes. */
  #heard(revision: number): void {
    this.#newest = Math.max(this.#newest, revision);
    if (this.#timer !== undefined || this.#loading || this.#newest <= this.timeline.revision) return;
    this.#later(() => this.#load(), Math.min(10_000, Math.max(100, 8 * this.#tookMs)));
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    const startedAt = performance.now();
    try {
      const bytes = await this.#fetchTimeline(this.#newest, AbortSignal.timeout(60_000));
      const timeline = unpackTimeline(bytes);
      this.#indexOf = indexIds(timeline.ids);
      this.timeline = timeline;
      this.loaded = true;
      this.problem = null;
    } finally {
      this.#loading = false;
      this.#tookMs = performance.now() - startedAt;
    }
    this.cells.renew(this.timeline.revision);
    this.#heard(this.#newest);
  }

  #failed(error: unknown): void {
    this.problem = error instanceof Error ? error.message : String(error);
    this.#later(() => this.refresh(), retryAfterMs);
  }

  #later(action: (() => Promise<void>) | null, afterMs = 0): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!action) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      action().catch((error: unknown) => this.#failed(error));
    }, afterMs);
  }
}

/** Rejects where the host does not answer with bytes. */
export async function fetchFromHost(path: string, signal: AbortSignal): Promise<ArrayBuffer> {
  const answer = await fetch(path, { signal, credentials: 'same-origin' });
  if (!answer.ok) throw new Error(`the library's timeline could not be read (${answer.status})`);
  return answer.arrayBuffer();
}
