// What the HTML report of an evaluation is made from. Types only; used where evaluation runs.
import type { EvaluationResult, RetrievalMode, TimePercentiles } from '../../../preload/contract/evaluation.ts';

/** One query and the rank of its right photo in every mode (1 = first, null = not in the ranking). */
export interface QueryOutcome {
  text: string;
  /** File name of the right photo. */
  photo: string;
  ranks: Readonly<Record<RetrievalMode, number | null>>;
}

/** Modes shown beside each other: the two systems of the seed paper and their sum. */
export type ComparedMode = 'embedding' | 'caption' | 'fused';

export interface ReportHit {
  file: string;
  score: number;
}

/** A query shown with pictures; `top` is best first, of which five are shown. */
export interface ReportQuery extends QueryOutcome {
  top: Readonly<Record<ComparedMode, readonly ReportHit[]>>;
}

/** Encoded picture, put into the page as it is; about 240 px on the long side is enough. */
export interface ReportThumbnail {
  type: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif';
  bytes: Uint8Array;
}

export interface ReportPhoto {
  caption: string | null;
  captionSource: 'model' | 'person';
  /** Null where the photo could not be read; a placeholder is shown. */
  thumbnail: ReportThumbnail | null;
}

export interface EvaluationReport {
  result: EvaluationResult;
  measuredAt: Date;
  machine: { cores: number; cpu: string; memoryBytes: number; system: string };
  /** Name of the data set as a person knows it, never a full path. */
  dataset: string;
  /** One line about the models of the pack, or null. */
  packNote: string | null;
  /** Captions stored as the person's own, and for how many photos; null where none were. */
  ownCaptions: { perPhoto: number; share: number; photos: number } | null;
  /** Where the time of a query goes, in the order of the stages; may be empty. */
  queryStages: readonly { stage: string; times: TimePercentiles }[];
  examples: readonly ReportQuery[];
  failures: readonly ReportQuery[];
  /** By file name. Every file named in examples and failures should be here; a missing one shows a placeholder. */
  photos: ReadonlyMap<string, ReportPhoto>;
  /** Further remarks, plain text. */
  notes: readonly string[];
}
