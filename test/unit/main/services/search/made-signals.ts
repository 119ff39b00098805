// Signals for tests, written as one row per photo.
import type { QuerySignals, Signal } from '../../../../../main/services/search/signals.ts';

export interface PhotoScores {
  readonly id: number;
  readonly embedding?: number;
  readonly caption?: number;
  readonly own?: number;
  readonly words?: number;
}

/** Rows by ascending id; each signal's spread is taken over the rows that have it. */
export function madeSignals(photos: readonly PhotoScores[], wordCount = 1): QuerySignals {
  const sorted = [...photos].sort((a, b) => a.id - b.id);
  const signal = (of: (photo: PhotoScores) => number | undefined): Signal => {
    const scores = Float32Array.from(sorted, (photo) => of(photo) ?? Number.NaN);
    const present = scores.filter((score) => !Number.isNaN(score));
    const rows = present.length;
    const mean = present.reduce((sum, score) => sum + score, 0) / Math.max(1, rows);
    const deviation = Math.sqrt(present.reduce((sum, score) => sum + (score - mean) ** 2, 0) / Math.max(1, rows));
    return { scores, rows, mean, deviation, floor: Number.NEGATIVE_INFINITY };
  };
  return {
    photoIds: sorted.map((photo) => photo.id),
    embedding: signal((photo) => photo.embedding),
    caption: signal((photo) => photo.caption),
    own: signal((photo) => photo.own),
    words: Float32Array.from(sorted, (photo) => photo.words ?? 0),
    wordCount,
  };
}
