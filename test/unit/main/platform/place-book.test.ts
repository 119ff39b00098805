// Ids of folders: only those handed out mean anything, and the book stays bounded.
import { expect, it } from 'vitest';
import { createPlaceBook } from '../../../../main/platform/place-book.ts';

it('resolves what it named, keeps a path’s id, and knows nothing else', () => {
  const book = createPlaceBook();
  const placeId = book.name('/photos');
  expect(book.resolve(placeId)).toBe('/photos');
  expect(book.name('/photos')).toBe(placeId);
  expect(book.name('/other')).not.toBe(placeId);
  for (const strange of ['', '/photos', '__proto__', placeId.toUpperCase(), `${placeId} `])
    expect(book.resolve(strange)).toBeNull();
});

it('forgets the folders that were named longest ago', () => {
  const book = createPlaceBook(2);
  const first = book.name('/a');
  const second = book.name('/b');
  book.name('/a');
  const third = book.name('/c');
  expect([first, second, third].map(book.resolve)).toEqual(['/a', null, '/c']);
  expect(book.name('/b')).not.toBe(second);
});
