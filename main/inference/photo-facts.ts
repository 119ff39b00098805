// Joins what a file's bytes and its metadata say into the facts that are stored. Inference child.
import { createHash } from 'node:crypto';
import type { PhotoFacts } from '../library-db/library-rows.ts';
import type { PhotoMetadata } from '../metadata/photo-metadata.ts';

/** A photo's identity: SHA-256 of its bytes, lower-case hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The facts of a photo with these bytes. */
export function toFacts(bytes: Uint8Array, metadata: PhotoMetadata): PhotoFacts {
  return {
    sha256: sha256Of(bytes),
    sizeBytes: bytes.byteLength,
    format: metadata.format,
    width: metadata.width,
    height: metadata.height,
    takenAt: metadata.takenAt,
    offset: metadata.offset,
    gps: metadata.gps,
    camera: metadata.camera,
    exposure: {
      timeSeconds: metadata.exposureTimeSeconds,
      fNumber: metadata.fNumber,
      iso: metadata.iso,
      focalLengthMm: metadata.focalLengthMm,
    },
    orientation: metadata.orientation,
    rating: metadata.rating,
    keywords: metadata.keywords,
    title: metadata.title,
    description: metadata.description,
  };
}
