// The figures of the honest cut: how often "sure" is right, how often it is empty, and how far probabilities can be trusted. Benchmark process.
import { calibrationError, reliabilityBins, type Stated } from '../../main/services/evaluation/calibration.ts';
import { type CutQuery, type CutTrial, cutTrials, labelledHits } from '../../main/services/evaluation/cut-trials.ts';
import { fitJudgement } from '../../main/services/evaluation/fit-judgement.ts';
import { humanSimilarity, rightFrom } from '../../main/services/evaluation/human-relevance.ts';
import type { CaptionQuery } from '../../main/services/evaluation/own-captions.ts';
import { reliabilitySvg } from '../../main/services/evaluation/reliability-svg.ts';
import { hashText } from '../../main/services/evaluation/seeded-random.ts';
import type { FusionWeights } from '../../main/services/search/fusion.ts';
import { judge } from '../../main/services/search/judging/judge.ts';
import { type Judgement, readJudgement } from '../../main/services/search/judging/judgement.ts';
import type { LabelledQuery } from '../../main/services/search/tuning.ts';
import type { Labelled } from './labelled-library.ts';

interface CutInput {
  readonly labelled: Labelled;
  readonly all: readonly CaptionQuery[];
  readonly plain: readonly LabelledQuery[];
  readonly mixed: { readonly queries: readonly CaptionQuery[]; readonly asked: readonly LabelledQuery[] };
  /** Sentence vectors by text. */
  readonly vectors: ReadonlyMap<string, Float32Array>;
  readonly weights: FusionWeights;
  readonly fit: boolean;
  readonly judgement: unknown;
}

/** Photos of the libraries that are cut out of one half of the set. */
const sizes = [50, 100, 200, 400];
/** Those in which the thresholds of "sure" are to hold; in a larger library they are what they are. */
const checkedSizes = [100, 200];
/** Hits of a trial that a judgement is fitted on and that calibration is measured on. */
const hitsLearned = 8;
const hitsStated = 10;
/** The thresholds of "sure" are chosen on the half that the rest is fitted on, among these. */
const thresholds = Array.from({ length: 28 }, (_, i) => 0.4 + 0.02 * i);

export function measureCut(input: CutInput) {
  const { plain, mixed, right } = cutQueries(input);
  const halves = [0, 1].map((half) => ({
    photos: [...input.labelled.photoIds.keys()]
      .map((name, i) => ({ name, i }))
      .filter(({ name }) => hashText(`half ${name}`) % 2 === half)
      .map(({ i }) => i),
  }));
  const trialsOf = (half: number, queries: readonly CutQuery[], size: number): CutTrial[] => [
    ...cutTrials(queries, (halves[half] as { photos: number[] }).photos, size, input.weights),
  ];
  const fitted = (half: number): Judgement => {
    const trials = sizes.flatMap((size) => [...trialsOf(half, plain, size), ...trialsOf(half, mixed, size)]);
    const hits = trials.flatMap((trial) => labelledHits(trial, hitsLearned));
    return withThresholds(
      fitJudgement(hits, { first: 0.5, next: 0.5 }),
      checkedSizes.map((size) => trialsOf(half, plain, size)),
    );
  };
  const shipped = input.fit ? fitted(0) : readJudgement(input.judgement);
  if (!shipped) throw new Error('the pack has no judgement; give --fit');
  const whole = (queries: readonly CutQuery[]): CutTrial[] => {
    const asked = new Set((halves[1] as { photos: number[] }).photos);
    const photos = [...input.labelled.photoIds.keys()].map((_, i) => i);
    return [
      ...cutTrials(
        queries.filter(({ owner }) => asked.has(owner)),
        photos,
        photos.length,
        input.weights,
      ),
    ];
  };
  const hundred = trialsOf(1, plain, 100);
  const other = input.fit ? fitted(1) : null;
  const stated = statedOf(hundred, shipped);
  return {
    ...(input.fit ? { judgement: shipped } : {}),
    rightFrom: right,
    otherHalf: sizes.flatMap((photos) => [
      { photos, own: false, ...figures(trialsOf(1, plain, photos), shipped) },
      { photos, own: true, ...figures(trialsOf(1, mixed, photos), shipped) },
    ]),
    wholeSet: [
      { own: false, ...figures(whole(plain), shipped) },
      { own: true, ...figures(whole(mixed), shipped) },
    ],
    ...(other ? { halvesExchanged: { photos: 100, own: false, ...figures(trialsOf(0, plain, 100), other) } } : {}),
    svg: reliabilitySvg('Libraries of 100 photos, first ten hits', reliabilityBins(stated)),
  };
}

