// Keeps the columns that conditions are tested on in step with the library. Library thread.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { reading } from '../../store/open-database.ts';
import type { FilePlaceRow } from '../../store/statements/filter-rows.ts';
import { noteTouchedPhotos } from '../../store/touched-photos.ts';
import { writtenState } from '../../store/written-state.ts';
import type { OpenStore } from '../open-store.ts';
import { createPhotoColumns, type PhotoColumns } from './photo-columns.ts';

/** Photo numbers gone through at once, so that other questions are answered in between: some ten milliseconds. */
const portion = 4_000;
/** A reader has to read everything again after every change; in a library of more photos it spends at most this share of the time on it. */
const dearPhotos = 20_000;
const readingShare = 1 / 20;

/** @returns the columns as of now, read with the first call. In a large library that another program writes they may be as old as twenty times what reading them takes. */
export function followedColumns(store: OpenStore): () => Promise<PhotoColumns> {
  return store.mode === 'owner' ? ownColumns(store) : othersColumns(store);
}

/** The only program that writes knows what it wrote. */
function ownColumns(store: OpenStore): () => Promise<PhotoColumns> {
  let touched: (() => number[]) | undefined;
  let loading: Promise<PhotoColumns> | undefined;
  return async () => {
    touched ??= noteTouchedPhotos(store.library);
    loading ??= readColumns(store).catch((error) => {
      loading = undefined;
      throw error;
    });
    const columns = await loading;
    const photoIds = touched();
    try {
      for (let first = 0; first < photoIds.length; first += portion)
        readAgain(store, columns, photoIds.slice(first, first + portion));
    } catch (error) {
      // What was to be read again is told only once.
      loading = undefined;
      throw error;
    }
    return columns;
  };
}

function othersColumns(store: OpenStore): () => Promise<PhotoColumns> {
  const written = writtenState(store.library);
  let last: { readonly state: string; readonly at: number; readonly costMs: number } | undefined;
  let loading: Promise<PhotoColumns> | undefined;
  return async () => {
    const [state, now] = [written(), performance.now()];
    const isDear = store.filters.lastId() > dearPhotos;
    const isFresh = last && isDear && now - last.at < last.costMs / readingShare;
    if (loading && (last === undefined || last.state === state || isFresh)) return loading;
    last = undefined;
    const read = readColumns(store);
    loading = read;
    const columns = await read.catch((error) => {
      if (loading === read) loading = undefined;
      throw error;
    });
    const at = performance.now();
    last = { state, at, costMs: at - now };
    return columns;
  };
}

async function readColumns(store: OpenStore): Promise<PhotoColumns> {
  const columns = createPhotoColumns();
  const lastId = store.filters.lastId();
  for (let after = 0; after < lastId; after += portion) {
    if (after > 0) await nextTurn();
    reading(store.library, () => {
      for (const row of store.filters.portion(after, after + portion)) columns.set(row);
      putFiles(columns, store.filters.filesBetween(after, after + portion));
    });
  }
  return columns;
}

function readAgain(store: OpenStore, columns: PhotoColumns, photoIds: readonly number[]): void {
  reading(store.library, () => {
    const rows = store.filters.some(photoIds);
    const live = new Set(rows.map(({ id }) => id));
    for (const photoId of photoIds) if (!live.has(photoId)) columns.remove(photoId);
    for (const row of rows) columns.set(row);
    putFiles(columns, store.filters.filesOf(photoIds));
  });
}

/** @param files those of one photo one after the other */
function putFiles(columns: PhotoColumns, files: readonly FilePlaceRow[]): void {
  for (let first = 0; first < files.length; ) {
    const { photoId } = files[first] as FilePlaceRow;
    let end = first + 1;
    while (files[end]?.photoId === photoId) end++;
    columns.setFiles(photoId, files.slice(first, end));
    first = end;
  }
}
