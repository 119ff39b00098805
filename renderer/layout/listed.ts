// Which photos the gallery lists. Renderer.
import type { PhotoList } from '../grid/photo-list.ts';
import type { AppContext } from '../state/app-context.ts';

/** What a search found, else the collection that was chosen. */
export function listed({ library, results, view }: Pick<AppContext, 'library' | 'results' | 'view'>): PhotoList {
  return results.list ?? (view.collection === 'favourites' ? library.favourites : library.list);
}
