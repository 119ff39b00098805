// Reads the date spellings of EXIF, XMP and IPTC and refuses impossible ones (inference child process).

export interface LocalTime {
  /** `YYYY-MM-DDTHH:MM:SS` without a zone. */
  local: string;
  /** `+02:00`, or `null` where the text names no zone. */
  offset: string | null;
}

const DATE = /^(\d{4})[:\-/.](\d{2})[:\-/.](\d{2})/;
const TIME = /^[T ]+(\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?/;

/** The first photograph is from 1826; clocks that were never set read 0000, and damaged fields any number. */
const FIRST_YEAR = 1826;
const LAST_YEAR = 2199;

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** `+hh:mm` within the range of real zones, from `+02:00`, `+0200`, `-7:00` or `Z`; else `null`. */
export function parseOffset(text: string | null | undefined): string | null {
  const value = text?.trim() ?? '';
  if (value === 'Z') return '+00:00';
  const match = /^([+-])(\d{1,2}):?(\d{2})$/.exec(value);
  if (!match) return null;
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 14 || minutes > 59) return null;
  return `${match[1]}${String(hours).padStart(2, '0')}:${match[3]}`;
}

/** `null` where the text is no date, or one that no calendar has. A date without a time is midnight. */
export function parseDate(text: string | null | undefined): LocalTime | null {
  const value = text?.trim() ?? '';
  const date = DATE.exec(value);
  if (!date) return null;
  const [year, month, day] = [Number(date[1]), Number(date[2]), Number(date[3])];
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > daysIn(year, month))
    return null;
  const rest = value.slice(date[0].length);
  const time = TIME.exec(rest);
  if (!time && rest.trim() !== '') return null;
  const [hours, minutes, seconds] = [time?.[1] ?? '00', time?.[2] ?? '00', time?.[3] ?? '00'];
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null;
  const local = `${date[1]}-${date[2]}-${date[3]}T${hours}:${minutes}:${seconds}`;
  return { local, offset: parseOffset(rest.slice(time?.[0].length ?? 0)) };
}
