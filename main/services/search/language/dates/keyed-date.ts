// The value of `date:` — a date in words or numbers, a range with two points, days of every year. Shell process; pure.
import type { KeyedValue } from '../keyed-conditions.ts';
import type { Knowledge } from '../recognise.ts';
import { tokensOf } from '../tokens.ts';
import { daysInMonthOfAnyYear } from './calendar.ts';
import { contextOf, momentAt } from './date-phrase.ts';
import { dateFilter, type Impossible, type Moment } from './moment.ts';

export function keyedDate(value: string, knowledge: Knowledge): KeyedValue {
  const ends = value.split('..');
  const yearly = yearlyDays(ends);
  if (yearly) return { filter: { kind: 'yearly', not: false, ...yearly }, label: value };
  if (ends.length > 2) return unreadable(value);
  const [first, last] = ends.map((end) => (end === '' ? null : momentOf(end, knowledge)));
  if (first === undefined || (first === null && (last === null || last === undefined))) return unreadable(value);
  for (const end of [first, last]) {
    if (end && 'unreadable' in end) return unreadable(value);
    if (end && 'impossible' in end) return { problem: end.impossible };
  }
  const [begin, end] = [first as Moment | null, last as Moment | null | undefined];
  if (end === undefined) return begin ? { filter: begin.filter, label: begin.label ?? value } : unreadable(value);
  const span = { from: begin?.span.from ?? null, to: end?.span.to ?? null };
  if (span.from !== null && span.to !== null && span.from >= span.to)
    return { problem: `“${value}” ends before it begins.` };
  return { filter: dateFilter(span), label: value };
}

function momentOf(text: string, knowledge: Knowledge): Moment | Impossible | { readonly unreadable: true } {
  const tokens = tokensOf(text);
  const moment = momentAt(tokens, 0, contextOf(knowledge));
  return moment && moment.end === tokens.length ? moment : { unreadable: true };
}

/** `MM-DD` or `MM-DD..MM-DD`. */
function yearlyDays(ends: readonly string[]): { readonly from: string; readonly to: string } | null {
  const isDay = (text: string): boolean => {
    const match = /^(\d{2})-(\d{2})$/u.exec(text);
    const month = Number(match?.[1] ?? 0);
    const day = Number(match?.[2] ?? 0);
    return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonthOfAnyYear(month);
  };
  const [from = '', to = from] = ends;
  return ends.length <= 2 && isDay(from) && isDay(to) ? { from, to } : null;
}

function unreadable(value: string): KeyedValue {
  return { problem: `“${value}” is no date that can be read.` };
}
