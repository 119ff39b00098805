// The contract's handlers, one for each method: each hands its checked input to a use-case. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { runEvaluation } from '../services/evaluation/run-evaluation.ts';
import { careHandlers } from './care-handlers.ts';
import type { HandlerParts } from './handler-parts.ts';
import { indexingHandlers } from './indexing-handlers.ts';
import { libraryHandlers } from './library-handlers.ts';
import { modelsHandlers } from './models-handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import { shellHandlers } from './shell-handlers.ts';

export function createHandlers(parts: HandlerParts): PhotosHandlers {
  const library = libraryHandlers(parts);
  return {
    library,
    indexing: indexingHandlers(parts),
    search: {
      rank: (input, context) => parts.search.rank(input, context),
      similar: (input) => parts.search.similar(input),
      find: (input, context) => parts.search.find(input, context),
      explain: (input, context) => parts.why.explain(input, context),
      suggest: async (input) => ({ suggestions: await parts.suggestions.suggest(input) }),
    },
    evaluation: { run: (input, context) => runEvaluation(parts, input, context.signal) },
    models: modelsHandlers(parts.models),
    settings: settingsHandlers(parts),
    shell: shellHandlers(parts, library.folders),
    care: careHandlers(parts),
  };
}
