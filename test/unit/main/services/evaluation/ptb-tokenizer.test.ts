// The tokenizer against the words that the Java one made of the same captions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokeniseCaption } from '../../../../../main/services/evaluation/ptb-tokenizer.ts';
import { captions, expected, sentences } from './fixture.ts';

const words = (text: string) => tokeniseCaption(text).join(' ');

// Half surrogates included, ASCII as likely as all the rest. (fast-check's own 'binary' unit takes over a second to set up.)
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

describe('tokeniseCaption', () => {
  it('agrees with the Java tokenizer on every caption', () => {
    expect(Object.fromEntries(captions.map(({ photo, candidate }) => [photo, words(candidate)]))).toEqual(
      expected.candidates,
    );
    expect(Object.fromEntries(captions.map(({ photo, references }) => [photo, references.map(words)]))).toEqual(
      expected.references,
    );
  });

  it('agrees with it on contractions, hyphens, quotes, numbers and marks', () => {
    expect(sentences.map(words)).toEqual(expected.sentences);
  });

  it('makes no word of an empty caption or of marks alone', () => {
    expect([tokeniseCaption(''), tokeniseCaption(' . , -- "" ... ')]).toEqual([[], []]);
  });

  it('takes any text, and makes lower-case words without spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 60 }), (text) => {
        const odd = tokeniseCaption(text).filter((token) => /^$|\s/u.test(token) || token !== token.toLowerCase());
        expect(odd).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('reads 10,000 characters without a run of them costing more than its length', () => {
    for (const unit of ["a'", 'a-', 'a.', '1,', '<a', "n't", 'a!']) {
      const startedAt = performance.now();
      tokeniseCaption(unit.repeat(5000));
      // A quadratic rule takes seconds here; the honest time is a few milliseconds.
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
  });
});
