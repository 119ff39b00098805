// Maps a photo's facts to stored columns and back. Library thread.
import type { PhotoColumns } from '../store/statements/photos.ts';
import type { PhotoFacts } from './library-rows.ts';

/** Numbers that no photo can have (a hostile file's) are stored as absent. */
export function toColumns(facts: PhotoFacts): PhotoColumns {
  return {
    sha256: Buffer.from(facts.sha256, 'hex'),
    size_bytes: facts.sizeBytes,
    format: facts.format,
    width: whole(facts.width),
    height: whole(facts.height),
    taken_at: facts.takenAt,
    utc_offset: facts.offset,
    lat: facts.gps?.lat ?? null,
    lon: facts.gps?.lon ?? null,
    camera_make: facts.camera.make,
    camera_model: facts.camera.model,
    lens: facts.camera.lens,
    exposure_seconds: facts.exposure.timeSeconds,
    f_number: facts.exposure.fNumber,
    iso: facts.exposure.iso,
    focal_length_mm: facts.exposure.focalLengthMm,
    orientation: facts.orientation,
    rating: facts.rating,
    keywords: JSON.stringify(facts.keywords),
    title: facts.title,
    description: facts.description,
  };
}

export function toFacts(columns: PhotoColumns): PhotoFacts {
  return {
    sha256: columns.sha256.toString('hex'),
    sizeBytes: columns.size_bytes,
    format: columns.format,
    width: columns.width,
    height: columns.height,
    takenAt: columns.taken_at,
    offset: columns.utc_offset,
    gps: columns.lat === null || columns.lon === null ? null : { lat: columns.lat, lon: columns.lon },
    camera: { make: columns.camera_make, model: columns.camera_model, lens: columns.lens },
    exposure: {
      timeSeconds: columns.exposure_seconds,
      fNumber: columns.f_number,
      iso: columns.iso,
      focalLengthMm: columns.focal_length_mm,
    },
    orientation: columns.orientation,
    rating: columns.rating,
    keywords: JSON.parse(columns.keywords) as string[],
    title: columns.title,
    description: columns.description,
  };
}

const dayMs = 86_400_000;

/** What stands for no date at all: the earliest time there is, so that it comes last. Epoch milliseconds. */
export const undatedMs = -8.64e15;

/**
 * What orders photos, newest first: the local time taken where it is one, else the file's in the zone of this machine; both as if they were UTC, in epoch
 * milliseconds. A file of 1970-01-01 was given that date by a program that knew none.
 */
export function newestOf(facts: PhotoFacts, mtimeMs: number): number {
  const taken = facts.takenAt === null ? Number.NaN : Date.parse(`${facts.takenAt}Z`);
  if (!Number.isNaN(taken)) return taken;
  const zoneMinutes = new Date(mtimeMs).getTimezoneOffset();
  return mtimeMs < dayMs || Number.isNaN(zoneMinutes) ? undatedMs : mtimeMs - zoneMinutes * 60_000;
}

/** The file's local ISO time where it is what dates the photo, else null. @param newest as `newestOf` gave it. */
export function fileDateOf(takenAt: string | null, newest: number): string | null {
  const isDatedByItself = takenAt !== null && !Number.isNaN(Date.parse(`${takenAt}Z`));
  return isDatedByItself || newest <= undatedMs ? null : new Date(newest).toISOString().slice(0, 19);
}

function whole(value: number | null): number | null {
  return value !== null && Number.isSafeInteger(value) ? value : null;
}
