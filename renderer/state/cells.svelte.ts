// Names and picture revisions of the photos in view, fetched in batches and kept for the way back. Renderer.
import type { AppConnection } from './app-context.ts';

/** What is fetched for a photo that comes into view. */
export interface Cell {
  /** Its caption, else its file's name. */
  readonly label: string;
  readonly mediaRevision: number;
}

interface StoredCell extends Cell {
  /** The library's revision it was fetched at. */
  readonly seenAt: number;
}

/** A long way of scrolling back, some megabytes. */
const kept = 20_000;
/** One request's share; the contract allows 500. */
const atOnce = 250;

export class CellsState {
  readonly #connection: AppConnection;
  readonly #cells = new Map<number, StoredCell>();
  #version = $state(0);
  #revision = -1;
  #wanted: readonly number[] = [];
  #running = false;

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  /** Null until it has come; `want` asks for it. An older state is shown until the newer one is there. */
  get(id: number): Cell | null {
    void this.#version;
    return this.#cells.get(id) ?? null;
  }

  /** Names the photos in view: what is missing or older than the library's state is fetched; a newer wish replaces an older one. */
  want(ids: readonly number[]): void {
    this.#wanted = ids;
    if (!this.#running) void this.#fetchWanted();
  }

  /** The library changed: what is in view is asked for again. */
  renew(revision: number): void {
    this.#revision = revision;
    this.want(this.#wanted);
  }

  async #fetchWanted(): Promise<void> {
    this.#running = true;
    try {
      for (let ids = this.#toFetch(); ids.length > 0; ids = this.#toFetch()) {
        const seenAt = this.#revision;
        const answer = await this.#connection.api.library.cells({ photoIds: ids });
        // A photo that is not answered is gone; it is not asked for again at this revision.
        for (const id of ids) this.#store(id, { label: '', mediaRevision: 0, ...this.#cells.get(id), seenAt });
        answer.photoIds.forEach((id, i) => {
          this.#store(id, { label: answer.labels[i] ?? '', mediaRevision: answer.mediaRevisions[i] ?? 0, seenAt });
        });
        this.#version++;
      }
    } catch {
      // The line is lost or the library busy: the next wish, or the library's next state, asks again.
    } finally {
      this.#running = false;
    }
  }

  #toFetch(): number[] {
    return this.#wanted.filter((id) => this.#cells.get(id)?.seenAt !== this.#revision).slice(0, atOnce);
  }

  #store(id: number, cell: StoredCell): void {
    this.#cells.delete(id);
    this.#cells.set(id, cell);
    if (this.#cells.size <= kept) return;
    for (const oldest of this.#cells.keys()) {
      this.#cells.delete(oldest);
      break;
    }
  }
}
