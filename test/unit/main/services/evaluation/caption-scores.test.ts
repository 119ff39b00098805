// Caption scores against the stored figures of the Python package, and against cases small enough to work out by hand.
import { describe, expect, it } from 'vitest';
import { corpusBleu } from '../../../../../main/services/evaluation/bleu.ts';
import { scoreCaptions } from '../../../../../main/services/evaluation/caption-scores.ts';
import { meanCiderD } from '../../../../../main/services/evaluation/cider-d.ts';
import { meanRougeL } from '../../../../../main/services/evaluation/rouge-l.ts';
import type { TokenisedCaption } from '../../../../../main/services/evaluation/tokenised-caption.ts';
import { CaptionScores } from '../../../../../preload/contract/evaluation.ts';
import { captions, expected } from './fixture.ts';

const caption = (candidate: string, ...references: string[]): TokenisedCaption => ({
  candidate: candidate.split(' ').filter(Boolean),
  references: references.map((reference) => reference.split(' ').filter(Boolean)),
});

describe('scoreCaptions', () => {
  const candidates = new Map(captions.map(({ photo, candidate }) => [photo, candidate]));
  const references = new Map(captions.map(({ photo, references }) => [photo, references]));

  it('agrees with pycocoevalcap', () => {
    const { distinctShare, ...scores } = CaptionScores.parse(scoreCaptions(candidates, references));
    for (const [name, value] of Object.entries(expected.scores)) {
      expect.soft(scores[name as keyof typeof scores], name).toBeCloseTo(value, 6);
    }
    // Two of the forty candidates are the same sentence.
    expect(distinctShare).toBe(39 / 40);
  });

  it('counts captions that differ only in case or punctuation as one', () => {
    const twice = new Map([
      ['a', 'A dog.'],
      ['b', 'a dog'],
    ]);
    expect(scoreCaptions(twice, new Map([...twice].map(([photo, text]) => [photo, [text]]))).distinctShare).toBe(0.5);
  });

  it('refuses to score nothing, or against nothing', () => {
    const invalid = expect.objectContaining({ code: 'input/invalid' });
    expect(() => scoreCaptions(new Map(), references)).toThrow(invalid);
    expect(() => scoreCaptions(new Map([['other.jpg', 'a dog']]), references)).toThrow(/other\.jpg/);
  });
});

describe('corpusBleu', () => {
  it('counts a repeated word at most as often as a reference has it', () => {
    const [bleu1] = corpusBleu([caption('the the the the', 'the cat and the dog', 'the cat')]);
    // Two of four words match; the closest reference has five words, so the penalty is exp(1 - 5/4).
    expect(bleu1).toBeCloseTo(0.5 * Math.exp(-0.25), 6);
  });

  it('takes the shorter of two equally close references', () => {
    expect(corpusBleu([caption('a b c', 'a b c d', 'a b')])[0]).toBeCloseTo(1, 6);
  });

  it('adds up the corpus before it divides', () => {
    const [bleu1] = corpusBleu([caption('a b', 'a b'), caption('x', 'y')]);
    expect(bleu1).toBeCloseTo(2 / 3, 6);
  });
});

describe('meanRougeL', () => {
  it('weighs recall over precision', () => {
    // Longest common subsequence "a c": precision 2/3, recall 2/4.
    const [precision, recall, beta2] = [2 / 3, 2 / 4, 1.44];
    const score = ((1 + beta2) * precision * recall) / (recall + beta2 * precision);
    expect(meanRougeL([caption('a x c', 'a b c d')])).toBeCloseTo(score, 12);
  });

  it('is 1 for the same words and 0 for an empty caption', () => {
    expect([meanRougeL([caption('a b', 'a b')]), meanRougeL([caption('', 'a b')])]).toEqual([1, 0]);
  });
});

describe('meanCiderD', () => {
  it('is 10 for captions equal to their references and 0 for captions without a shared word', () => {
    const same = [caption('a dog runs fast', 'a dog runs fast'), caption('one cat sleeps here', 'one cat sleeps here')];
    const other = [caption('x y z w', 'a dog runs fast'), caption('v u t s', 'one cat sleeps here')];
    expect(meanCiderD(same)).toBeCloseTo(10, 9);
    expect(meanCiderD(other)).toBe(0);
  });

  it('punishes length by a Gaussian of width 6 over two-word runs', () => {
    const long = (text: string) => `${text} ${'filler '.repeat(6).trim()}`;
    const references = ['p q r s t', 'g h i j k'] as const;
    const score = (text: string) => meanCiderD([caption(text, references[0]), caption('g h i j k', references[1])]);
    // "filler" is in no reference: it lowers the cosine as well, so only the bound is known.
    expect(score(long('p q r s t')) - 5).toBeLessThan((score('p q r s t') - 5) * Math.exp(-36 / 72));
    expect(score(long('p q r s t'))).toBeGreaterThan(5);
  });

  it('has no weights in a set of one photo', () => {
    expect(meanCiderD([caption('a dog', 'a dog')])).toBe(0);
  });
});
