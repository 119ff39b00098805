// Which captions are the person's own and which ask.
import { describe, expect, it } from 'vitest';
import { splitOwnCaptions } from '../../../../../main/services/evaluation/own-captions.ts';

const captions = new Map(Array.from({ length: 2000 }, (_, index) => [`img_${index}.jpg`, ['one', 'two', 'three']]));

describe('splitOwnCaptions', () => {
  it('stores nothing for a count or a share of 0', () => {
    for (const options of [
      { perPhoto: 0, share: 1 },
      { perPhoto: 2, share: 0 },
    ]) {
      const { own, queries } = splitOwnCaptions(captions, options);
      expect([own.size, queries.length]).toEqual([0, 6000]);
    }
  });

  it('stores the first captions of every photo and asks with the others', () => {
    const few = new Map([
      ['a.jpg', ['one', 'two', 'three']],
      ['b.jpg', ['only']],
    ]);
    const { own, queries } = splitOwnCaptions(few, { perPhoto: 2, share: 1 });
    expect([...own]).toEqual([
      ['a.jpg', ['one', 'two']],
      ['b.jpg', ['only']],
    ]);
    expect(queries).toEqual([{ photo: 'a.jpg', text: 'three' }]);
  });

  it('chooses about the share, by name alone, a larger share containing the smaller', () => {
    const half = splitOwnCaptions(captions, { perPhoto: 1, share: 0.5 }).own;
    const tenth = splitOwnCaptions(captions, { perPhoto: 1, share: 0.1 }).own;
    // Three standard deviations of 2,000 fair draws are 67 and 40.
    expect(Math.abs(half.size - 1000)).toBeLessThan(67);
    expect(Math.abs(tenth.size - 200)).toBeLessThan(40);
    expect([...tenth.keys()].filter((photo) => !half.has(photo))).toEqual([]);
    const reversed = new Map([...captions].reverse().slice(0, 700));
    const again = splitOwnCaptions(reversed, { perPhoto: 1, share: 0.5 }).own;
    expect([...reversed.keys()].filter((photo) => again.has(photo) !== half.has(photo))).toEqual([]);
  });

  it('keeps its choice from one release to the next', () => {
    const names = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'f.jpg', 'g.jpg', 'h.jpg'];
    const { own } = splitOwnCaptions(new Map(names.map((name) => [name, ['x']])), { perPhoto: 1, share: 0.5 });
    expect([...own.keys()]).toEqual(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg', 'h.jpg']);
  });

  it.each([
    { perPhoto: -1, share: 1 },
    { perPhoto: 1.5, share: 1 },
    { perPhoto: 1, share: 1.1 },
    { perPhoto: 1, share: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => splitOwnCaptions(captions, options)).toThrow(expect.objectContaining({ code: 'input/invalid' }));
  });
});
