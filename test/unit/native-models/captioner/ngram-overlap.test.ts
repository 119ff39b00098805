import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ngramOverlap, ngramsOf } from '../../../../native-models/captioner/ngram-overlap.ts';

const overlap = (a: string, b: string): number => ngramOverlap(ngramsOf(a), ngramsOf(b));

describe('the overlap of two sentences', () => {
  it('is the mean Dice coefficient of their n-grams, begin and end counted', () => {
    // "< a dog >" and "< a cat >": 3 of 4 single words, 1 of 3 pairs, no three, no four words in a row.
    expect(overlap('a dog', 'a cat')).toBeCloseTo((3 / 4 + 1 / 3) / 4, 12);
  });

  it('counts a repeated word as often as both have it', () => {
    expect(overlap('dog dog dog', 'dog')).toBeCloseTo(((2 * 3) / 8 + (2 * 2) / 6 + 0 + 0) / 4, 12);
  });

  it('is symmetric, 1 for equals of two words and more, and never outside 0 to 1', () => {
    const sentence = fc
      .array(fc.constantFrom('a', 'dog', 'runs', 'on', 'snow'), { minLength: 2, maxLength: 9 })
      .map((words) => words.join(' '));
    fc.assert(
      fc.property(sentence, sentence, (a, b) => {
        expect(overlap(a, a)).toBe(1);
        expect(overlap(a, b)).toBeCloseTo(overlap(b, a), 12);
        expect(overlap(a, b)).toBeGreaterThanOrEqual(0);
        expect(overlap(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
