// The result of measuring retrieval and captions on a labelled folder: exactly what `evaluate --json` prints. Used by every process.
import { z } from 'zod';
import { localMethod } from './define.ts';

/**
 * Ways to rank photos for a sentence: `embedding` (ESR, one space for pictures and text), `caption` (CBR, generated captions as
 * sentence vectors), `words` (BM25), `fused` (the weighted sum of the three).
 */
export const RetrievalMode = z.enum(['embedding', 'caption', 'words', 'fused']);
export type RetrievalMode = z.infer<typeof RetrievalMode>;

const Percent = z.number().min(0).max(100);
const Share = z.number().min(0).max(1);
const PercentInterval = z.tuple([Percent, Percent]);
/** A rank, 1 being the best; null stands for "the photo was not in the ranking at all". */
const RankOrMissing = z.number().min(1).nullable();

/** How well one mode finds the right photo. Percentages carry one decimal; intervals are `[low, high]`, 95 %. */
export const RetrievalSummary = z.strictObject({
  p1: Percent,
  p5: Percent,
  p10: Percent,
  /** Half of the queries rank their photo at least this well; null where half or more of them do not find it. */
  medianRank: RankOrMissing,
  /** Mean of 1 / rank, a query without its photo counting 0. */
  mrr: Share,
  ci95: z.strictObject({
    p1: PercentInterval,
    p5: PercentInterval,
    p10: PercentInterval,
    medianRank: z.tuple([RankOrMissing, RankOrMissing]),
    mrr: z.tuple([Share, Share]),
  }),
});
export type RetrievalSummary = z.infer<typeof RetrievalSummary>;

/** Corpus scores of generated captions on the scale of `pycocoevalcap` (BLEU and ROUGE-L 0 to 1, CIDEr-D 0 to 10). */
export const CaptionScores = z.strictObject({
  bleu1: z.number().nonnegative(),
  bleu2: z.number().nonnegative(),
  bleu3: z.number().nonnegative(),
  bleu4: z.number().nonnegative(),
  rougeL: Share,
  ciderD: z.number().nonnegative(),
  /** Different captions divided by captions: 1 when no two photos share one. */
  distinctShare: Share,
});
export type CaptionScores = z.infer<typeof CaptionScores>;

const Milliseconds = z.number().nonnegative();
/** Percentiles of a time, in milliseconds. */
export const TimePercentiles = z.strictObject({ p50: Milliseconds, p95: Milliseconds });
export type TimePercentiles = z.infer<typeof TimePercentiles>;

export const EvaluationResult = z.strictObject({
  photos: z.number().int().nonnegative(),
  queries: z.number().int().nonnegative(),
  pack: z.string(),
  retrieval: z.strictObject({
    embedding: RetrievalSummary,
    caption: RetrievalSummary,
    words: RetrievalSummary,
    fused: RetrievalSummary,
  }),
  captions: CaptionScores,
  /** Whole fused queries, text in to ranked photos out. */
  queryMs: TimePercentiles,
  indexing: z.strictObject({ photosPerSecond: z.number().nonnegative(), cpuMsPerPhoto: Milliseconds }),
});
export type EvaluationResult = z.infer<typeof EvaluationResult>;

export const evaluation = {
  /** Measures the active pack on a labelled folder, in a library of its own that is deleted afterwards. */
  run: localMethod(
    z.strictObject({
      images: z.string().min(1).max(4096),
      captions: z.string().min(1).max(4096),
      /** Only the first photos of the captions file. */
      limit: z.number().int().positive().nullable().default(null),
      /** The first captions of a photo that are stored as the person's own and not asked. */
      ownCaptions: z.number().int().min(0).max(100).default(0),
      /** Share of the photos, chosen by hash, that get them. */
      ownShare: Share.default(1),
      /** Also make the HTML report. */
      report: z.boolean().default(false),
    }),
    z.object({ result: EvaluationResult, reportHtml: z.string().nullable() }),
  ),
};
