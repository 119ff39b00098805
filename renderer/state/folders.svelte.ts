// The library's folders, and what a person does with them. Renderer.
import type { FolderView } from '../../preload/contract/library.ts';
import type { Place } from '../../preload/contract/shell.ts';
import { strings } from '../strings/strings.ts';
import type { AppConnection } from './app-context.ts';
import { isLostLine, problemText } from './newest-call.ts';
import { createRefresher } from './refresher.ts';
import type { ToastsState } from './toasts.svelte.ts';

/** Counts move while photos stream in; nobody reads them faster. */
const lookAgainMs = 1000;

export class FoldersState {
  folders = $state.raw<readonly FolderView[]>([]);
  /** False until the first answer: an empty list means nothing before it. */
  loaded = $state(false);
  readonly allOffline = $derived(this.folders.length > 0 && this.folders.every(({ state }) => state === 'offline'));

  /** Something was asked of them, and the first look at what came of it is still to come. */
  #awaited = $state(false);
  /** Folders are being looked through, or will be in a moment. */
  readonly reading = $derived(this.#awaited || this.folders.some(({ state }) => state === 'scanning'));

  #underWay = 0;
  #wasIdle = true;
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
    const ends = [
      this.#connection.on('library.changed', ask),
      this.#connection.on('indexing.progress', ({ phase }) => {
        // A run that finds nothing new changes no library, yet the folders are no longer being read.
        if (this.#wasIdle !== (phase === 'idle')) ask();
        this.#wasIdle = phase === 'idle';
      }),
      this.#connection.onGap(ask),
      stop,
    ];
    ask();
    return () => {
      for (const end of ends) end();
    };
  }

  /** Resolves true where the folder is in the library now. */
  async add(place: Place): Promise<boolean> {
    return this.#read(async ({ library }) => {
      const { known } = await library.addPlace({ placeId: place.placeId });
      this.#toasts.say(known ? strings.toasts.folderKnown : strings.toasts.folderAdded(place.name));
    });
  }

  async addSamples(): Promise<void> {
    await this.#read(async ({ library }) => {
      await library.addSamplePhotos({});
      this.#toasts.say(strings.toasts.samplesAdded);
    });
  }

  /** The system's own dialog; nothing happens where it is closed without a choice. */
  async pick(): Promise<void> {
    await this.#change(async ({ shell }) => {
      const { place } = await shell.pickFolder({});
      if (place) await this.add(place);
    });
  }

  async remove({ folderId, name }: FolderView): Promise<void> {
    await this.#change(async ({ library }) => {
      const { exclude } = await library.removeFolder({ folderId });
      this.#toasts.say(strings.toasts.folderRemoved(name), async () => {
        await library.restoreFolder({ folderId });
        if (exclude.length > 0) await library.setExclude({ folderId, exclude });
        this.#refresher.ask();
      });
    });
  }

  async setExclude({ folderId }: FolderView, exclude: string[]): Promise<boolean> {
    return this.#change(async ({ library }) => {
      const { before } = await library.setExclude({ folderId, exclude });
      this.#toasts.say(strings.toasts.excludeSaved, () => library.setExclude({ folderId, exclude: before }));
    });
  }

  /** Resolves true where the answer was taken. */
  async settleVanished({ folderId }: FolderView, gone: boolean): Promise<boolean> {
    return this.#change(async ({ library }) => {
      const { files } = await library.settleVanished({ folderId, gone });
      this.#toasts.say(gone ? strings.toasts.vanishedGone(files) : strings.toasts.vanishedKept(files));
    });
  }

  async rescan({ folderId }: FolderView): Promise<void> {
    await this.#read(({ indexing }) => indexing.rescan({ folderIds: [folderId] }));
  }

  /** For what makes the application look through folders: until it says that it does, nothing is "up to date". */
  async #read(act: (api: AppConnection['api']) => Promise<unknown>): Promise<boolean> {
    this.#awaited = true;
    this.#underWay++;
    // Over before the folders are asked for again: that answer is the one that is waited for.
    const isDone = await this.#change((api) => act(api).finally(() => this.#underWay--));
    if (!isDone) this.#awaited = false;
    return isDone;
  }

  async #change(act: (api: AppConnection['api']) => Promise<unknown>): Promise<boolean> {
    try {
      await act(this.#connection.api);
      this.#refresher.ask();
      return true;
    } catch (error) {
      this.#toasts.say(problemText(error, strings.app.problem));
      return false;
    }
  }

  async #load(): Promise<void> {
    // An answer that was on its way before says nothing of what was asked since.
    const isNew = this.#underWay === 0;
    try {
      const { folders } = await this.#connection.api.library.folders({});
      this.folders = folders;
      this.loaded = true;
      if (isNew && this.#underWay === 0) this.#awaited = false;
    } catch (error) {
      if (!isLostLine(error)) this.#toasts.say(problemText(error, strings.app.problem));
    }
  }
}