/** Each caption with what is right for it. A photo's own captions are among the human captions that say so; those that are stored ask nothing. */
function cutQueries({ labelled, all, plain, mixed, vectors }: CutInput) {
  const place = new Map([...labelled.photoIds.keys()].map((name, i) => [name, i]));
  const owners = all.map(({ photo }) => place.get(photo) as number);
  const captions = { vectors: all.map(({ text }) => vectors.get(text) as Float32Array), owners, photos: place.size };
  const similar = all.map((_, k) => humanSimilarity(captions, k));
  const right = rightFrom(similar.map((row, k) => row[owners[k] as number] as number));
  const ids = [...labelled.photoIds.values()];
  // Signals are by ascending id; photos of the table are not.
  const byId = new Map([...ids].sort((a, b) => a - b).map((id, i) => [id, i]));
  const spots = ids.map((id) => byId.get(id) as number);
  const made = (asked: LabelledQuery, k: number): CutQuery => {
    const isRight: boolean[] = [];
    for (const [photo, spot] of spots.entries()) isRight[spot] = (similar[k]?.[photo] as number) >= right;
    return { signals: asked.signals, owner: spots[owners[k] as number] as number, isRight };
  };
  const of = new Map(all.map(({ photo, text }, k) => [`${photo} ${text}`, k]));
  return {
    plain: plain.map(made),
    mixed: mixed.queries.map(({ photo, text }, i) =>
      made(mixed.asked[i] as LabelledQuery, of.get(`${photo} ${text}`) as number),
    ),
    right,
  };
}

function statedOf(trials: readonly CutTrial[], judgement: Judgement): Stated[] {
  return trials.flatMap((trial) =>
    judge([trial.signals], trial.scores, trial.order, judgement, 0.5)
      .probabilities.slice(0, hitsStated)
      .map((probability, i) => ({ probability, isRight: trial.isRight[i] ?? false })),
  );
}

function figures(trials: readonly CutTrial[], judgement: Judgement) {
  const tally = {
    answerable: 0,
    unanswerable: 0,
    sureOfAnswerable: 0,
    sureOfUnanswerable: 0,
    hits: 0,
    right: 0,
    allHits: 0,
    shown: 0,
  };
  const first: Stated[] = [];
  for (const trial of trials) {
    const { sure, shown, probabilities } = judge([trial.signals], trial.scores, trial.order, judgement, 0.5);
    first.push({ probability: probabilities[0] ?? 0, isRight: trial.isRight[0] ?? false });
    tally.allHits += sure;
    if (!trial.isAnswerable) {
      tally.unanswerable++;
      tally.sureOfUnanswerable += Number(sure > 0);
      continue;
    }
    tally.answerable++;
    tally.shown += shown;
    tally.sureOfAnswerable += Number(sure > 0);
    tally.hits += sure;
    tally.right += trial.isRight.slice(0, sure).filter(Boolean).length;
  }
  const share = (part: number, of: number): number => Math.round((1000 * part) / Math.max(1, of)) / 10;
  const error = (stated: readonly Stated[]): number =>
    Math.round(1e4 * calibrationError(reliabilityBins(stated))) / 1e4;
  return {
    answerable: tally.answerable,
    unanswerable: tally.unanswerable,
    sureIsRight: share(tally.right, tally.hits),
    sureIsRightOverAll: share(tally.right, tally.allHits),
    sureOfAnswerable: share(tally.sureOfAnswerable, tally.answerable),
    sureOfUnanswerable: share(tally.sureOfUnanswerable, tally.unanswerable),
    meanShown: Math.round((10 * tally.shown) / Math.max(1, tally.answerable)) / 10,
    calibrationError: error(statedOf(trials, judgement)),
    calibrationErrorOfFirst: error(first),
  };
}

/** The thresholds that are furthest within all bounds at once, in the size of library in which they are least so. */
function withThresholds(judgement: Judgement, libraries: readonly (readonly CutTrial[])[]): Judgement {
  const seen = libraries.map((trials) =>
    trials.map((trial) => ({
      isAnswerable: trial.isAnswerable,
      isRight: trial.isRight,
      stated: judge([trial.signals], trial.scores, trial.order, judgement, 0.5).probabilities,
    })),
  );
  let best = { sure: judgement.sure, room: Number.NEGATIVE_INFINITY };
  for (const first of thresholds) {
    for (const next of thresholds.filter((one) => one >= first)) {
      const room = Math.min(...seen.map((trials) => roomOf(trials, first, next)));
      if (room > best.room) best = { sure: { first, next }, room };
    }
  }
  const { first, next } = best.sure;
  return { ...judgement, sure: { first: Number(first.toFixed(2)), next: Number(next.toFixed(2)) } };
}

/** How far the three figures are within their bounds, that of the one which is least so: 0 at a bound, below 0 beyond it. */
function roomOf(
  trials: readonly { isAnswerable: boolean; isRight: readonly boolean[]; stated: readonly number[] }[],
  first: number,
  next: number,
): number {
  const sums = { hits: 0, right: 0, answered: 0, answerable: 0, wrong: 0, unanswerable: 0 };
  for (const { isAnswerable, isRight, stated } of trials) {
    let sure = 0;
    while (sure < stated.length && (stated[sure] as number) >= (sure === 0 ? first : next)) sure++;
    sums[isAnswerable ? 'answerable' : 'unanswerable']++;
    sums[isAnswerable ? 'answered' : 'wrong'] += Number(sure > 0);
    if (!isAnswerable) continue;
    sums.hits += sure;
    sums.right += isRight.slice(0, sure).filter(Boolean).length;
  }
  return Math.min(
    sums.right / Math.max(1, sums.hits) - 0.8,
    sums.answered / Math.max(1, sums.answerable) - 0.4,
    0.1 - sums.wrong / Math.max(1, sums.unanswerable),
  );
}
