// What every component may reach without being handed it: the line to the application, and the state of the window. Made once, in App.svelte. Renderer.
import { createContext } from 'svelte';
import type { Connection } from '../../preload/contract/client.ts';
import type { DesktopBridge } from '../../preload/contract/desktop.ts';
import type { contract } from '../../preload/contract/index.ts';
import type { PhotoActions } from '../actions/photo-actions.ts';
import type { MediaAddresses } from '../client/media-addresses.ts';
import type { FailuresState } from '../failures/failures.svelte.ts';
import type { FoldersState } from './folders.svelte.ts';
import type { HostState } from './host.svelte.ts';
import type { IndexingState } from './indexing.svelte.ts';
import type { LibraryState } from './library.svelte.ts';
import type { ResultsState } from './results.svelte.ts';
import type { SelectionState } from './selection.svelte.ts';
import type { SettingsState } from './settings.svelte.ts';
import type { ToastsState } from './toasts.svelte.ts';
import type { ViewState } from './view.svelte.ts';

export type AppConnection = Connection<typeof contract>;

export interface AppContext {
  readonly connection: AppConnection;
  readonly media: MediaAddresses;
  readonly library: LibraryState;
  readonly selection: SelectionState;
  readonly results: ResultsState;
  readonly indexing: IndexingState;
  readonly settings: SettingsState;
  readonly host: HostState;
  readonly folders: FoldersState;
  readonly failures: FailuresState;
  readonly actions: PhotoActions;
  readonly toasts: ToastsState;
  readonly view: ViewState;
  /** What a desktop window can do beside the application; null in a browser. */
  readonly desktop: DesktopBridge | null;
}

export const [getAppContext, setAppContext] = createContext<AppContext>();
