// Handlers of the library domain. Shell process.
import type { PhotosHandlers } from '../../preload/contract/index.ts';
import { createFailureService } from '../services/library/failure-service.ts';
import { createFolderService } from '../services/library/folder-service.ts';
import { createGalleryService } from '../services/library/gallery-service.ts';
import { createLibraryService } from '../services/library/library-service.ts';
import type { HandlerParts } from './handler-parts.ts';

export function libraryHandlers(parts: HandlerParts): PhotosHandlers['library'] {
  const service = createLibraryService(parts);
  const gallery = createGalleryService(parts);
  const folders = createFolderService({
    ...parts,
    places: parts.window?.places ?? null,
    ready: () => parts.inference.pack(),
  });
  const failures = createFailureService(parts);
  return {
    revision: () => parts.db.revision(),
    cells: (input) => gallery.cells(input),
    photo: (input) => gallery.photo(input),
    setCaption: (input) => gallery.setCaption(input),
    setFavourite: (input) => gallery.setFavourite(input),
    async folders() {
      const answer = await folders.folders();
      parts.shell.lookedAt(answer.folders);
      return answer;
    },
    addPlace: (input) => folders.addPlace(input),
    addSamplePhotos: () => folders.addSamplePhotos(),
    removeFolder: (input) => folders.removeFolder(input),
    restoreFolder: (input) => folders.restoreFolder(input),
    setExclude: (input) => folders.setExclude(input),
    settleVanished: (input) => folders.settleVanished(input),
    failures: (input) => failures.failures(input),
    retryFailures: (input) => failures.retryFailures(input),
    ignoreFailures: (input) => failures.ignoreFailures(input),
    addFolders: (input) => service.addFolders(input),
    status: (input) => service.status(input),
    showPhoto: (input) => service.showPhoto(input),
  };
}
