// Days as numbers, so that dates can be reckoned with: the Gregorian calendar without clocks and zones. Shell process; pure.

const dayMs = 86_400_000;

/** Days since 1970-01-01. */
export type Day = number;

/** [from, to) in days; null where open. */
export interface Span {
  readonly from: Day | null;
  readonly to: Day | null;
}

export interface DateParts {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Months and days past their ends run over into the next, as with Date. */
export function dayOf(year: number, month: number, day: number): Day {
  // Date takes years below 100 for those of the last century.
  return Math.round(new Date(0).setUTCFullYear(year, month - 1, day) / dayMs);
}

export function partsOf(day: Day): DateParts {
  const date = new Date(day * dayMs);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `YYYY-MM-DD`. */
export function isoOf(day: Day): string {
  const { year, month, day: dayOfMonth } = partsOf(day);
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(dayOfMonth)}`;
}

/** @param iso `YYYY-MM-DD` */
export function dayOfIso(iso: string): Day {
  const [year = 1970, month = 1, day = 1] = iso.split('-').map(Number);
  return dayOf(year, month, day);
}

export function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: Day): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function daysInMonth(year: number, month: number): number {
  return partsOf(dayOf(year, month + 1, 0)).day;
}

/** In no year is there a 31 June; 29 February is in some. */
export function daysInMonthOfAnyYear(month: number): number {
  return daysInMonth(2000, month);
}

export function daySpan(day: Day): Span {
  return { from: day, to: day + 1 };
}

export function monthSpan(year: number, month: number): Span {
  return { from: dayOf(year, month, 1), to: dayOf(year, month + 1, 1) };
}

export function yearSpan(year: number): Span {
  return { from: dayOf(year, 1, 1), to: dayOf(year + 1, 1, 1) };
}

/** The same day of the month so many months on, or the month's last. */
export function addMonths(day: Day, months: number): Day {
  const parts = partsOf(day);
  const first = partsOf(dayOf(parts.year, parts.month + months, 1));
  return dayOf(first.year, first.month, Math.min(parts.day, daysInMonth(first.year, first.month)));
}
