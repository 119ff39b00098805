// The schema steps of each database file, in order. Library thread.
import type { Migration } from '../migrate.ts';
import { photosMigration } from './0010-photos.ts';
import { thumbnailsMigration } from './0010-thumbnails.ts';
import { thumbnailSumsMigration } from './0020-thumbnail-sums.ts';
import { wordsMigration } from './0020-words.ts';
import { vectorsMigration } from './0030-vectors.ts';
import { jobsMigration } from './0040-jobs.ts';
import { galleryMigration } from './0050-gallery.ts';
import { foldersMigration } from './0060-folders.ts';
import { settingsMigration } from './0070-settings.ts';
import { rowSumsMigration } from './0071-row-sums.ts';
import { rootsMigration } from './0080-roots.ts';
import { poisonsMigration } from './0120-poisons.ts';
import { unreadSizesMigration } from './0130-unread-sizes.ts';
import { placesMigration } from './0140-places.ts';

/** Of `library.db`. */
export const librarySteps: readonly Migration[] = [
  photosMigration,
  wordsMigration,
  vectorsMigration,
  jobsMigration,
  galleryMigration,
  foldersMigration,
  settingsMigration,
  rowSumsMigration,
  rootsMigration,
  poisonsMigration,
  unreadSizesMigration,
  placesMigration,
];

/** Of `thumbnails.db`. */
export const thumbnailSteps: readonly Migration[] = [thumbnailsMigration, thumbnailSumsMigration];
