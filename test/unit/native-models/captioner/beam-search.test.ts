import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BeamOptions,
  beamSearch,
  repeatEnds,
  type Step,
} from '../../../../native-models/captioner/beam-search.ts';

const plain: BeamOptions = {
  beams: 2,
  vocab: 5,
  bosId: 1,
  eosId: 2,
  bannedIds: [0, 1],
  maxTokens: 4,
  lengthPenalty: 0.7,
  noRepeatNgram: 0,
};

/** Logits that depend on the photo and on the whole hypothesis, as a model's do; the cache is a list of token lists. */
function stepOf(options: BeamOptions, logit: (photo: number, tokens: number[], next: number) => number): Step {
  let past: number[][] = [];
  return async ({ rows, beams, tokens, photos, beamOrigin }) => {
    const before = Array.from(
      beamOrigin ?? new Int32Array(rows * beams),
      (origin) => (beamOrigin ? past[origin] : []) ?? [],
    );
    past = before.map((list, i) => [...list, tokens[i] as number]);
    const logits = new Float32Array(rows * beams * options.vocab);
    for (let i = 0; i < past.length; i += 1) {
      for (let next = 0; next < options.vocab; next += 1) {
        logits[i * options.vocab + next] = logit(
          photos[Math.floor(i / beams)] as number,
          (past[i] as number[]).slice(1),
          next,
        );
      }
    }
    return logits;
  };
}

/** A hash as good as a model: any finite number for any prefix. */
function noise(seed: number): (photo: number, tokens: number[], next: number) => number {
  return (photo, tokens, next) => {
    let hash = Math.imul(seed ^ 0x9e3779b9, photo + 1);
    for (const token of [...tokens, next + 100]) hash = Math.imul(hash ^ (token + 7), 0x85ebca6b) ^ (hash >>> 13);
    return ((hash >>> 0) % 4096) / 800;
  };
}

/** Every hypothesis there is, scored from its definition. */
function bruteForce(options: BeamOptions, logit: (tokens: number[], next: number) => number) {
  const found: { tokens: number[]; score: number }[] = [];
  const logs = (tokens: number[]) => {
    const raw = Array.from({ length: options.vocab }, (_, next) => logit(tokens, next));
    const norm = Math.log(raw.reduce((sum, value) => sum + Math.exp(value), 0));
    return raw.map((value) => value - norm);
  };
  const visit = (tokens: number[], sum: number) => {
    if (tokens.length === options.maxTokens) {
      found.push({ tokens, score: sum / tokens.length ** options.lengthPenalty });
      return;
    }
    for (const [next, log] of logs(tokens).entries()) {
      if (next === options.eosId)
        found.push({ tokens, score: (sum + log) / (tokens.length + 1) ** options.lengthPenalty });
      else if (!options.bannedIds.includes(next) && !hasRepeat([...tokens, next], options.noRepeatNgram))
        visit([...tokens, next], sum + log);
    }
  };
  visit([], 0);
  return found.sort((a, b) => b.score - a.score);
}

function hasRepeat(tokens: number[], n: number): boolean {
  if (n === 0) return false;
  const grams = tokens.slice(n - 1).map((_, i) => tokens.slice(i, i + n).join());
  return new Set(grams).size < grams.length;
}

