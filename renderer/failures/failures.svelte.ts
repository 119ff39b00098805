// Files that could not be read, and what a person does about them. Renderer.
import type { FileFailureView } from '../../preload/contract/library.ts';
import type { AppConnection } from '../state/app-context.ts';
import { isLostLine, problemText } from '../state/newest-call.ts';
import { createRefresher } from '../state/refresher.ts';
import type { ToastsState } from '../state/toasts.svelte.ts';
import { strings } from '../strings/strings.ts';

/** More are counted, not listed: nobody reads on. */
const listed = 500;
const lookAgainMs = 1500;

export class FailuresState {
  failures = $state.raw<readonly FileFailureView[]>([]);
  /** Of all, listed or not. */
  total = $state(0);

  readonly #connection: AppConnection;
  readonly #toasts: ToastsState;
  readonly #refresher = createRefresher(() => this.#load(), lookAgainMs);

  constructor(connection: AppConnection, toasts: ToastsState) {
    this.#connection = connection;
    this.#toasts = toasts;
  }

  /** Follows the library. Returns what ends it. */
  start(): () => void {
    const { ask, stop } = this.#refresher;
    let failedBefore = -1;
    const ends = [
      this.#connection.on('library.changed', ask),
      this.#connection.on('indexing.progress', ({ failed }) => {
        if (failed !== failedBefore) ask();
        failedBefore = failed;
      }),
      this.#connection.onGap(ask),
      stop,
    ];
    ask();
    return () => {
      for (const end of ends) end();
    };
  }

  retry(fileIds: number[]): Promise<void> {
    return this.#act(strings.toasts.retrying(fileIds.length), fileIds, ({ library }) =>
      library.retryFailures({ fileIds }),
    );
  }

  ignore(fileIds: number[]): Promise<void> {
    return this.#act(
      strings.toasts.ignored(fileIds.length),
      fileIds,
      ({ library }) => library.ignoreFailures({ fileIds, ignored: true }),
      {
        undo: async () => {
          await this.#connection.api.library.ignoreFailures({ fileIds, ignored: false });
          this.#refresher.ask();
        },
      },
    );
  }

  async #act(
    said: string,
    fileIds: number[],
    act: (api: AppConnection['api']) => Promise<unknown>,
    options: { readonly undo?: () => Promise<unknown> } = {},
  ): Promise<void> {
    if (fileIds.length === 0) return;
    try {
      await act(this.#connection.api);
      const left = this.failures.filter(({ fileId }) => !fileIds.includes(fileId));
      this.total -= this.failures.length - left.length;
      this.failures = left;
      this.#toasts.say(said, options.undo);
      this.#refresher.ask();
    } catch (error) {
      this.#toasts.say(problemText(error, strings.app.problem));
    }
  }

  async #load(): Promise<void> {
    try {
      const { failures, total } = await this.#connection.api.library.failures({ limit: listed });
      this.failures = failures;
      this.total = total;
    } catch (error) {
      if (!isLostLine(error)) this.#toasts.say(problemText(error, strings.app.problem));
    }
  }
}
