// The part of a library that a gallery and a viewer ask and change. Library thread.
import path from 'node:path';
import { reading, writing } from '../store/open-database.ts';
import type { LibraryDb } from './library-db.ts';
import type { CellColumns, PhotoCard, PhotoFile } from './library-rows.ts';
import { absolutePath, type OpenStore } from './open-store.ts';
import { detailsOf } from './photo-details.ts';
import { fileDateOf } from './photo-facts.ts';
import { readTimeline } from './timeline.ts';

type GalleryMethods = Pick<
  LibraryDb,
  | 'revision'
  | 'timelineColumns'
  | 'photoCells'
  | 'photoView'
  | 'photoFile'
  | 'setFavourite'
  | 'vectorOf'
  | 'thumbnail'
  | 'thumbnailsWithoutColour'
  | 'setColours'
>;

export function galleryMethods(store: OpenStore): GalleryMethods {
  const { library, gallery } = store;
  const size = rememberedSize(store);
  return {
    revision: async () =>
      reading(library, () => {
        const revision = gallery.revision();
        return { revision, photos: size(revision) };
      }),
    timelineColumns: async () => readTimeline(store),
    photoCells: async ({ photoIds }) => cells(store, photoIds),
    photoView: async ({ photoId }) => reading(library, () => card(store, photoId)),
    photoFile: async ({ photoId }) => reading(library, () => fileOf(store, photoId)),
    setFavourite: async ({ photoIds, favourite, now }) =>
      writing(library, () => ({ changed: gallery.setFavourite(photoIds, favourite, now) })),
    vectorOf: async ({ photoId, kind, modelId }) => store.vectors.vectorOf(photoId, kind, modelId),
    ...thumbnailMethods(store),
  };
}

function thumbnailMethods(store: OpenStore): Pick<LibraryDb, 'thumbnail' | 'thumbnailsWithoutColour' | 'setColours'> {
  const { library, gallery, thumbnails } = store;
  function loseThumbnail(photoId: number): void {
    store.jobs.lookAgain(photoId);
    gallery.loseThumbnail(photoId);
  }
  return {
    thumbnail: async ({ photoId }) => {
      // Before the bytes: bytes newer than their number are fetched once more, older ones would be kept for ever.
      const revision = gallery.card(photoId)?.mediaRevision ?? 0;
      const found = thumbnails?.get(photoId);
      if (found) return { ...found, revision };
      if (store.mode === 'owner') writing(library, () => loseThumbnail(photoId));
      return null;
    },
    thumbnailsWithoutColour: async ({ limit }) =>
      gallery
        .uncoloured(limit)
        .map((photoId) => ({ photoId, bytes: thumbnails?.get(photoId)?.bytes ?? new Uint8Array() })),
    setColours: async ({ colours }) =>
      writing(library, () => {
        for (const { photoId, colour } of colours) {
          if (colour === null) loseThumbnail(photoId);
          else gallery.setColour(photoId, colour);
        }
      }),
  };
}

/** Counting a million rows twice a second is 1 % of a core; counting them again only where the state is another costs nothing. */
function rememberedSize({ gallery }: OpenStore): (revision: number) => number {
  let last = { revision: -1, photos: 0 };
  return (revision) => {
    if (last.revision !== revision) last = { revision, photos: gallery.size() };
    return last.photos;
  };
}

function cells({ gallery }: OpenStore, photoIds: readonly number[]): CellColumns {
  const rows = gallery.cellRows(photoIds);
  return {
    photoIds: rows.map((row) => row.photoId),
    labels: rows.map((row) => row.ownCaption ?? row.generatedCaption ?? path.posix.basename(row.relPath)),
    mediaRevisions: rows.map((row) => row.mediaRevision),
  };
}

function card(store: OpenStore, photoId: number): PhotoCard | null {
  const row = store.gallery.card(photoId);
  const place = store.gallery.place(photoId);
  if (!row || !place) return null;
  const { folderPath, relPath } = place;
  const details = detailsOf(store, photoId, absolutePath(folderPath, relPath));
  return (
    details && {
      ...details,
      folderPath,
      relPath,
      favourite: row.favourite === 1,
      missing: place.present === 0,
      damaged: row.damaged === 1,
      generatedCaptions: store.captions.generated(photoId).map((caption) => caption.text),
      mediaRevision: row.mediaRevision,
      fileDate: fileDateOf(details.takenAt, row.newest),
    }
  );
}

function fileOf({ gallery, photos }: OpenStore, photoId: number): PhotoFile | null {
  const row = gallery.card(photoId);
  const place = gallery.presentPlace(photoId);
  const facts = photos.facts(photoId);
  if (!row || !place || !facts) return null;
  return {
    path: absolutePath(place.folderPath, place.relPath),
    sha256: facts.sha256.toString('hex'),
    sizeBytes: facts.size_bytes,
    format: facts.format,
    orientation: facts.orientation,
    mediaRevision: row.mediaRevision,
  };
}
