// Answers which photos fulfil conditions, and remembers the answers to each: a condition stays while the words beside it are typed. Library thread.

import path from 'node:path';
import { hasPhoto, type PhotoSet } from '../../platform/photo-set.ts';
import type { Filter } from '../../services/search/parsed-query.ts';
import { writtenState } from '../../store/written-state.ts';
import type { OpenStore } from '../open-store.ts';
import { testOf } from './filter-tests.ts';
import { followedColumns } from './followed-columns.ts';
import type { PhotoColumns } from './photo-columns.ts';
import { photosWithPhrase } from './phrases.ts';
import { inAll, photosThat } from './select-photos.ts';

/** Some megabytes in a library of a million photos. */
const mostKept = 32;

export interface PhotoSelection {
  columns(): Promise<PhotoColumns>;
  /** Null where there are no conditions: all pass. */
  photos(filters: readonly Filter[]): Promise<PhotoSet | null>;
}

export function photoSelection(store: OpenStore): PhotoSelection {
  const columns = followedColumns(store);
  const written = writtenState(store.library);
  const kept = new Map<string, { readonly of: PhotoColumns; readonly state: string; readonly photos: PhotoSet }>();

  function photosOf(now: PhotoColumns, folderNames: ReadonlyMap<number, string>, filter: Filter): PhotoSet {
    const key = JSON.stringify(filter);
    // Phrases are asked of the texts themselves, of which the columns know nothing.
    const state = [now.version(), ...folderNames.values(), asksTexts(filter) ? written() : ''].join('\n');
    const known = kept.get(key);
    const photos =
      known?.of === now && known.state === state ? known.photos : selected(store, now, folderNames, filter);
    // Taken out first, so that the order of the map is the order of use.
    kept.delete(key);
    kept.set(key, { of: now, state, photos });
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return photos;
  }

  return {
    columns,
    async photos(filters) {
      if (filters.length === 0) return null;
      const now = await columns();
      const folderNames = new Map(store.folders.folders().map((folder) => [folder.id, path.basename(folder.path)]));
      return inAll(filters.map((filter) => photosOf(now, folderNames, filter)));
    },
  };
}

function asksTexts(filter: Filter): boolean {
  return filter.kind === 'phrase' || (filter.kind === 'any' && filter.of.some((group) => group.some(asksTexts)));
}

function selected(
  store: OpenStore,
  columns: PhotoColumns,
  folderNames: ReadonlyMap<number, string>,
  filter: Filter,
): PhotoSet {
  const test = testOf(columns, filter, {
    folderNames,
    phrase(words) {
      const found = photosWithPhrase(store, words);
      return (photoId) => hasPhoto(found, photoId);
    },
  });
  return photosThat(columns, test, filter.not);
}
