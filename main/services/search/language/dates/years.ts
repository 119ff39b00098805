// Years, decades, and parts of them: "2019", "the 90s", "early 2000s", "late 2019". Shell process; pure.
import { wordAt } from '../recognise.ts';
import type { Token } from '../tokens.ts';
import { dayOf, partsOf, type Span, yearSpan } from './calendar.ts';
import { decadeNames, quantityWords } from './date-words.ts';
import { once, type ReadMoment } from './moment.ts';
import { yearAt } from './written-days.ts';

/** A number alone is taken for a year from here on: "1080" is no year. */
const firstBareYear = 1900;

/** Months of a year and years of a decade, as [first, past the last). */
const parts: ReadonlyMap<
  string,
  { readonly months: readonly [number, number]; readonly years: readonly [number, number] }
> = new Map([
  ['early', { months: [0, 4], years: [0, 4] }],
  ['mid', { months: [4, 8], years: [4, 7] }],
  ['late', { months: [8, 12], years: [7, 10] }],
]);

export const yearOrDecade: ReadMoment = (tokens, at, context) => {
  const part = parts.get(wordAt(tokens, at));
  const start = part ? at + 1 : at;
  const decade = decadeAt(tokens, start, context.today);
  if (decade !== null) return once(start + 1, part ? years(decade, ...part.years) : years(decade, 0, 10));
  const year = yearAt(tokens, start, context);
  if (year === null || quantityWords.has(wordAt(tokens, start + 1))) return null;
  if (part) return once(start + 1, months(year, ...part.months));
  // Of a year to come there are no photos: a number like it is the name of something.
  const isClear = year >= firstBareYear && year <= partsOf(context.today).year;
  return once(start + 1, yearSpan(year), isClear);
};

function decadeAt(tokens: readonly Token[], at: number, today: number): number | null {
  const word = wordAt(tokens, at);
  const named = decadeNames.get(word);
  if (named !== undefined) return named;
  const match = /^'?(\d{4}|\d{2})'?s$/u.exec(word);
  if (!match) return null;
  const digits = match[1] ?? '';
  const number = Number(digits);
  if (number % 10 !== 0) return null;
  if (digits.length === 4) return number >= 1820 && number <= partsOf(today).year ? number : null;
  return 2000 + number <= partsOf(today).year && number < 20 ? 2000 + number : 1900 + number;
}

function years(decade: number, first: number, last: number): Span {
  return { from: dayOf(decade + first, 1, 1), to: dayOf(decade + last, 1, 1) };
}

function months(year: number, first: number, last: number): Span {
  return { from: dayOf(year, 1 + first, 1), to: dayOf(year, 1 + last, 1) };
}
