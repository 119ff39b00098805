// Beam search over several photos at once, knowing nothing of models: a step function scores, this chooses. Inference process; pure.
import { insertBest, logSumExp, newBest } from './best-continuations.ts';

export interface BeamOptions {
  beams: number;
  vocab: number;
  bosId: number;
  eosId: number;
  /** Never generated: padding, begin, unknown. */
  bannedIds: readonly number[];
  /** Tokens that no hypothesis ends with: after "in front of a" something must come. */
  neverLastIds?: readonly number[] | undefined;
  maxTokens: number;
  /** A finished hypothesis scores sum of log probabilities / length ** lengthPenalty; the end token counts. */
  lengthPenalty: number;
  /** No n-gram of this length appears twice in a hypothesis; 0 switches the rule off. */
  noRepeatNgram: number;
  /** Token that the first step must choose, where the model was trained so. */
  forcedFirstId?: number | undefined;
}

/** What one step of the model has to score: `rows` photos, each with `beams` hypotheses, row-major. */
export interface StepInput {
  rows: number;
  /** 1 at the first step, where all beams would be the same; afterwards the search's beams. */
  beams: number;
  /** Last token of each hypothesis, [rows, beams]. */
  tokens: Int32Array;
  /** Index of `tokens` in the sequence, from 0. */
  position: number;
  /** Photo behind each row, ascending; photos that are done are gone. */
  photos: readonly number[];
  /** Where each row stood in the previous step; null at the first step and where nothing changed. */
  rowOrigin: Int32Array | null;
  /** Which hypothesis of the previous step, of all its rows * beams, each one here continues; null at the first step. */
  beamOrigin: Int32Array | null;
}

/** Returns logits [rows, beams, vocab]; the search only reads them before its next step. */
export type Step = (input: StepInput) => Promise<Float32Array>;

export interface Hypothesis {
  /** Without begin and end. */
  tokens: number[];
  score: number;
}

interface Live {
  tokens: number[];
  sum: number;
}

interface Photo {
  index: number;
  live: Live[];
  done: Hypothesis[];
}

/**
 * At each step the 2 x beams best continuations of a photo are taken in order: one that ends is finished, the others fill the
 * beams. A photo is done once `beams` hypotheses have finished; at `maxTokens` the live ones count as finished, without an end token.
 * Equal scores are decided by beam, then by token id, so that the same logits always give the same captions.
 * @returns at most `beams` hypotheses per photo, best first.
 */
export async function beamSearch(photos: number, options: BeamOptions, step: Step): Promise<Hypothesis[][]> {
  const all: Photo[] = Array.from({ length: photos }, (_, index) => ({
    index,
    live: [{ tokens: [], sum: 0 }],
    done: [],
  }));
  let active = all;
  let input = firstStep(active, options);
  for (let position = 0; active.length > 0; position += 1) {
    const logits = await step(input);
    const origins = active.map((photo, row) => advance(photo, logits, row, input.beams, position, options));
    const isLast = position + 1 >= options.maxTokens;
    const kept = active.map((_, row) => row).filter((row) => !isLast && isUnfinished(active[row] as Photo, options));
    const next = kept.map((row) => active[row] as Photo);
    input = nextStep(next, kept, origins, active.length, input.beams, position + 1, options);
    active = next;
  }
  return all.map((photo) => ranked(photo, options));
}

function isUnfinished(photo: Photo, options: BeamOptions): boolean {
  return photo.live.length > 0 && photo.done.length < options.beams;
}

function firstStep(active: readonly Photo[], { bosId }: BeamOptions): StepInput {
  const tokens = new Int32Array(active.length).fill(bosId);
  const photos = active.map((photo) => photo.index);
  return { rows: active.length, beams: 1, tokens, position: 0, photos, rowOrigin: null, beamOrigin: null };
}

function nextStep(
  next: readonly Photo[],
  kept: readonly number[],
  origins: readonly number[][],
  oldRows: number,
  oldBeams: number,
  position: number,
  { beams, eosId }: BeamOptions,
): StepInput {
  // A slot that no hypothesis fills repeats the row's first one; its scores are never read.
  const tokens = new Int32Array(next.length * beams).fill(eosId);
  const beamOrigin = new Int32Array(next.length * beams);
  for (const [row, photo] of next.entries()) {
    const oldRow = kept[row] as number;
    for (let beam = 0; beam < beams; beam += 1) {
      const at = row * beams + beam;
      beamOrigin[at] = oldRow * oldBeams + (origins[oldRow]?.[beam] ?? 0);
      tokens[at] = photo.live[beam]?.tokens.at(-1) ?? eosId;
    }
  }
  const rowOrigin = next.length === oldRows ? null : Int32Array.from(kept);
  const photos = next.map((photo) => photo.index);
  return { rows: next.length, beams, tokens, position, photos, rowOrigin, beamOrigin };
}

/** Moves one photo a step on; returns, per new live hypothesis, the beam it continues. */
function advance(
  photo: Photo,
  logits: Float32Array,
  row: number,
  width: number,
  position: number,
  options: BeamOptions,
): number[] {
  const { beams, vocab, eosId, lengthPenalty, forcedFirstId } = options;
  const best = newBest(2 * beams);
  for (const [beam, live] of photo.live.entries()) {
    if (position === 0 && forcedFirstId !== undefined) {
      insertBest(best, live.sum, beam, forcedFirstId);
      continue;
    }
    const start = (row * width + beam) * vocab;
    const scores = logits.subarray(start, start + vocab);
    const offset = live.sum - logSumExp(scores);
    const banned = new Set([...options.bannedIds, ...repeatEnds(live.tokens, options.noRepeatNgram)]);
    if (options.neverLastIds?.includes(live.tokens.at(-1) ?? -1)) banned.add(eosId);
    for (let token = 0; token < vocab; token += 1) {
      const score = offset + (scores[token] as number);
      if (score > best.least && !banned.has(token)) insertBest(best, score, beam, token);
    }
  }
  const live: Live[] = [];
  const origin: number[] = [];
  for (let i = 0; i < best.count; i += 1) {
    const beam = best.beams[i] as number;
    const sum = best.scores[i] as number;
    const token = best.tokens[i] as number;
    const before = photo.live[beam]?.tokens ?? [];
    if (token === eosId) {
      photo.done.push({ tokens: before, score: sum / (before.length + 1) ** lengthPenalty });
    } else if (live.length < beams) {
      live.push({ tokens: [...before, token], sum });
      origin.push(beam);
    }
  }
  photo.live = live;
  return origin;
}

/** Tokens that would make an n-gram of the hypothesis appear twice. */
export function repeatEnds(tokens: readonly number[], n: number): number[] {
  if (n <= 0 || tokens.length < n) return [];
  const head = tokens.slice(tokens.length - n + 1);
  const ends: number[] = [];
  for (let i = 0; i + n <= tokens.length; i += 1) {
    if (head.every((token, j) => tokens[i + j] === token)) ends.push(tokens[i + n - 1] as number);
  }
  return ends;
}

function ranked(photo: Photo, { beams, lengthPenalty }: BeamOptions): Hypothesis[] {
  const { done, live } = photo;
  if (done.length < beams) {
    for (const { tokens, sum } of live) done.push({ tokens, score: sum / Math.max(1, tokens.length) ** lengthPenalty });
  }
  // Array.prototype.sort is stable: of equals the one that finished first leads.
  return done.sort((a, b) => b.score - a.score).slice(0, beams);
}
