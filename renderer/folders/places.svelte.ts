// Where one is in the list of this computer's folders. Renderer.
import type { Place } from '../../preload/contract/shell.ts';
import type { AppConnection } from '../state/app-context.ts';
import { createNewestCall, problemText } from '../state/newest-call.ts';
import { strings } from '../strings/strings.ts';

export class PlacesState {
  /** Null at the starting points. */
  here = $state.raw<Place | null>(null);
  places = $state.raw<readonly Place[]>([]);
  loading = $state(true);
  problem = $state<string | null>(null);

  #parent: Place | null = null;
  readonly #connection: AppConnection;
  readonly #newest = createNewestCall();

  constructor(connection: AppConnection) {
    this.#connection = connection;
  }

  /** Shows the starting points. Returns what ends it. */
  start(): () => void {
    void this.#load(null);
    return this.#newest.stop;
  }

  open(place: Place): void {
    void this.#load(place);
  }

  /** To the folder above, from the highest one to the starting points. */
  up(): void {
    if (this.here) void this.#load(this.#parent);
  }

  async #load(place: Place | null): Promise<void> {
    this.loading = true;
    this.problem = null;
    try {
      const answer = await this.#newest.run((signal) =>
        this.#connection.api.shell.places({ placeId: place?.placeId ?? null }, { signal }),
      );
      if (!answer) return;
      this.here = answer.here;
      this.#parent = answer.parent;
      this.places = answer.places;
    } catch (error) {
      // One stays where one was, so that there is a way on.
      this.problem = problemText(error, strings.app.problem);
      if (place === null) this.places = [];
    }
    this.loading = false;
  }
}
