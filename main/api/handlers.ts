// The contract's handlers, one for each method: each hands its checked input to a use-case. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { InferencePool } from '../inference/inference-pool.ts';
import type { LibraryDb } from '../library-db/library-db.ts';
import { examine } from '../services/doctor/doctor-service.ts';
import type { OpenMeasuredLibrary } from '../services/evaluation/measured-library.ts';
import { runEvaluation } from '../services/evaluation/run-evaluation.ts';
import { captionFiles } from '../services/indexing/caption-files.ts';
import type { IndexingService } from '../services/indexing/indexing-service.ts';
import { createLibraryService } from '../services/library/library-service.ts';
import type { SearchUseCase } from '../services/search/search-use-case.ts';

export interface HandlerParts {
  readonly db: LibraryDb;
  readonly mode: 'owner' | 'reader';
  readonly indexing: IndexingService;
  readonly search: SearchUseCase;
  readonly inference: InferencePool;
  readonly libraryFolder: string;
  readonly version: string;
  readonly openMeasuredLibrary: OpenMeasuredLibrary;
  /** Epoch milliseconds. */
  now(): number;
}

export function createHandlers(parts: HandlerParts): PhotosHandlers {
  const libraryService = createLibraryService(parts);
  return {
    library: {
      addFolders: (input) => libraryService.addFolders(input),
      status: (input) => libraryService.status(input),
      showPhoto: (input) => libraryService.showPhoto(input),
    },
    indexing: {
      run: async (input, context) => {
        const { photos, failures, seconds } = await parts.indexing.run(input, context);
        return { photos, failures: [...failures], seconds };
      },
      progress: async () => parts.indexing.progress(),
      captionFiles: (input, context) => captionFiles(parts.inference, input.paths, context.signal),
    },
    search: { find: (input, context) => parts.search.find(input, context) },
    evaluation: { run: (input, context) => runEvaluation(parts, input, context.signal) },
    shell: { doctor: () => examine(parts) },
  };
}
