// The part of a library that is told where photos were taken, by name. Library thread.
import { writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import type { OpenStore } from './open-store.ts';

export function placeMethods({ library, places }: OpenStore): Pick<LibraryDb, 'photosToPlace' | 'setPlaces'> {
  return {
    photosToPlace: async ({ gazetteer, limit }) => places.unplaced(gazetteer, limit),
    setPlaces: async ({ gazetteer, places: named }) =>
      writing(library, () => {
        for (const { place, ...point } of named) places.put(point, place, gazetteer);
      }),
  };
}
