// What the contract's handlers work with; `compose.ts` puts it together. Shell process.
import type { InferencePool } from '../inference/inference-pool.ts';
import type { LibraryDb } from '../library-db/library-db.ts';
import type { WindowPorts } from '../platform/host-ports.ts';
import type { OpenMeasuredLibrary } from '../services/evaluation/measured-library.ts';
import type { BackgroundIndexer } from '../services/indexing/background-indexer.ts';
import type { IndexingService } from '../services/indexing/indexing-service.ts';
import type { BackgroundWork } from '../services/library/background-work.ts';
import type { FolderPresence } from '../services/library/folder-presence.ts';
import type { ModelsService } from '../services/models/models-service.ts';
import type { SearchUseCase } from '../services/search/search-use-case.ts';
import type { SuggestUseCase } from '../services/search/suggest-use-case.ts';
import type { ExplainUseCase } from '../services/search/why/explain-use-case.ts';
import type { SettingsService } from '../services/settings/settings-service.ts';
import type { ShellService } from '../services/shell/shell-service.ts';

export interface HandlerParts {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly indexing: IndexingService;
  readonly search: SearchUseCase;
  readonly why: ExplainUseCase;
  readonly suggestions: SuggestUseCase;
  readonly inference: InferencePool;
  readonly presence: FolderPresence;
  readonly settings: SettingsService;
  readonly work: BackgroundIndexer;
  /** The same as others see it; null where it does not run: for a single command, and beside another program. */
  readonly background: BackgroundWork | null;
  readonly shell: ShellService;
  readonly window: WindowPorts | null;
  readonly samplePhotosFolder: string | null;
  readonly models: ModelsService;
  readonly libraryFolder: string;
  readonly version: string;
  readonly openMeasuredLibrary: OpenMeasuredLibrary;
  /** Epoch milliseconds. */
  now(): number;
}
