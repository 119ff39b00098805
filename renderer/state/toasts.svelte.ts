// The short messages at the foot of the window, with an undo where there is one. Renderer.
import { strings } from '../strings/strings.ts';

export interface ToastMessage {
  readonly key: number;
  readonly text: string;
  readonly action: { readonly label: string; run(): void } | null;
}

/** Long enough to read it and to reach the button by keyboard. */
const shownMs = 8000;
const atOnce = 3;

export class ToastsState {
  items = $state.raw<readonly ToastMessage[]>([]);
  #nextKey = 1;
  #held = false;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** `undo` is offered once; what it rejects with is shown as a message of its own. */
  say(text: string, undo?: () => Promise<unknown>): void {
    this.#show(text, undo ? { label: strings.app.undo, run: () => void this.#undo(undo) } : null);
  }

  close(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.items = this.items.filter((item) => item.key !== key);
  }

  /** Nothing goes away while a pointer or the focus rests on the messages. */
  hold(held: boolean): void {
    this.#held = held;
    for (const { key } of this.items) this.#startTimer(key);
  }

  #show(text: string, action: ToastMessage['action']): void {
    const key = this.#nextKey++;
    const gone = this.items.slice(0, Math.max(0, this.items.length + 1 - atOnce));
    for (const { key: old } of gone) this.close(old);
    this.items = [...this.items, { key, text, action }];
    this.#startTimer(key);
  }

  #startTimer(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    if (!this.#held)
      this.#timers.set(
        key,
        setTimeout(() => this.close(key), shownMs),
      );
  }

  async #undo(undo: () => Promise<unknown>): Promise<void> {
    try {
      await undo();
      this.say(strings.toasts.undone);
    } catch (error) {
      this.say(error instanceof Error && error.message ? error.message : strings.app.problem);
    }
  }
}
