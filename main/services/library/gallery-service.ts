// The use-cases of a gallery and a viewer: cells, one photo, captions, favourites. Shell process.
import { basename, dirname } from 'node:path';
import type { z } from 'zod';
import type { PhotoCells, PhotoView } from '../../../preload/contract/library.ts';
import type { LibraryDb } from '../../library-db/library-db.ts';
import type { PhotoCard } from '../../library-db/library-rows.ts';
import { AppError } from '../../platform/app-error.ts';
import type { BackgroundWork } from './background-work.ts';

export interface GalleryParts {
  readonly db: Pick<LibraryDb, 'photoCells' | 'photoView' | 'setOwnCaptions' | 'setFavourite'>;
  readonly background: BackgroundWork | null;
  /** Epoch milliseconds. */
  now(): number;
}

export interface GalleryService {
  cells(input: { photoIds: readonly number[] }): Promise<z.input<typeof PhotoCells>>;
  /** @throws AppError `library/photo-not-found` */
  photo(input: { photoId: number }): Promise<z.input<typeof PhotoView>>;
  /** @throws AppError `library/photo-not-found` */
  setCaption(input: { photoId: number; text: string | null }): Promise<{ before: string | null }>;
  setFavourite(input: { photoIds: readonly number[]; favourite: boolean }): Promise<{ changed: number[] }>;
}

export function createGalleryService({ db, background, now }: GalleryParts): GalleryService {
  return {
    async cells(input) {
      const { photoIds, labels, mediaRevisions } = await db.photoCells(input);
      return { photoIds: [...photoIds], labels: [...labels], mediaRevisions: [...mediaRevisions] };
    },
    async photo({ photoId }) {
      const card = await db.photoView({ photoId });
      if (!card) throw new AppError('library/photo-not-found', `photo ${photoId} is not in the library any more`);
      return toView(card);
    },
    async setCaption({ photoId, text }) {
      const texts = text === null ? [] : [text];
      const { before } = await db.setOwnCaptions({ photoId, texts, now: now() });
      background?.wake();
      return { before: before[0] ?? null };
    },
    async setFavourite({ photoIds, favourite }) {
      const { changed } = await db.setFavourite({ photoIds, favourite, now: now() });
      return { changed: [...changed] };
    },
  };
}

function toView(card: PhotoCard): z.input<typeof PhotoView> {
  const { vectors: _vectors, folderPath: _folderPath, relPath: _relPath, generatedCaptions, keywords, ...facts } = card;
  return {
    ...facts,
    name: basename(card.path),
    folder: dirname(card.path),
    keywords: [...keywords],
    generatedCaptions: [...generatedCaptions],
  };
}
