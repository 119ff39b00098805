// What the host of this window can do, and what needs the person's attention. Renderer.
import type { Banner, Capabilities } from '../../preload/contract/shell.ts';
import type { ConnectionState } from '../client/websocket.ts';
import { strings } from '../strings/strings.ts';
import type { AppConnection } from './app-context.ts';
import { isLostLine, problemText } from './newest-call.ts';
import type { ToastsState } from './toasts.svelte.ts';

const saidAfterMs = 700;

export class HostState {
  /** Null until the host has said; controls that depend on it wait. */
  capabilities = $state.raw<Capabilities | null>(null);
  /** `lost` is said only once it has lasted: most breaks are over before anybody can read of them. */
  line = $state<ConnectionState>('connecting');
  readonly canChange = $derived(this.capabilities?.canChange ?? true);
  readonly banners: readonly Banner[] = $derived.by(() => this.#all.filter((one) => !this.#hidden.has(keyOf(one))));

  #all = $state.raw<readonly Banner[]>([]);
  /** Put away by the person, until what they say changes. */
  #hidden = $state.raw<ReadonlySet<string>>(new Set());
  readonly #connection: AppConnection;
  readonly #toasts: ToastsState;
  #lostTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: AppConnection, toasts: ToastsState) {
    this.#connection = connection;
    this.#toasts = toasts;
  }

  /** Follows the host. Returns what ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('shell.banners', ({ banners }) => this.#take(banners)),
      this.#connection.onGap(() => void this.#load()),
    ];
    void this.#load();
    return () => {
      for (const end of ends) end();
    };
  }

  heardLine(line: ConnectionState): void {
    clearTimeout(this.#lostTimer);
    const say = (): void => {
      this.line = line;
    };
    if (line === 'lost') this.#lostTimer = setTimeout(say, saidAfterMs);
    else say();
  }

  hide(banner: Banner): void {
    this.#hidden = new Set([...this.#hidden, keyOf(banner)]);
  }

  async act(action: 'restart-inference' | 'retry'): Promise<void> {
    try {
      await this.#connection.api.shell.act({ action });
    } catch (error) {
      this.#toasts.say(problemText(error, strings.app.problem));
    }
  }

  async #load(): Promise<void> {
    const { shell } = this.#connection.api;
    try {
      const [capabilities, { banners }] = await Promise.all([shell.capabilities({}), shell.banners({})]);
      this.capabilities = capabilities;
      this.#take(banners);
    } catch (error) {
      if (!isLostLine(error)) this.#toasts.say(problemText(error, strings.app.problem));
    }
  }

  /** A notice that went away and comes back is new. */
  #take(banners: readonly Banner[]): void {
    this.#all = banners;
    const now = new Set(banners.map(keyOf));
    this.#hidden = new Set([...this.#hidden].filter((key) => now.has(key)));
  }
}

function keyOf(banner: Banner): string {
  return `${banner.kind} ${banner.text}`;
}
