// Handlers of the indexing domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { captionFiles } from '../services/indexing/caption-files.ts';
import type { HandlerParts } from './handler-parts.ts';
import { unsupported } from './unsupported.ts';

export function indexingHandlers(parts: HandlerParts): PhotosHandlers['indexing'] {
  const { work, settings } = parts;
  return {
    async run(input, context) {
      const release = await work.hold();
      try {
        const { photos, failures, seconds } = await parts.indexing.run(input, context);
        return { photos, failures: [...failures], seconds };
      } finally {
        release();
      }
    },
    progress: async () => work.progress(),
    async rescan({ folderIds }) {
      if (!work.isStarted()) return unsupported();
      work.rescan(folderIds);
      return {};
    },
    async setPaused({ paused }) {
      await settings.set({ paused });
      return {};
    },
    captionFiles: (input, context) => captionFiles(parts.inference, input.paths, context.signal),
  };
}
