// What a photo file says about itself, as the rest of the product sees it (types only, any process).

/** Guessed from the first bytes, never from the file name. `raw` stands for every camera raw format. */
export type PhotoFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'heic' | 'jxl' | 'jp2' | 'bmp' | 'raw';

/** Facts of one photo; `null` (or an empty list) where the file does not say, or says something impossible. */
export interface PhotoMetadata {
  /** Local time of capture without a zone, `YYYY-MM-DDTHH:MM:SS`: the clock the photographer saw. */
  takenAt: string | null;
  /** Zone of `takenAt` as `+02:00`. */
  offset: string | null;
  /** Decimal degrees, north and east positive. `0, 0` is kept: some cameras really store it. */
  gps: { lat: number; lon: number } | null;
  camera: { make: string | null; model: string | null; lens: string | null };
  exposureTimeSeconds: number | null;
  fNumber: number | null;
  iso: number | null;
  focalLengthMm: number | null;
  /** 1 to 8 in EXIF terms. For HEIC and AVIF the container's rotation and mirror where it has them, as viewers do. */
  orientation: number | null;
  /** -1 (rejected) to 5. */
  rating: number | null;
  /** Sorted by code unit, no duplicates. */
  keywords: string[];
  title: string | null;
  description: string | null;
  /** Stored pixels, before `orientation` is applied. */
  width: number | null;
  height: number | null;
  format: PhotoFormat | null;
  /** One line for each part that could not be read, for the log. Holds no text from the photo. */
  warnings: string[];
}
