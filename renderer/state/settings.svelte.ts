// What the person chose, shown at once and kept by the application. Renderer.
import { defaultSettings, type Settings } from '../../preload/contract/settings.ts';
import { strings } from '../strings/strings.ts';
import type { AppConnection } from './app-context.ts';
import { isLostLine, problemText } from './newest-call.ts';
import type { ToastsState } from './toasts.svelte.ts';

const keptSearches = 20;

export class SettingsState {
  value = $state.raw<Settings>(defaultSettings);
  /** False until the application has answered: what is shown till then are defaults. */
  loaded = $state(false);

  readonly #connection: AppConnection;
  readonly #toasts: ToastsState;
  /** What the application said last: where a change is refused, this is what it goes back to. */
  #kept: Settings = defaultSettings;
  #unsaved: Partial<Settings> = {};
  #saving = false;

  constructor(connection: AppConnection, toasts: ToastsState) {
    this.#connection = connection;
    this.#toasts = toasts;
  }

  /** Loads, and loads anew whenever something may have been missed. Returns what ends it. */
  start(): () => void {
    void this.load();
    return this.#connection.onGap(() => void this.load());
  }

  async load(): Promise<void> {
    try {
      this.#keep(await this.#connection.api.settings.get({}));
      this.loaded = true;
    } catch (error) {
      if (!isLostLine(error)) this.#toasts.say(problemText(error, strings.app.problem));
    }
    await this.#save();
  }

  /** Changes what is named: here at once, in the application as soon as the change before it is saved. */
  async set(patch: Partial<Settings>): Promise<void> {
    this.#unsaved = { ...this.#unsaved, ...patch };
    this.value = { ...this.value, ...patch };
    await this.#save();
  }

  /** Puts a search on top of the recent ones. */
  async remember(text: string): Promise<void> {
    const wanted = text.trim();
    const { recentSearches: before } = this.value;
    if (wanted === '' || before.at(-1) === wanted) return;
    // A sentence that goes on from the newest one takes its place: "dog", "dog in", "dog in snow" are one search.
    const rest = before.filter((one, at) => one !== wanted && !(at === before.length - 1 && wanted.startsWith(one)));
    await this.set({ recentSearches: [...rest, wanted].slice(-keptSearches) });
  }

  async forget(text: string): Promise<void> {
    await this.set({ recentSearches: this.value.recentSearches.filter((one) => one !== text) });
  }

  async #save(): Promise<void> {
    if (this.#saving || Object.keys(this.#unsaved).length === 0) return;
    const patch = this.#unsaved;
    this.#unsaved = {};
    this.#saving = true;
    try {
      this.#keep(await this.#connection.api.settings.set(patch));
    } catch (error) {
      if (isLostLine(error)) {
        // Kept for the load that follows the reconnect.
        this.#unsaved = { ...patch, ...this.#unsaved };
        return;
      }
      this.#keep(this.#kept);
      this.#toasts.say(problemText(error, strings.app.problem));
    } finally {
      this.#saving = false;
    }
    await this.#save();
  }

  #keep(settings: Settings): void {
    this.#kept = settings;
    this.value = { ...settings, ...this.#unsaved };
  }
}
