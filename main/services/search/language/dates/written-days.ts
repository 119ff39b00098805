// Days and months written with numbers or names: "4 July 2019", "2019-07-04", "04/07/2019", "July 4th", "2019 June". Shell process; pure.
import { wordAt } from '../recognise.ts';
import type { Token } from '../tokens.ts';
import {
  dayOf,
  daySpan,
  daysInMonth,
  daysInMonthOfAnyYear,
  monthSpan,
  partsOf,
  twoDigits,
  yearSpan,
} from './calendar.ts';
import { monthName, monthNames } from './date-words.ts';
import { type DateContext, everyYear, type Impossible, type Moment, once, type ReadMoment } from './moment.ts';

/** The first photograph that is left is of 1826. */
const firstYear = 1826;
const lastYear = 2100;

/** A year in four digits, or in two after an apostrophe: not later than this one, then. */
export function yearAt(tokens: readonly Token[], at: number, { today }: DateContext): number | null {
  const word = wordAt(tokens, at);
  if (/^\d{4}$/u.test(word)) {
    const year = Number(word);
    return year >= firstYear && year <= lastYear ? year : null;
  }
  return /^'\d{2}$/u.test(word) ? fullYear(Number(word.slice(1)), today) : null;
}

/** @returns the place after a comma or "of" before a year, and the year. */
export function yearAfter(
  tokens: readonly Token[],
  at: number,
  context: DateContext,
): { readonly year: number; readonly end: number } | null {
  for (const skipped of isComma(tokens[at]) || wordAt(tokens, at) === 'of' ? [1, 0] : [0]) {
    const year = yearAt(tokens, at + skipped, context);
    if (year !== null) return { year, end: at + skipped + 1 };
  }
  return null;
}

export function dayNumber(word: string): number | null {
  const match = /^(\d{1,2})(?:st|nd|rd|th)?$/u.exec(word);
  const day = match ? Number(match[1]) : 0;
  return day >= 1 && day <= 31 ? day : null;
}

export const numericDay: ReadMoment = (tokens, at, { today }) => {
  const word = wordAt(tokens, at);
  if (!/^\d/u.test(word)) return null;
  const end = at + 1;
  const years = /^(\d{4})[-\u2013](\d{4})$/u.exec(word);
  if (years) return yearRange(end, Number(years[1]), Number(years[2]));
  const iso = /^(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?$/u.exec(word);
  if (iso) {
    const [year, month] = [Number(iso[1]), Number(iso[3])];
    if (iso[4] !== undefined) return dayOr(end, year, month, Number(iso[4]));
    // "2019/20" is a season's year, "2019.5" a number.
    if (month < 1 || month > 12 || iso[2] === '.' || year < firstYear) return null;
    return { ...once(end, monthSpan(year, month)), label: `${monthName(month)} ${year}` };
  }
  const local = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})$/u.exec(word);
  if (!local) return null;
  const [first, second] = [Number(local[1]), Number(local[3])];
  const year = (local[4] ?? '').length === 2 ? fullYear(Number(local[4]), today) : Number(local[4]);
  // Day first, unless that can only be a month.
  return second > 12 ? dayOr(end, year, first, second) : dayOr(end, year, second, first);
};

/** "4 July 2019", "the 4th of July", "3-9 May", "July 4, 2019", "July 2019", "2019 July". */
export const namedDay: ReadMoment = (tokens, at, context) =>
  dayThenMonth(tokens, at, context) ?? monthThenDay(tokens, at, context) ?? monthOfYear(tokens, at, context);

function dayThenMonth(tokens: readonly Token[], at: number, context: DateContext): Moment | Impossible | null {
  const days = /^(\d{1,2})[-\u2013](\d{1,2})$/u.exec(wordAt(tokens, at));
  const first = days ? dayNumber(days[1] ?? '') : dayNumber(wordAt(tokens, at));
  const last = days ? dayNumber(days[2] ?? '') : first;
  if (first === null || last === null) return null;
  const monthAt = wordAt(tokens, at + 1) === 'of' ? at + 2 : at + 1;
  const month = monthNames.get(wordAt(tokens, monthAt));
  if (month === undefined) return null;
  return withYear(tokens, monthAt + 1, context, month, first, last);
}

function monthThenDay(tokens: readonly Token[], at: number, context: DateContext): Moment | Impossible | null {
  const month = monthNames.get(wordAt(tokens, at));
  if (month === undefined) return null;
  const dayAt = wordAt(tokens, at + 1) === 'the' ? at + 2 : at + 1;
  const day = dayNumber(wordAt(tokens, dayAt));
  return day === null ? null : withYear(tokens, dayAt + 1, context, month, day, day);
}

function monthOfYear(tokens: readonly Token[], at: number, context: DateContext): Moment | null {
  const month = monthNames.get(wordAt(tokens, at));
  if (month !== undefined) {
    const after = yearAfter(tokens, at + 1, context);
    return after && once(after.end, monthSpan(after.year, month));
  }
  const year = yearAt(tokens, at, context);
  const named = monthNames.get(wordAt(tokens, at + 1));
  // "2019 may" is as often a year and a verb, but "2019 june 4" is a day.
  if (year === null || named === undefined) return null;
  const day = dayNumber(wordAt(tokens, at + 2));
  if (day !== null && day <= daysInMonth(year, named)) return once(at + 3, daySpan(dayOf(year, named, day)));
  return once(at + 2, monthSpan(year, named));
}

function withYear(
  tokens: readonly Token[],
  at: number,
  context: DateContext,
  month: number,
  first: number,
  last: number,
): Moment | Impossible {
  const after = yearAfter(tokens, at, context);
  const end = after?.end ?? at;
  if (last > daysInMonthOfAnyYear(month)) return { end, impossible: `There is no ${last} ${monthName(month)}.` };
  if (after) {
    if (last > daysInMonth(after.year, month))
      return { end, impossible: `There is no ${last} ${monthName(month)} in ${after.year}.` };
    return once(end, { from: dayOf(after.year, month, first), to: dayOf(after.year, month, last) + 1 });
  }
  const ofMonth = (day: number): string => `${twoDigits(month)}-${twoDigits(day)}`;
  const recurring = {
    yearly: { from: ofMonth(first), to: ofMonth(last) },
    of: (year: number) => ({ from: dayOf(year, month, first), to: dayOf(year, month, last) + 1 }),
  };
  return everyYear(end, recurring, context, true);
}

function dayOr(end: number, year: number, month: number, day: number): Moment | Impossible | null {
  if (year < firstYear || year > lastYear) return null;
  if (month < 1 || month > 12) return { end, impossible: `There is no month ${month}.` };
  if (day < 1 || day > daysInMonthOfAnyYear(month))
    return { end, impossible: `There is no ${day} ${monthName(month)}.` };
  if (day > daysInMonth(year, month)) return { end, impossible: `There is no ${day} ${monthName(month)} in ${year}.` };
  return { ...once(end, daySpan(dayOf(year, month, day))), label: `${day} ${monthName(month)} ${year}` };
}

function yearRange(end: number, first: number, last: number): Moment | null {
  if (first < firstYear || last > lastYear || first > last) return null;
  return once(end, { from: yearSpan(first).from, to: yearSpan(last).to });
}

function fullYear(twoDigit: number, today: number): number {
  const { year } = partsOf(today);
  const century = year - (year % 100);
  return century + twoDigit <= year ? century + twoDigit : century - 100 + twoDigit;
}

function isComma(token: Token | undefined): boolean {
  return token?.kind === 'sign' && token.text === ',';
}