describe('beamSearch', () => {
  it('with room for every hypothesis finds what an exhaustive search finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom(0, 0.7, 1),
        async (seed, ngram, lengthPenalty) => {
          // Three words, three tokens: 40 hypotheses end and 27 are cut, so 80 beams never fill.
          const options = { ...plain, beams: 80, maxTokens: 3, noRepeatNgram: ngram, lengthPenalty };
          const logit = noise(seed);
          const results = await beamSearch(2, options, stepOf(options, logit));
          for (const [photo, found] of results.entries()) {
            const all = bruteForce(options, (tokens, next) => logit(photo, tokens, next));
            expect(found).toHaveLength(all.length);
            for (const [i, hypothesis] of found.entries())
              expect(hypothesis.score).toBeCloseTo(all[i]?.score ?? Number.NaN, 4);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives each photo what it gets alone, with few beams too', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 4 }), async (seed, beams) => {
        const options = { ...plain, beams, maxTokens: 6, noRepeatNgram: 2 };
        const logit = noise(seed);
        const together = await beamSearch(4, options, stepOf(options, logit));
        for (let photo = 0; photo < 4; photo += 1) {
          const [alone] = await beamSearch(
            1,
            options,
            stepOf(options, (_, tokens, next) => logit(photo, tokens, next)),
          );
          expect(together[photo]).toEqual(alone);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never writes banned tokens or a repeated n-gram, and returns at most `beams`, best first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const options = { ...plain, beams: 3, maxTokens: 8, noRepeatNgram: 2 };
        const [found = []] = await beamSearch(1, options, stepOf(options, noise(seed)));
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(3);
        for (const [i, { tokens, score }] of found.entries()) {
          expect(tokens.some((token) => token < 3)).toBe(false);
          expect(hasRepeat(tokens, 2)).toBe(false);
          if (i > 0) expect(score).toBeLessThanOrEqual(found[i - 1]?.score ?? Number.NaN);
        }
      }),
    );
  });

  it('decides equal scores by token id, and scores by the rule', async () => {
    const [found] = await beamSearch(
      1,
      plain,
      stepOf(plain, () => 0),
    );
    const log = Math.log(1 / 5);
    // Step one: 2, 3, 4 tie; the end token is finished first, then both finish from 3 and 4.
    expect(found?.map(({ tokens }) => tokens)).toEqual([[], [3]]);
    expect(found?.[0]?.score).toBeCloseTo(log, 6);
    expect(found?.[1]?.score).toBeCloseTo((2 * log) / 2 ** 0.7, 6);
  });

  it('starts with the token a model is forced to', async () => {
    const options = { ...plain, forcedFirstId: 4 };
    const [found] = await beamSearch(1, options, stepOf(options, noise(3)));
    for (const { tokens } of found ?? []) expect(tokens[0]).toBe(4);
  });

  it('stops asking for a photo that is done', async () => {
    const seen: number[][] = [];
    const options = { ...plain, beams: 1 };
    const inner = stepOf(options, (photo, _tokens, next) =>
      photo === 0 && next === 2 ? 50 : next * 10 * Number(next > 2),
    );
    await beamSearch(2, options, (input) => {
      seen.push([...input.photos]);
      return inner(input);
    });
    expect(seen).toEqual([[0, 1], [1], [1], [1]]);
  });

  it('ends where nothing may follow', async () => {
    const options = { ...plain, bannedIds: [0, 1, 3, 4], eosId: 2 };
    const [found] = await beamSearch(
      1,
      options,
      stepOf(options, () => 0),
    );
    expect(found?.map(({ tokens }) => tokens)).toEqual([[]]);
  });
});

describe('repeatEnds', () => {
  it('names the tokens that would repeat an n-gram', () => {
    expect(repeatEnds([5, 6, 7, 5, 6], 3)).toEqual([7]);
    expect(repeatEnds([5, 6, 5, 7, 5], 2)).toEqual([6, 7]);
    expect(repeatEnds([5, 6], 1)).toEqual([5, 6]);
    expect(repeatEnds([5, 6], 3)).toEqual([]);
    expect(repeatEnds([5, 5, 5], 0)).toEqual([]);
  });

  it('ends with no token that nothing ends with, but where the length runs out', async () => {
    const options = { ...plain, vocab: 6, beams: 3, maxTokens: 6, neverLastIds: [3, 4] };
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const [found = []] = await beamSearch(1, options, stepOf(options, noise(seed)));
        for (const { tokens } of found) {
          if (tokens.length < options.maxTokens) expect([3, 4]).not.toContain(tokens.at(-1));
        }
        expect(found.length).toBeGreaterThan(0);
      }),
    );
  });
});
