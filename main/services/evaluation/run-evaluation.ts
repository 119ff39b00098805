// The use-case behind `evaluate`: index a labelled set in a library of its own, ask its captions, score what came back. Shell process.

import { cpus, totalmem, type } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { arch } from 'node:process';
import type { EvaluationResult } from '../../../preload/contract/evaluation.ts';
import type { InferencePool } from '../../inference/inference-pool.ts';
import type { OpenedPack } from '../../inference/protocol.ts';
import { AppError } from '../../platform/app-error.ts';
import { scoreCaptions } from './caption-scores.ts';
import { type LabelledSet, readLabelledSet } from './labelled-set.ts';
import { measureQueries, type QueryTimes } from './measure-queries.ts';
import type { MeasuredLibrary, OpenMeasuredLibrary } from './measured-library.ts';
import { splitOwnCaptions } from './own-captions.ts';
import { renderReport } from './report-html.ts';
import { gatherPictures, toReportQueries } from './report-material.ts';
import { sideBySideExamples, worstFailures } from './report-selection.ts';
import type { QueryOutcome } from './report-types.ts';
import { summariseRanks } from './retrieval.ts';
import { timePercentiles } from './time-percentiles.ts';

export interface EvaluationParts {
  readonly inference: InferencePool;
  readonly openMeasuredLibrary: OpenMeasuredLibrary;
  /** Epoch milliseconds. */
  now(): number;
}

export interface EvaluationInput {
  readonly images: string;
  readonly captions: string;
  readonly limit: number | null;
  readonly ownCaptions: number;
  readonly ownShare: number;
  readonly report: boolean;
}

const shownExamples = 12;
const shownFailures = 12;

export async function runEvaluation(
  parts: EvaluationParts,
  input: EvaluationInput,
  signal: AbortSignal,
): Promise<{ result: EvaluationResult; reportHtml: string | null }> {
  const set = await readLabelledSet(input);
  const split = splitOwnCaptions(set.captions, { perPhoto: input.ownCaptions, share: input.ownShare });
  if (split.queries.length === 0) {
    throw new AppError('input/invalid', 'no caption is left to ask; lower --own-captions');
  }
  const pack = await parts.inference.pack();
  const library = await parts.openMeasuredLibrary(set.images, [...set.captions.keys()]);
  try {
    const indexing = await measureIndexing(parts.inference, library, signal);
    const { photoIds, captions } = await readPhotos(library, set);
    await storeOwnCaptions(parts, library, photoIds, split.own, signal);
    const search = await library.search.service();
    const { outcomes, times } = await measureQueries(search, split.queries, photoIds, signal);
    const result: EvaluationResult = {
      photos: set.captions.size,
      queries: split.queries.length,
      pack: `${pack.id}@${pack.revision}`,
      retrieval: summarise(outcomes),
      captions: scoreCaptions(captions, set.captions),
      queryMs: timePercentiles(times.total),
      indexing,
    };
    const reportHtml = input.report
      ? await report(parts, { pack, library, set, input, split, photoIds, outcomes, times, result })
      : null;
    return { result, reportHtml };
  } finally {
    await library.close();
  }
}

/** Models are loaded first: the rate is what a large library sees. CPU time is of the shell with its threads and of every inference child. */
async function measureIndexing(
  inference: InferencePool,
  library: MeasuredLibrary,
  signal: AbortSignal,
): Promise<EvaluationResult['indexing']> {
  await Promise.all(inference.lanes.map((lane) => lane.warm({ parts: ['image', 'captioner', 'text'] })));
  const before = await cpuMs(inference);
  const startedAt = performance.now();
  const { photos } = await library.indexing.run({ folderIds: [] }, { signal });
  const seconds = (performance.now() - startedAt) / 1000;
  const usedMs = (await cpuMs(inference)) - before;
  return {
    photosPerSecond: Math.round((photos.indexed / seconds) * 100) / 100,
    cpuMsPerPhoto: Math.round((usedMs / Math.max(1, photos.indexed)) * 10) / 10,
  };
}

