// What is suggested while a text is typed: the library's own words first, each as it is understood when taken.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../../../../main/services/search/language/parse-query.ts';
import { createPlaceNames } from '../../../../../../../main/services/search/language/places/place-names.ts';
import { knownPhrases } from '../../../../../../../main/services/search/language/suggesting/known-phrases.ts';
import { ownWordsOf } from '../../../../../../../main/services/search/language/suggesting/own-words.ts';
import { suggest } from '../../../../../../../main/services/search/language/suggesting/suggest.ts';
import type { Vocabulary } from '../../../../../../../main/services/search/language/vocabulary.ts';
import { fewPlaces, knowledge } from '../knowledge.ts';

const vocabulary: Vocabulary = {
  cameras: [
    { text: 'NIKON D750', photos: 40 },
    { text: 'Canon EOS 5D', photos: 9 },
  ],
  lenses: [{ text: '50mm f/1.8', photos: 5 }],
  folders: [{ text: 'Holidays 2019', photos: 30 }],
  keywords: [{ text: 'hound', photos: 3 }],
  places: [
    { country: 'FR', region: 'FR.11', city: 'Paris', photos: 20 },
    { country: 'US', region: 'US.TX', city: 'Paris', photos: 2 },
    { country: 'GB', region: 'GB.ENG', city: 'London', photos: 7 },
  ],
};
const words = { own: ownWordsOf(vocabulary, fewPlaces), phrases: knownPhrases(2026) };
const texts = (typed: string, caret = typed.length): string[] =>
  suggest(typed, caret, words, 8).map(({ text }) => text);

describe('suggestions', () => {
  it('are of the library first, then of the language', () => {
    expect(suggest('dogs ho', 7, words, 8)[0]).toEqual({
      kind: 'folder',
      label: 'Holidays 2019',
      photos: 30,
      text: 'dogs folder:"Holidays 2019" ',
      caret: 28,
    });
    expect(texts('dogs ho').slice(0, 2)).toEqual(['dogs folder:"Holidays 2019" ', 'dogs "hound" ']);
    expect(texts('last s')[0]).toBe('last summer ');
    expect(texts('witho')).toContain('without ');
    expect(texts('cam')).toEqual(['camera:']);
  });

  it('tell places of one name apart', () => {
    expect(texts('beach par').slice(0, 2)).toEqual(['beach in Paris, France ', 'beach in Paris, Texas ']);
  });

  it('need no second preposition', () => {
    expect(texts('beach in lon')[0]).toBe('beach in London ');
    expect(texts('beach near ')).toContain('beach near London ');
  });

  it('are values where a key stands', () => {
    expect(texts('camera:')).toEqual(['camera:"NIKON D750" ', 'camera:"Canon EOS 5D" ']);
    expect(texts('camera:5')).toEqual(['camera:"Canon EOS 5D" ']);
    expect(texts('camera:"can')).toEqual(['camera:"Canon EOS 5D" ']);
    expect(texts('type:p')).toEqual(['type:png ']);
    expect(texts('is:fav')).toEqual(['is:favourite ']);
  });

  it('take the whole word under the caret, and leave what follows', () => {
    expect(suggest('nik at night', 3, words, 1)[0]).toMatchObject({ text: 'camera:"NIKON D750" at night', caret: 19 });
    expect(suggest('nikos at night', 3, words, 1)[0]).toMatchObject({ text: 'camera:"NIKON D750" at night' });
  });

  it.each(['', ' ', 'dogs ', 'x', '"golden ni', 'xyzzy', 'foo:ba', 'in London'])('are none for "%s"', (typed) => {
    expect(texts(typed)).toEqual([]);
  });

  it('keep within their number, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.integer({ min: -3, max: 60 }), (typed, caret) => {
        const all = suggest(typed, caret, words, 5);
        expect(all.length).toBeLessThanOrEqual(5);
        for (const one of all) expect(one.caret).toBeLessThanOrEqual(one.text.length);
      }),
      { numRuns: 1000 },
    );
  });
});

it('what is taken is understood as what was suggested', () => {
  const known = { ...knowledge, places: createPlaceNames(vocabulary.places, fewPlaces) };
  for (const { kind, typed, name } of words.own) {
    const { filters, texts: left } = parseQuery(typed, known);
    const expected = kind === 'keyword' ? 'phrase' : kind;
    if (fewPlaces.named(name.split(',')[0] ?? '').length === 0 && kind === 'place') continue;
    expect([typed, left, filters.map((filter) => filter.kind)]).toEqual([typed, [], [expected]]);
  }
  for (const { typed, isOpen, kind } of words.phrases) {
    if (isOpen) continue;
    const { filters, notes } = parseQuery(typed, known);
    expect([typed, filters.length, notes]).toEqual([typed, 1, []]);
    if (kind === 'date') expect(['date', 'yearly', 'any']).toContain(filters[0]?.kind);
  }
});
