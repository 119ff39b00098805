// Phrases of the language itself that are suggested: dates, keys and their values. Shell process; data.
import { monthName } from '../dates/date-words.ts';

export interface KnownPhrase {
  readonly kind: 'date' | 'syntax';
  readonly typed: string;
  /** What comes next is typed right after it. */
  readonly isOpen: boolean;
}

/** @param year this one */
export function knownPhrases(year: number): readonly KnownPhrase[] {
  const dates = [
    'today',
    'yesterday',
    ...['week', 'weekend', 'month', 'year', 'summer', 'winter', 'christmas'].map((unit) => `last ${unit}`),
    ...['week', 'month', 'year', 'summer'].map((unit) => `this ${unit}`),
    'christmas',
    'easter',
    'halloween',
    'thanksgiving',
    "new year's eve",
    ...['spring', 'summer', 'autumn', 'winter'].map((season) => `${season} ${year - 1}`),
    `before ${year - 5}`,
    `since ${year - 1}`,
    `after ${year - 5}`,
    `between ${year - 5} and ${year - 1}`,
    ...Array.from({ length: 12 }, (_, i) => `in ${monthName(i + 1)}`),
    ...Array.from({ length: 30 }, (_, i) => String(year - i)),
  ];
  const open = [
    'without',
    'OR',
    ...['place', 'near', 'date', 'camera', 'lens', 'folder', 'type', 'orientation', 'rating', 'has', 'is'].map(
      (key) => `${key}:`,
    ),
  ];
  const closed = [
    'my favourites',
    'unrated',
    '4+ stars',
    '5 stars',
    'with a caption',
    'without a caption',
    'captioned by me',
    'landscape orientation',
    'portrait orientation',
  ];
  return [
    ...dates.map((typed) => ({ kind: 'date', typed, isOpen: false }) as const),
    ...closed.map((typed) => ({ kind: 'syntax', typed, isOpen: false }) as const),
    ...open.map((typed) => ({ kind: 'syntax', typed, isOpen: true }) as const),
  ];
}

/** Values of the keys whose values are few. */
export const keyValues: ReadonlyMap<string, readonly string[]> = new Map([
  ['type', ['jpeg', 'png', 'webp', 'tiff', 'gif', 'avif']],
  ['orientation', ['landscape', 'portrait', 'square']],
  ['rating', ['5', '4+', '3+', '2+', '1+', 'none']],
  ['stars', ['5', '4+', '3+', '2+', '1+', 'none']],
  ['is', ['favourite', 'landscape', 'portrait', 'square']],
  ['has', ['caption', 'my-caption']],
  ['date', ['"last week"', '"last month"', '"last summer"', 'christmas', 'easter']],
]);