async function cpuMs(inference: InferencePool): Promise<number> {
  const usages = await Promise.all(inference.lanes.map((lane) => lane.usage({})));
  const own = process.cpuUsage();
  return usages.reduce((sum, usage) => sum + usage.cpuMs, (own.user + own.system) / 1000);
}

/** Reads the generated captions before any of the person's are stored over them. A photo without one gets an empty caption: it scores zero. */
async function readPhotos(
  library: MeasuredLibrary,
  set: LabelledSet,
): Promise<{ photoIds: Map<string, number>; captions: Map<string, string> }> {
  const photoIds = new Map<string, number>();
  const captions = new Map<string, string>();
  for (const name of set.captions.keys()) {
    const photo = await library.db.photoByPath({ path: join(set.images, name) });
    if (photo) photoIds.set(name, photo.photoId);
    captions.set(name, photo?.caption?.source === 'model' ? photo.caption.text : '');
  }
  return { photoIds, captions };
}

async function storeOwnCaptions(
  parts: EvaluationParts,
  library: MeasuredLibrary,
  photoIds: ReadonlyMap<string, number>,
  own: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal,
): Promise<void> {
  if (own.size === 0) return;
  for (const [name, texts] of own) {
    const photoId = photoIds.get(name);
    if (photoId !== undefined) await library.db.setOwnCaptions({ photoId, texts, now: parts.now() });
  }
  await library.indexing.run({ folderIds: [] }, { signal });
}

function summarise(outcomes: readonly QueryOutcome[]): EvaluationResult['retrieval'] {
  const of = (mode: keyof QueryOutcome['ranks']) =>
    summariseRanks(outcomes.map(({ photo, ranks }) => ({ photo, rank: ranks[mode] })));
  return { embedding: of('embedding'), caption: of('caption'), words: of('words'), fused: of('fused') };
}

interface ReportInput {
  readonly pack: OpenedPack;
  readonly library: MeasuredLibrary;
  readonly set: LabelledSet;
  readonly input: EvaluationInput;
  readonly split: ReturnType<typeof splitOwnCaptions>;
  readonly photoIds: ReadonlyMap<string, number>;
  readonly outcomes: readonly QueryOutcome[];
  readonly times: QueryTimes;
  readonly result: EvaluationResult;
}

async function report(parts: EvaluationParts, made: ReportInput): Promise<string> {
  const search = await made.library.search.service();
  const names = new Map([...made.photoIds].map(([name, id]) => [id, name]));
  const examples = await toReportQueries(search, names, sideBySideExamples(made.outcomes, shownExamples));
  const failures = await toReportQueries(search, names, worstFailures(made.outcomes, shownFailures));
  const { set, input, split, times } = made;
  return renderReport({
    result: made.result,
    measuredAt: new Date(parts.now()),
    machine: {
      cores: cpus().length,
      cpu: cpus()[0]?.model ?? 'unknown',
      memoryBytes: totalmem(),
      system: `${type()} ${arch}`,
    },
    dataset:
      basename(dirname(set.images)) === ''
        ? basename(set.images)
        : `${basename(dirname(set.images))}/${basename(set.images)}`,
    packNote: `${made.pack.title}: ${made.pack.licence}`,
    ownCaptions:
      split.own.size > 0 ? { perPhoto: input.ownCaptions, share: input.ownShare, photos: split.own.size } : null,
    queryStages: (['encode', 'scan', 'fuse'] as const).map((stage) => ({
      stage,
      times: timePercentiles(times[stage]),
    })),
    examples,
    failures,
    photos: await gatherPictures(made.library.db, set.images, made.photoIds, [...examples, ...failures]),
    notes:
      set.withoutPhoto.length > 0 ? [`${set.withoutPhoto.length} photos named in the table are not in the folder`] : [],
  });
}
