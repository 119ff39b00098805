// Schema step of the thumbnails file: a checksum of each picture. Library thread.
import type { Migration } from '../migrate.ts';

/** CRC-32 of the bytes; null for pictures stored before. */
export const thumbnailSumsMigration: Migration = {
  version: 20,
  sql: 'ALTER TABLE thumbnails ADD COLUMN crc INTEGER;',
};
