// How far the background work is. Renderer.
import type { EventData } from '../../preload/contract/events.ts';
import { strings } from '../strings/strings.ts';
import type { AppConnection } from './app-context.ts';
import { isLostLine, problemText } from './newest-call.ts';
import type { ToastsState } from './toasts.svelte.ts';

type Progress = EventData<'indexing.progress'>;

const nothing: Progress = {
  phase: 'idle',
  done: 0,
  total: 0,
  failed: 0,
  photosPerSecond: 0,
  secondsLeft: null,
  paused: false,
  current: null,
};

export class IndexingState {
  progress = $state.raw<Progress>(nothing);
  /** Photos of the run in hand that are not done. */
  readonly left = $derived(Math.max(0, this.progress.total - this.progress.done));
  readonly working = $derived(this.progress.phase !== 'idle' && !this.progress.paused);

  readonly #connection: AppConnection;
  readonly #toasts: ToastsState;

  constructor(connection: AppConnection, toasts: ToastsState) {
    this.#connection = connection;
    this.#toasts = toasts;
  }

  /** Follows the application's progress. Returns what ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('indexing.progress', (progress) => {
        this.progress = progress;
      }),
      this.#connection.onGap(() => void this.#load()),
    ];
    void this.#load();
    return () => {
      for (const end of ends) end();
    };
  }

  async setPaused(paused: boolean): Promise<void> {
    const before = this.progress;
    this.progress = { ...before, paused };
    try {
      await this.#connection.api.indexing.setPaused({ paused });
    } catch (error) {
      this.progress = { ...this.progress, paused: before.paused };
      this.#toasts.say(problemText(error, strings.app.problem));
    }
  }

  async #load(): Promise<void> {
    try {
      this.progress = await this.#connection.api.indexing.progress({});
    } catch (error) {
      if (!isLostLine(error)) this.#toasts.say(problemText(error, strings.app.problem));
    }
  }
}
