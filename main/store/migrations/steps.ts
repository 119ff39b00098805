// The schema steps of each database file, in order. Library thread.
import type { Migration } from '../migrate.ts';
import { photosMigration } from './0010-photos.ts';
import { thumbnailsMigration } from './0010-thumbnails.ts';
import { wordsMigration } from './0020-words.ts';
import { vectorsMigration } from './0030-vectors.ts';
import { jobsMigration } from './0040-jobs.ts';

/** Of `library.db`. */
export const librarySteps: readonly Migration[] = [photosMigration, wordsMigration, vectorsMigration, jobsMigration];

/** Of `thumbnails.db`. */
export const thumbnailSteps: readonly Migration[] = [thumbnailsMigration];
