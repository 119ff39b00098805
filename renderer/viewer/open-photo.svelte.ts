// The facts of the photo that is open in the viewer, kept up to date. Renderer.
import { CallError } from '../../preload/contract/client.ts';
import type { PhotoView } from '../../preload/contract/library.ts';
import type { AppConnection } from '../state/app-context.ts';
import { createNewestCall, isLostLine, problemText } from '../state/newest-call.ts';
import { createRefresher } from '../state/refresher.ts';
import { strings } from '../strings/strings.ts';

/** The library changes often while photos are indexed; an open photo's caption may come at any of these moments. */
const lookAgainMs = 1000;
const similarLimit = 16;

export class OpenPhoto {
  /** Null until it has come; never the facts of another photo than the one asked for last. */
  photo = $state.raw<PhotoView | null>(null);
  /** It left the library while it was open. */
  gone = $state(false);
  problem = $state<string | null>(null);
  similar = $state.raw<readonly number[]>([]);

  #id: number | null = null;
  readonly #connection: AppConnection;
  readonly #facts = createNewestCall();
  readonly #alike = createNewestCall();
  readonly #again = createRefresher(() => this.#load(), lookAgainMs);

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  /** Returns what ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('library.changed', () => this.#again.ask()),
      this.#connection.onGap(() => this.#again.ask()),
      this.#again.stop,
      this.#facts.stop,
      this.#alike.stop,
    ];
    return () => {
      for (const end of ends) end();
    };
  }

  open(id: number): void {
    if (id === this.#id) return;
    this.#id = id;
    this.photo = null;
    this.gone = false;
    this.problem = null;
    this.similar = [];
    void this.#load();
    void this.#loadSimilar(id);
  }

  /** Shown at once where the change was made here. */
  change(patch: Partial<PhotoView>): void {
    if (this.photo) this.photo = { ...this.photo, ...patch };
  }

  async reload(): Promise<void> {
    await this.#load();
  }

  async #load(): Promise<void> {
    const photoId = this.#id;
    if (photoId === null) return;
    try {
      const photo = await this.#facts.run((signal) => this.#connection.api.library.photo({ photoId }, { signal }));
      if (!photo) return;
      this.photo = photo;
      this.gone = false;
      this.problem = null;
    } catch (error) {
      if (isLostLine(error) || photoId !== this.#id) return;
      this.gone = error instanceof CallError && error.code === 'library/photo-not-found';
      this.problem = this.gone ? null : problemText(error, strings.app.problem);
    }
  }

  /** A photo that has not been looked at yet has no similar ones; that is no problem to speak of. */
  async #loadSimilar(photoId: number): Promise<void> {
    try {
      const found = await this.#alike.run((signal) =>
        this.#connection.api.search.similar({ photoId, limit: similarLimit }, { signal }),
      );
      if (found) this.similar = found.photoIds;
    } catch {
      this.similar = [];
    }
  }
}
