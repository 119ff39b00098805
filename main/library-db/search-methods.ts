// The part of a library that a search asks: words, conditions, and what there is to ask for. Library thread.
import { photosOf } from '../platform/photo-set.ts';
import { wordTerms } from '../store/words-query.ts';
import { photoSelection } from './filtering/photo-selection.ts';
import { newestOf } from './filtering/select-photos.ts';
import { vocabularyOf } from './filtering/vocabulary.ts';
import type { LibraryDb } from './library-db.ts';
import type { OpenStore } from './open-store.ts';

type SearchMethods = Pick<LibraryDb, 'searchWords' | 'wordMatches' | 'photosWhere' | 'newestWhere' | 'vocabulary'>;

export function searchMethods(store: OpenStore): SearchMethods {
  const selection = photoSelection(store);
  return {
    searchWords: async ({ text, limit, filters = [] }) => {
      const within = await selection.photos(filters);
      const hits = store.words.search(wordTerms(text), limit, within ?? undefined);
      return { photoIds: hits.map((hit) => hit.photoId), scores: hits.map((hit) => hit.score) };
    },
    wordMatches: async ({ text, photoId }) => store.wordMatches.of(photoId, wordTerms(text)),
    photosWhere: async ({ filters }) => selection.photos(filters),
    newestWhere: async ({ filters, limit }) => {
      const columns = await selection.columns();
      const photos = await selection.photos(filters);
      return photos
        ? { photoIds: newestOf(columns, photosOf(photos), limit), photos: photos.count }
        : { photoIds: [], photos: 0 };
    },
    vocabulary: async () => vocabularyOf(store, await selection.columns()),
  };
}
