// Suggestions come of what is known by then, and are made anew only when more is known.
import { expect, it, vi } from 'vitest';
import type { Vocabulary } from '../../../../../main/services/search/language/vocabulary.ts';
import { createSuggestUseCase } from '../../../../../main/services/search/suggest-use-case.ts';
import { fewPlaces } from './language/knowledge.ts';

const words: Vocabulary = {
  cameras: [{ text: 'Nikon D750', photos: 2 }],
  lenses: [],
  folders: [],
  keywords: [],
  places: [{ country: 'FR', region: null, city: 'Paris', photos: 1 }],
};

it('answers at once, with the library’s words as soon as they are there', async () => {
  let vocabulary: Vocabulary | null = null;
  const ready = vi.fn(async () => undefined);
  const { suggest } = createSuggestUseCase({
    reader: { vocabulary: () => vocabulary, ready },
    gazetteer: { opened: () => fewPlaces },
    now: () => Date.UTC(2026, 5, 17),
  });
  const labels = async (text: string) =>
    (await suggest({ text, caret: text.length, limit: 3 })).map(({ label }) => label);
  expect(await labels('nik')).toEqual([]);
  expect(ready).toHaveBeenCalledOnce();
  vocabulary = words;
  expect(await labels('nik')).toEqual(['Nikon D750']);
  expect(await labels('fra')).toEqual(['France']);
  expect((await labels('before 20'))[0]).toBe('before 2021');
});
