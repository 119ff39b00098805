// Why one photo was found: asked when a person rests on it, words first, the place in the picture when it is wanted. Renderer.
import type { Explanation } from '../../preload/contract/search.ts';
import type { AppConnection } from '../state/app-context.ts';
import { createNewestCall, isLostLine } from '../state/newest-call.ts';
import type { SearchWay } from '../state/results.svelte.ts';

export interface WhyQuestion {
  readonly text: string;
  readonly photoId: number;
  readonly way: SearchWay;
}

export type Region = NonNullable<Explanation['region']>;

/** The place is looked for by some seconds of work: not before the pointer has rested, or the photo has stayed open, for so long. */
const restMs = 400;

export class WhyState {
  /** Of the photo asked about last; null until it has come. */
  explanation = $state.raw<Explanation | null>(null);
  /** `looking`: the place is still being looked for. */
  place = $state<'unasked' | 'looking' | 'known'>('unasked');
  failed = $state(false);

  readonly region: Region | null = $derived(this.explanation?.region ?? null);

  #asked = '';
  #rest: ReturnType<typeof setTimeout> | undefined;
  readonly #connection: AppConnection;
  readonly #newest = createNewestCall();

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  /** Null forgets, and ends what is under way. `withPlace` looks for the place, too. Asking the same once more changes nothing. */
  ask(question: WhyQuestion | null, withPlace: boolean): void {
    const key = question ? JSON.stringify([question, withPlace]) : '';
    if (key === this.#asked) return;
    this.stop();
    this.#asked = key;
    if (!question) this.#clear();
    else void this.#ask(question, withPlace, key);
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.#newest.stop();
    this.#asked = '';
  }

  #clear(): void {
    this.explanation = null;
    this.place = 'unasked';
    this.failed = false;
  }

  async #ask({ text, photoId, way }: WhyQuestion, withPlace: boolean, key: string): Promise<void> {
    this.#clear();
    const mode = way === 'compare' ? 'fused' : way;
    const explain = (region: boolean) =>
      this.#newest.run((signal) => this.#connection.api.search.explain({ text, photoId, mode, region }, { signal }));
    try {
      const found = await explain(false);
      if (!found || key !== this.#asked) return;
      this.explanation = found;
      if (!withPlace) return;
      this.place = 'looking';
      await new Promise((resolve) => {
        this.#rest = setTimeout(resolve, restMs);
      });
      const whole = await explain(true);
      if (!whole || key !== this.#asked) return;
      this.explanation = whole;
      this.place = 'known';
    } catch (error) {
      if (isLostLine(error) || key !== this.#asked) return;
      this.place = 'known';
      this.failed = this.explanation === null;
    }
  }
}
