// Days as seen from today: "yesterday", "last week", "the past 3 months", "two weeks ago", "on Monday". Shell process; pure.
import { sequenceAt, sequencesOf, wordAt } from '../recognise.ts';
import type { Token } from '../tokens.ts';
import { addMonths, type Day, daySpan, monthSpan, partsOf, type Span, weekdayOf, yearSpan } from './calendar.ts';
import { numberWords, unitNames, weekdayNames } from './date-words.ts';
import { once, type ReadMoment } from './moment.ts';

type Unit = 'day' | 'week' | 'month' | 'year';
/** Beyond these it is no date that anyone means, and the calendar's numbers end somewhere. */
const mostUnits = 1000;
/** What "lately" is. */
const latelyDays = 30;

const dayBeforeYesterday = sequencesOf(['day before yesterday']);
const severals = sequencesOf(['a couple of', 'couple of', 'a few', 'few']);

export const relativeDay: ReadMoment = (tokens, at, context) => {
  const { today } = context;
  const word = wordAt(tokens, at);
  if (word === 'today') return once(at + 1, daySpan(today));
  if (word === 'yesterday') return once(at + 1, daySpan(today - 1));
  if (word === 'lately' || word === 'recently') return once(at + 1, { from: today - latelyDays + 1, to: today + 1 });
  const beforeYesterday = sequenceAt(tokens, at, dayBeforeYesterday);
  if (beforeYesterday > 0) return once(at + beforeYesterday, daySpan(today - 2));
  return ago(tokens, at, today) ?? lastOrThis(tokens, at, today) ?? weekday(tokens, at, today);
};

/** "5 years", "a week": how long. */
export function amountAt(
  tokens: readonly Token[],
  at: number,
): { readonly count: number; readonly unit: Unit; readonly end: number } | null {
  const coupleOf = sequenceAt(tokens, at, severals);
  const word = wordAt(tokens, at);
  const few = word === 'few' || wordAt(tokens, at + 1) === 'few' ? 3 : 2;
  const count = coupleOf > 0 ? few : (numberWords.get(word) ?? (/^\d{1,4}$/u.test(word) ? Number(word) : 0));
  const unitAt = at + (coupleOf > 0 ? coupleOf : 1);
  const unit = unitNames.get(wordAt(tokens, unitAt));
  return unit && count > 0 && count <= mostUnits ? { count, unit, end: unitAt + 1 } : null;
}

/** The day so long before today. */
export function daysBack(today: Day, count: number, unit: Unit): Day {
  if (unit === 'day') return today - count;
  if (unit === 'week') return today - 7 * count;
  return addMonths(today, unit === 'month' ? -count : -12 * count);
}

/** The whole day, week (from Monday), month or year that a day lies in. */
export function unitAround(day: Day, unit: Unit): Span {
  const { year, month } = partsOf(day);
  if (unit === 'day') return daySpan(day);
  if (unit === 'month') return monthSpan(year, month);
  if (unit === 'year') return yearSpan(year);
  const monday = day - weekdayOf(day);
  return { from: monday, to: monday + 7 };
}

function ago(tokens: readonly Token[], at: number, today: Day): ReturnType<ReadMoment> {
  const amount = amountAt(tokens, at);
  if (!amount || wordAt(tokens, amount.end) !== 'ago') return null;
  return once(amount.end + 1, unitAround(daysBack(today, amount.count, amount.unit), amount.unit));
}

function lastOrThis(tokens: readonly Token[], at: number, today: Day): ReturnType<ReadMoment> {
  const which = wordAt(tokens, at);
  const isPast = which === 'last' || which === 'past' || which === 'previous';
  if (!isPast && which !== 'this') return null;
  const amount = isPast ? amountAt(tokens, at + 1) : null;
  if (amount) return once(amount.end, { from: daysBack(today, amount.count, amount.unit) + 1, to: today + 1 });
  const named = wordAt(tokens, at + 1);
  const back = isPast ? 1 : 0;
  const unit = unitNames.get(named);
  if (unit && !named.endsWith('s'))
    return once(at + 2, unitAround(daysBack(unitAround(today, unit).from ?? today, back, unit), unit));
  if (named === 'weekend') return once(at + 2, weekend(today, isPast));
  const day = weekdayNames.get(named);
  if (day === undefined) return null;
  // On a Friday, "last Friday" is a week ago, and "this Friday" today.
  const since = (weekdayOf(today) - day + 7) % 7;
  return once(at + 2, daySpan(today - (isPast && since === 0 ? 7 : since)));
}

/** Saturday and Sunday: the last that are over, or the last that have begun. */
function weekend(today: Day, isOver: boolean): Span {
  const saturday = today - ((weekdayOf(today) + 2) % 7);
  const from = isOver && saturday + 2 > today ? saturday - 7 : saturday;
  return { from, to: from + 2 };
}

/** The last one, today included. */
function weekday(tokens: readonly Token[], at: number, today: Day): ReturnType<ReadMoment> {
  const day = weekdayNames.get(wordAt(tokens, at));
  if (day === undefined) return null;
  return once(at + 1, daySpan(today - ((weekdayOf(today) - day + 7) % 7)), false);
}
