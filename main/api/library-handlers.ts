// Handlers of the library domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { createLibraryService } from '../services/library/library-service.ts';
import type { HandlerParts } from './handler-parts.ts';
import { unsupported } from './unsupported.ts';

export function libraryHandlers(parts: HandlerParts): PhotosHandlers['library'] {
  const service = createLibraryService(parts);
  return {
    revision: unsupported,
    cells: unsupported,
    photo: unsupported,
    setCaption: unsupported,
    setFavourite: unsupported,
    folders: unsupported,
    addPlace: unsupported,
    addSamplePhotos: unsupported,
    removeFolder: unsupported,
    restoreFolder: unsupported,
    setExclude: unsupported,
    failures: unsupported,
    retryFailures: unsupported,
    ignoreFailures: unsupported,
    addFolders: (input) => service.addFolders(input),
    status: (input) => service.status(input),
    showPhoto: (input) => service.showPhoto(input),
  };
}
