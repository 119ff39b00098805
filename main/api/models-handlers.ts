// Handlers of the models domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { unsupported } from './unsupported.ts';

export function modelsHandlers(): PhotosHandlers['models'] {
  return {
    packs: unsupported,
    downloads: unsupported,
    download: unsupported,
    pause: unsupported,
    discard: unsupported,
    activate: unsupported,
  };
}
