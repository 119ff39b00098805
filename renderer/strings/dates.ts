// Days and months as a person reads them. Renderer.
import { undatedDay } from '../../preload/contract/timeline.ts';
import { strings } from './strings.ts';

const language = 'en-GB';
const dayMs = 86_400_000;
const long = new Intl.DateTimeFormat(language, {
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});
const short = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const months = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** @param day days since 1970-01-01, or `undatedDay`. */
export function formatDay(day: number, length: 'long' | 'short' = 'long'): string {
  if (day === undatedDay) return strings.gallery.undated;
  return (length === 'long' ? long : short).format(day * dayMs);
}

/** @param month 1 to 12. */
export function formatMonth(year: number | null, month: number): string {
  return year === null ? strings.gallery.undated : months.format(Date.UTC(year, month - 1));
}
