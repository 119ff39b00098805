// The contract's handlers, one for each method: each hands its checked input to a use-case. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { runEvaluation } from '../services/evaluation/run-evaluation.ts';
import { captionFiles } from '../services/indexing/caption-files.ts';
import type { HandlerParts } from './handler-parts.ts';
import { libraryHandlers } from './library-handlers.ts';
import { modelsHandlers } from './models-handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { shellHandlers } from './shell-handlers.ts';
import { unsupported } from './unsupported.ts';

export function createHandlers(parts: HandlerParts): PhotosHandlers {
  return {
    library: libraryHandlers(parts),
    indexing: {
      run: async (input, context) => {
        const { photos, failures, seconds } = await parts.indexing.run(input, context);
        return { photos, failures: [...failures], seconds };
      },
      progress: async () => parts.indexing.progress(),
      rescan: unsupported,
      setPaused: unsupported,
      captionFiles: (input, context) => captionFiles(parts.inference, input.paths, context.signal),
    },
    search: {
      rank: (input, context) => parts.search.rank(input, context),
      similar: (input) => parts.search.similar(input),
      find: (input, context) => parts.search.find(input, context),
    },
    evaluation: { run: (input, context) => runEvaluation(parts, input, context.signal) },
    models: modelsHandlers(parts.models),
    settings: settingsHandlers(parts),
    shell: shellHandlers(parts),
  };
}
