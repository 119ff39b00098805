// Handlers of the models domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import type { ModelsService } from '../services/models/models-service.ts';

export function modelsHandlers(models: ModelsService): PhotosHandlers['models'] {
  return {
    packs: async () => ({ packs: await models.packs() }),
    downloads: async () => ({ downloads: await models.downloads() }),
    download: ({ packId }) => models.download(packId).then(nothing),
    pause: ({ packId }) => models.pause(packId).then(nothing),
    discard: ({ packId }) => models.discard(packId).then(nothing),
    activate: ({ packId }) => models.activate(packId).then(nothing),
  };
}

function nothing(): Record<string, never> {
  return {};
}
