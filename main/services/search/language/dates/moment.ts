// A stretch of time as a phrase names it: once, or again every year. Types and choices among years; shell process; pure.
import type { Filter } from '../../parsed-query.ts';
import type { Token } from '../tokens.ts';
import { type Day, isoOf, partsOf, type Span } from './calendar.ts';

export interface DateContext {
  readonly today: Day;
  readonly isSouthern: boolean;
}

/** What comes again every year: a month, a season, a feast. */
export interface Recurring {
  /** `MM-DD`, both included; null where the days move from year to year. */
  readonly yearly: { readonly from: string; readonly to: string } | null;
  /** The one that begins in this year. */
  of(year: number): Span;
}

export interface Moment {
  readonly end: number;
  readonly filter: Filter;
  /** Of what recurs the last that has begun. */
  readonly span: Span;
  /** Means this also without a preposition before it. */
  readonly isClear: boolean;
  /** In place of the words as typed. */
  readonly label?: string;
  /** Given of a moment without a year, so that a range can give it the year of its other end. */
  readonly recurring?: Recurring;
}

/** It looks like a date and is none. */
export interface Impossible {
  readonly end: number;
  readonly impossible: string;
}

export type ReadMoment = (tokens: readonly Token[], at: number, context: DateContext) => Moment | Impossible | null;

/** Feasts whose days move are looked for from here on: few photos are older, and each year costs a condition. */
const firstMovedYear = 1950;

export function dateFilter({ from, to }: Span): Filter {
  return { kind: 'date', not: false, from: from === null ? null : isoOf(from), to: to === null ? null : isoOf(to) };
}

export function once(end: number, span: Span, isClear = true): Moment {
  return { end, filter: dateFilter(span), span, isClear };
}

export function everyYear(end: number, recurring: Recurring, { today }: DateContext, isClear: boolean): Moment {
  const { yearly } = recurring;
  const { year } = partsOf(today);
  const span = lastBegun(recurring, today);
  if (yearly) return { end, filter: { kind: 'yearly', not: false, ...yearly }, span, isClear, recurring };
  const years = Array.from({ length: year - firstMovedYear + 1 }, (_, i) => firstMovedYear + i);
  const groups = years
    .map((of) => recurring.of(of))
    .filter(({ from }) => (from ?? 0) <= today)
    .map((of) => [dateFilter(of)]);
  return { end, filter: { kind: 'any', not: false, of: groups }, span, isClear, recurring };
}

export function lastBegun(recurring: Recurring, today: Day): Span {
  return latest(recurring, today, ({ from }) => from !== null && from <= today);
}

export function lastEnded(recurring: Recurring, today: Day): Span {
  return latest(recurring, today, ({ to }) => to !== null && to <= today);
}

function latest(recurring: Recurring, today: Day, fits: (span: Span) => boolean): Span {
  const { year } = partsOf(today);
  for (const candidate of [year, year - 1]) {
    const span = recurring.of(candidate);
    if (fits(span)) return span;
  }
  return recurring.of(year - 2);
}
