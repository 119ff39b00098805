import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Candidate, rankCaptions } from '../../../../native-models/captioner/rank-captions.ts';
import { toUnit } from '../../../../native-models/embedding/vectors.ts';

const temperature = 0.3;

function candidate(text: string, score: number, textVector: number[], sentence: number[]): Candidate {
  return {
    caption: { text, score },
    text: toUnit(Float32Array.from(textVector)),
    sentence: toUnit(Float32Array.from(sentence)),
  };
}

const likely = candidate('likely', -1, [0, 1], [1, 0]);
const fitting = candidate('fitting', -2, [1, 0], [0, 1]);
const agreed = candidate('agreed', -2, [0, 1], [0.1, 1]);
const photo = Float32Array.from([1, 0]);
const order = (candidates: readonly Candidate[], picture: number, consensus: number): string[] =>
  rankCaptions(candidates, photo, { picture, consensus, temperature }).map(({ caption }) => caption.text);

describe('the order of captions', () => {
  it('is the scores where nothing else counts', () => {
    expect(order([agreed, likely, fitting], 0, 0)).toEqual(['likely', 'agreed', 'fitting']);
  });

  it('prefers what fits the photo', () => {
    expect(order([likely, fitting], 2, 0)).toEqual(['fitting', 'likely']);
    expect(order([likely, fitting], 0.5, 0)).toEqual(['likely', 'fitting']);
  });

  it('prefers what others say too', () => {
    const lone = candidate('something else entirely', -1, [0, 1], [1, 0]);
    const [first, second, third] = ['a dog runs fast', 'a dog runs', 'the dog runs'].map((text) =>
      candidate(text, -1.1, [0, 1], [1, 0]),
    ) as [Candidate, Candidate, Candidate];
    expect(order([lone, first, second, third], 0, 0)[0]).toBe('something else entirely');
    expect(order([lone, first, second, third], 0, 5)).toEqual([
      'a dog runs',
      'a dog runs fast',
      'the dog runs',
      'something else entirely',
    ]);
  });

  it('keeps every candidate once, whatever the weights', () => {
    const candidates = fc.array(
      fc.tuple(fc.double({ min: -5, max: 0, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
      { maxLength: 8 },
    );
    const weight = fc.double({ min: 0, max: 20, noNaN: true });
    fc.assert(
      fc.property(candidates, weight, weight, (list, picture, consensus) => {
        const made = list.map(([score, x], i) => candidate(`${i}`, score, [x, 1], [1, x]));
        expect(order(made, picture, consensus).sort()).toEqual(made.map(({ caption }) => caption.text).sort());
      }),
    );
  });
});
