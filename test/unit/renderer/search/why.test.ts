// Why a photo was found, as the page asks for it: words first, the place after a rest, and nothing of a photo that was left.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Explanation } from '../../../../preload/contract/search.ts';
import { piecesOf } from '../../../../renderer/search/marked-text.ts';
import { WhyState } from '../../../../renderer/search/why.svelte.ts';
import { callError, fakeConnection } from '../../../helpers/fake-connection.ts';

const found = (photoId: number, region: boolean): Explanation => ({
  words: [{ source: 'own', text: `photo ${photoId}`, spans: [[0, 5]] }],
  shares: { embedding: 1, caption: 0, own: 0, words: 0 },
  region: region ? { rows: 1, columns: 1, values: [1] } : null,
});

const dog = { text: 'a dog', photoId: 7, way: 'compare' } as const;

function setUp(fails = false) {
  const connection = fakeConnection({
    'search.explain': async ({ photoId, region }: { photoId: number; region: boolean }) => {
      if (fails) throw callError('inference/crashed');
      return found(photoId, region);
    },
  });
  return { connection, why: new WhyState(connection), asked: () => connection.calls.map(({ input }) => input) };
}

describe('WhyState', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('asks for words at once and for the place after a rest', async () => {
    const { why, asked } = setUp();
    why.ask(dog, true);
    await vi.advanceTimersByTimeAsync(10);
    expect([why.place, why.region]).toEqual(['looking', null]);
    expect(asked()).toEqual([{ text: 'a dog', photoId: 7, mode: 'fused', region: false }]);
    why.ask({ ...dog }, true);
    await vi.advanceTimersByTimeAsync(500);
    expect([why.place, why.region?.values]).toEqual(['known', [1]]);
    expect(asked().length).toBe(2);
  });

  it('looks for no place of a photo that was left meanwhile, and forgets where nothing is asked', async () => {
    const { why, asked } = setUp();
    why.ask(dog, true);
    await vi.advanceTimersByTimeAsync(10);
    why.ask({ ...dog, photoId: 8 }, false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(why.explanation?.words[0]?.text).toBe('photo 8');
    expect([why.place, asked().length]).toEqual(['unasked', 2]);
    why.ask(null, false);
    expect(why.explanation).toBeNull();
  });

  it('says that the reason could not be found out', async () => {
    const { why } = setUp(true);
    why.ask(dog, false);
    await vi.advanceTimersByTimeAsync(10);
    expect([why.failed, why.explanation]).toEqual([true, null]);
  });
});

describe('piecesOf', () => {
  it('cuts at the marks', () => {
    expect(piecesOf('a brown dog', [[2, 7]])).toEqual([
      { text: 'a ', marked: false },
      { text: 'brown', marked: true },
      { text: ' dog', marked: false },
    ]);
  });

  it('loses no letter of a text, whatever the marks are', () => {
    const span = fc.tuple(fc.integer({ min: -2, max: 20 }), fc.integer({ min: -2, max: 20 }));
    fc.assert(
      fc.property(fc.string(), fc.array(span), (text, spans) => {
        const pieces = piecesOf(text, spans);
        expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      }),
    );
  });
});
