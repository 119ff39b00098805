// Where in a photo's picture a sentence is, by the picture that is kept of it: the original may be away. Shell process.
import type { LibraryDb } from '../../../library-db/library-db.ts';
import { throwIfCancelled } from '../../../platform/app-error.ts';
import type { SearchModels } from '../../models/answering-pack.ts';
import type { EncodeQuery } from '../query-encoder.ts';
import { type RegionGrid, regionGrid } from './region-grid.ts';
import { createSeenParts } from './seen-parts.ts';

export interface PictureRegionParts {
  readonly db: Pick<LibraryDb, 'thumbnail'>;
  readonly inference: Pick<SearchModels, 'pack' | 'parts'>;
}

interface Asked {
  readonly photoId: number;
  /** In the image space of the model. */
  readonly sentence: Float32Array;
  readonly imageModelId: string;
  readonly encode: EncodeQuery;
}

/** Null where there is no picture, or nothing in it stands out. */
export type PictureRegion = (asked: Asked, signal: AbortSignal) => Promise<RegionGrid | null>;

/** Texts that fit any photo about as well as any other. */
const neutralTexts = [
  'a photo',
  'a person',
  'an animal',
  'a building',
  'food on a table',
  'grass and trees',
  'a street',
  'water',
  'an object',
  'a room',
  'the sky',
  'something',
];

export function createPictureRegion({ db, inference }: PictureRegionParts): PictureRegion {
  const seen = createSeenParts();
  return async ({ photoId, sentence, imageModelId, encode }, signal) => {
    const thumbnail = await db.thumbnail({ photoId });
    if (!thumbnail) return null;
    const { bytes, width, height, revision } = thumbnail;
    const found = await seen(`${photoId} ${revision} ${imageModelId}`, () =>
      inference.parts({ picture: { bytes, width, height } }, { signal }),
    );
    const neutral: Float32Array[] = [];
    for (const text of neutralTexts) neutral.push((await encode(text, { signal })).text);
    throwIfCancelled(signal);
    // Another pack was taken into use meanwhile: its vectors cannot be compared with these.
    return (await inference.pack()).imageModelId === imageModelId ? regionGrid(found, sentence, neutral) : null;
  };
}
