// Feasts by name: which days they are, of a year or of every year. Shell process; pure.
import { type Sequences, sequencesOf } from '../recognise.ts';
import { type Day, dayOf, type Span, weekdayOf } from './calendar.ts';

export interface Holiday {
  /** Folded, with straight apostrophes or without. */
  readonly names: Sequences;
  /** A name that is also a kind of thing ("christmas tree") is a date only where no noun follows. */
  readonly isLoose: boolean;
  /** `MM-DD`, both included; null for a feast whose day moves. */
  readonly yearly: { readonly from: string; readonly to: string } | null;
  /** Days of the feast that begins in this year. */
  of(year: number): Span;
}

export const holidays: readonly Holiday[] = [
  fixed(['christmas eve'], 12, 24, 1, false),
  fixed(['christmas day'], 12, 25, 1, false),
  fixed(['boxing day'], 12, 26, 1, false),
  fixed(['christmas', 'xmas'], 12, 24, 3, true),
  fixed(["new year's eve", 'new years eve', 'new year eve', 'hogmanay'], 12, 31, 1, false),
  fixed(["new year's day", 'new years day'], 1, 1, 1, false),
  fixed(["new year's", 'new years', 'new year'], 12, 31, 2, true),
  fixed(['halloween', "hallowe'en"], 10, 31, 1, true),
  fixed(["valentine's day", 'valentines day', 'valentine day'], 2, 14, 1, false),
  fixed(["st patrick's day", 'st patricks day', "saint patrick's day"], 3, 17, 1, false),
  fixed(['bonfire night', 'guy fawkes night'], 11, 5, 1, false),
  fixed(['independence day', 'fourth of july', '4th of july'], 7, 4, 1, true),
  fixed(['midsummer'], 6, 24, 1, true),
  moving(['good friday'], false, (year) => easterSunday(year) - 2, 1),
  moving(['easter sunday', 'easter day'], false, easterSunday, 1),
  moving(['easter monday'], false, (year) => easterSunday(year) + 1, 1),
  moving(['palm sunday'], false, (year) => easterSunday(year) - 7, 1),
  // From Good Friday to Easter Monday.
  moving(['easter'], true, (year) => easterSunday(year) - 2, 4),
  moving(['shrove tuesday', 'mardi gras', 'pancake day'], true, (year) => easterSunday(year) - 47, 1),
  moving(['whit sunday', 'pentecost', 'whitsun'], true, (year) => easterSunday(year) + 49, 2),
  moving(['thanksgiving day', 'thanksgiving'], true, (year) => nthWeekday(year, 11, 3, 4), 1),
  moving(["father's day", 'fathers day'], false, (year) => nthWeekday(year, 6, 6, 3), 1),
];

/** Words that names of feasts begin with. */
export const holidayBeginnings: ReadonlySet<string> = new Set(holidays.flatMap(({ names }) => [...names.keys()]));

/** Words that only say how long the feast was. */
export const holidayTimes: ReadonlySet<string> = new Set('time season week weekend break holiday holidays'.split(' '));

function fixed(names: readonly string[], month: number, day: number, days: number, isLoose: boolean): Holiday {
  const last = new Date(Date.UTC(2001, month - 1, day + days - 1));
  return {
    names: sequencesOf(names),
    isLoose,
    yearly: { from: monthDay(new Date(Date.UTC(2001, month - 1, day))), to: monthDay(last) },
    of: (year) => ({ from: dayOf(year, month, day), to: dayOf(year, month, day + days) }),
  };
}

function moving(names: readonly string[], isLoose: boolean, first: (year: number) => Day, days: number): Holiday {
  return {
    names: sequencesOf(names),
    isLoose,
    yearly: null,
    of: (year) => ({ from: first(year), to: first(year) + days }),
  };
}

function monthDay(date: Date): string {
  return date.toISOString().slice(5, 10);
}

/** The n-th such weekday (0 Monday) of a month. */
function nthWeekday(year: number, month: number, weekday: number, n: number): Day {
  const first = dayOf(year, month, 1);
  return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (n - 1);
}

/** Western churches. Anonymous Gregorian algorithm, as in Meeus, Astronomical Algorithms, chapter 8. */
export function easterSunday(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const sum = epact + weekday - 7 * late + 114;
  return dayOf(year, Math.floor(sum / 31), (sum % 31) + 1);
}
