// English words of the calendar. Shell process; data.

const months = 'january february march april may june july august september october november december'.split(' ');
const short = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const weekdays = 'monday tuesday wednesday thursday friday saturday sunday'.split(' ');
const numbers = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const decades = ['twenties', 'thirties', 'forties', 'fifties', 'sixties', 'seventies', 'eighties', 'nineties'];

/** Number of a month by its name. */
export const monthNames: ReadonlyMap<string, number> = new Map([
  ...months.map((name, i) => [name, i + 1] as const),
  ...short.map((name, i) => [name, i + 1] as const),
  ['sept', 9],
]);

/** As written out. */
export function monthName(month: number): string {
  const name = months[month - 1] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** Names that alone, without a preposition, a day or a year, mean nothing but the month. */
export const clearMonths: ReadonlySet<string> = new Set(
  months.filter((name) => !['march', 'april', 'may', 'june', 'august'].includes(name)),
);

/** Months that names are too short for alone: "mar", "sun", "dec" and the like are words of other things. */
export const writtenMonths: ReadonlySet<string> = new Set(months);

/** 0 for Monday to 6 for Sunday. */
export const weekdayNames: ReadonlyMap<string, number> = new Map(weekdays.map((name, i) => [name, i]));

/** By name, the first month in the northern half of the world. */
export const seasonNames: ReadonlyMap<string, number> = new Map([
  ['spring', 3],
  ['summer', 6],
  ['autumn', 9],
  ['fall', 9],
  ['winter', 12],
]);

export const numberWords: ReadonlyMap<string, number> = new Map([
  ...numbers.map((name, i) => [name, i + 1] as const),
  ['a', 1],
  ['an', 1],
]);

/** First year of a decade of the twentieth century by its name. */
export const decadeNames: ReadonlyMap<string, number> = new Map(decades.map((name, i) => [name, 1920 + 10 * i]));

export const unitNames: ReadonlyMap<string, 'day' | 'week' | 'month' | 'year'> = new Map(
  (['day', 'week', 'month', 'year'] as const).flatMap((unit) => [
    [unit, unit],
    [`${unit}s`, unit],
  ]),
);

/** After a number they make it a quantity. */
export const quantityWords: ReadonlySet<string> = new Set(
  'people persons men women children dogs cats cars birds pieces metres meters feet miles pixels px m km kg cm mm euros dollars pounds calories bc'.split(
    ' ',
  ),
);
