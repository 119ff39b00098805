// The table of date and place phrases itself.
import { expect, it } from 'vitest';
import { dates, places } from './date-place-phrases.ts';

it('holds at least 150 different phrases', () => {
  const typed = [...dates, ...places].map(([phrase]) => phrase);
  expect(new Set(typed).size).toBe(typed.length);
  expect(typed.length).toBeGreaterThanOrEqual(150);
});
