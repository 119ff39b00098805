// Goes on to the next photo by itself, each shown for a while after it has come. Renderer.

const shownForMs = 4000;

export class Slideshow {
  running = $state(false);
  readonly #next: () => boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `next` goes on by one; false at the end, where the show ends. */
  constructor(next: () => boolean) {
    this.#next = next;
  }

  toggle(): void {
    const starts = !this.running;
    this.stop();
    this.running = starts;
    if (starts) this.#wait();
  }

  /** The photo is on the screen: its time begins now, not while it was being loaded. */
  shown(): void {
    if (this.running) this.#wait();
  }

  readonly stop = (): void => {
    this.running = false;
    clearTimeout(this.#timer);
  };

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.#next()) this.stop();
      // A photo that never comes must not end the show.
      else this.#wait();
    }, shownForMs);
  }
}
