// The model packs there are, and the downloads in hand. Renderer.
import type { PackDownload, PackReport } from '../../preload/contract/models.ts';
import type { AppConnection } from '../state/app-context.ts';
import { isLostLine, problemText } from '../state/newest-call.ts';
import type { ToastsState } from '../state/toasts.svelte.ts';
import { strings } from '../strings/strings.ts';

export class PacksState {
  packs = $state.raw<readonly PackReport[]>([]);
  downloads = $state.raw<readonly PackDownload[]>([]);
  problem = $state<string | null>(null);
  /** Pack a request is under way for: its buttons wait. */
  busy = $state<string | null>(null);

  readonly #connection: AppConnection;
  readonly #toasts: ToastsState;

  constructor(connection: AppConnection, toasts: ToastsState) {
    this.#connection = connection;
    this.#toasts = toasts;
  }

  /** Returns what ends it. */
  start(): () => void {
    const ends = [
      this.#connection.on('models.downloads', ({ downloads }) => this.#heard(downloads)),
      this.#connection.onGap(() => void this.#load()),
    ];
    void this.#load();
    return () => {
      for (const end of ends) end();
    };
  }

  downloadOf(packId: string): PackDownload | null {
    return this.downloads.find((one) => one.packId === packId && one.state !== 'done') ?? null;
  }

  act(verb: 'download' | 'pause' | 'discard' | 'activate', packId: string): Promise<void> {
    return this.#act(packId, () => this.#connection.api.models[verb]({ packId }));
  }

  async #act(packId: string, act: () => Promise<unknown>): Promise<void> {
    this.busy = packId;
    try {
      await act();
    } catch (error) {
      this.#toasts.say(problemText(error, strings.app.problem));
    }
    this.busy = null;
    await this.#load();
  }

  #heard(downloads: readonly PackDownload[]): void {
    const finished = downloads.some(
      ({ packId, state }) => state === 'done' && this.downloads.find((one) => one.packId === packId)?.state !== 'done',
    );
    this.downloads = downloads;
    if (finished) void this.#load();
  }

  async #load(): Promise<void> {
    const { models } = this.#connection.api;
    try {
      const [{ packs }, { downloads }] = await Promise.all([models.packs({}), models.downloads({})]);
      this.packs = packs;
      this.downloads = downloads;
      this.problem = null;
    } catch (error) {
      if (!isLostLine(error)) this.problem = problemText(error, strings.settings.packsFailed);
    }
  }
}
