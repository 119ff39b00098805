// The part of a library that keeps the person's own captions. Library thread.
import { AppError } from '../platform/app-error.ts';
import { writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import { type OpenStore, refreshWords } from './open-store.ts';

export function captionMethods(store: OpenStore): Pick<LibraryDb, 'setOwnCaptions'> {
  return {
    setOwnCaptions: async ({ photoId, texts, now }) =>
      writing(store.library, () => {
        if (!store.photos.facts(photoId)) {
          throw new AppError('library/photo-not-found', `There is no photo ${photoId} in the library.`);
        }
        const before = store.captions.own(photoId);
        const kept = texts.filter((text) => text.trim() !== '');
        store.captions.replaceOwn(photoId, kept, now);
        // The stored vectors are of the words that were there before.
        store.vectors.removeKind(photoId, 'own');
        if (kept.length > 0) store.jobs.makeOwnWork(photoId);
        else store.jobs.dropOwnWork(photoId);
        refreshWords(store, photoId);
        return { before };
      }),
  };
}
