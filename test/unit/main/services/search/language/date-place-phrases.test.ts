// The table of date and place phrases itself, and its dates as the parser reads them.
import { expect, it } from 'vitest';
import { dates, type Phrase, places } from './date-place-phrases.ts';
import { knowledge } from './knowledge.ts';
import { readAs } from './read-as.ts';

it('holds at least 150 different phrases', () => {
  const typed = [...dates, ...places].map(([phrase]) => phrase);
  expect(new Set(typed).size).toBe(typed.length);
  expect(typed.length).toBeGreaterThanOrEqual(150);
});

it.each(dates.map((phrase) => [phrase[0], phrase] as const))('reads "%s"', (typed, phrase: Phrase) => {
  expect(readAs(typed, knowledge)).toEqual(phrase);
});
