// Months, seasons and feasts, with a year, with "last" or "this", or of every year. Shell process; pure.
import { endsBefore, sequenceAt, wordAt } from '../recognise.ts';
import type { Token } from '../tokens.ts';
import { dayOf, daysInMonthOfAnyYear, monthSpan, twoDigits } from './calendar.ts';
import { clearMonths, monthNames, seasonNames, writtenMonths } from './date-words.ts';
import { holidays, holidayTimes } from './holidays.ts';
import { type DateContext, everyYear, lastBegun, lastEnded, once, type ReadMoment, type Recurring } from './moment.ts';
import { yearAfter } from './written-days.ts';

interface Named extends Recurring {
  readonly end: number;
  /** The name alone is this, and not part of the name of something else. */
  readonly isName: boolean;
  /** Without a preposition before it, too. */
  readonly isClear: boolean;
  readonly kind: 'month' | 'season' | 'feast';
}

export const recurringPeriod: ReadMoment = (tokens, at, context) => {
  const word = wordAt(tokens, at);
  const chosen = word === 'last' || word === 'previous' ? lastEnded : word === 'this' ? lastBegun : null;
  const named = namedAt(tokens, chosen ? at + 1 : at, context);
  if (!named) return null;
  if (chosen) return once(named.end, chosen(named, context.today));
  const seasonYear = named.kind === 'season' ? twoYears(wordAt(tokens, named.end)) : null;
  if (seasonYear !== null) return once(named.end + 1, named.of(seasonYear));
  const after = yearAfter(tokens, named.end, context);
  if (after) return once(after.end, named.of(after.year));
  return named.isName ? everyYear(named.end, named, context, named.isClear) : null;
};

function namedAt(tokens: readonly Token[], at: number, context: DateContext): Named | null {
  return feastAt(tokens, at) ?? monthAt(tokens, at) ?? seasonAt(tokens, at, context);
}

function monthAt(tokens: readonly Token[], at: number): Named | null {
  const word = wordAt(tokens, at);
  const month = monthNames.get(word);
  if (month === undefined) return null;
  return {
    kind: 'month',
    end: at + 1,
    isName: writtenMonths.has(word) || (word !== 'mar' && endsBefore(tokens, at + 1)),
    isClear: clearMonths.has(word),
    yearly: { from: `${twoDigits(month)}-01`, to: `${twoDigits(month)}-${daysInMonthOfAnyYear(month)}` },
    of: (year) => monthSpan(year, month),
  };
}

/** Meteorological seasons, of whole months. The winter of a year begins in its December. */
function seasonAt(tokens: readonly Token[], at: number, { isSouthern }: DateContext): Named | null {
  const northern = seasonNames.get(wordAt(tokens, at));
  if (northern === undefined) return null;
  const first = isSouthern ? ((northern + 5) % 12) + 1 : northern;
  const last = ((first + 1) % 12) + 1;
  return {
    kind: 'season',
    end: at + 1,
    isName: endsBefore(tokens, at + 1),
    isClear: false,
    yearly: { from: `${twoDigits(first)}-01`, to: `${twoDigits(last)}-${daysInMonthOfAnyYear(last)}` },
    of: (year) => ({ from: dayOf(year, first, 1), to: dayOf(year, first + 3, 1) }),
  };
}

function feastAt(tokens: readonly Token[], at: number): Named | null {
  for (const { names, isLoose, yearly, of } of holidays) {
    const length = sequenceAt(tokens, at, names);
    if (length === 0) continue;
    const end = holidayTimes.has(wordAt(tokens, at + length)) ? at + length + 1 : at + length;
    const isName = !isLoose || endsBefore(tokens, end);
    return { kind: 'feast', end, isName, isClear: isName, yearly, of };
  }
  return null;
}

/** "2018/19", "2018-2019": the year in which it began. */
function twoYears(word: string): number | null {
  const match = /^(\d{4})[-/\u2013](\d{2}|\d{4})$/u.exec(word);
  if (!match) return null;
  const first = Number(match[1]);
  return Number(match[2]) % 100 === (first + 1) % 100 ? first : null;
}
