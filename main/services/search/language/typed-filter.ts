// How a condition is typed so that nothing of it is in doubt: `key:value`, which is read back as the same condition. Shell process; pure.
import type { Filter } from '../parsed-query.ts';
import { dayOfIso, isoOf } from './dates/calendar.ts';

/** Folder, camera and lens names lose what cannot be typed: quotation marks. */
export function typedFilter(filter: Filter): string {
  const minus = filter.not ? '-' : '';
  return filter.kind === 'any'
    ? filter.of.map((group) => group.map(typedFilter).join(' ')).join(' OR ')
    : `${minus}${bodyOf(filter)}`;
}

function bodyOf(filter: Exclude<Filter, { kind: 'any' }>): string {
  switch (filter.kind) {
    case 'date':
      return `date:${daysOf(filter.from, filter.to)}`;
    case 'yearly':
      return `date:${filter.from}..${filter.to}`;
    case 'place':
      return `place:${quoted(filter.places.map(codeOf).join('|'))}`;
    case 'near':
      return `near:${filter.points.map(({ latitude, longitude }) => `${latitude},${longitude}`).join(';')},${filter.radiusKm}km`;
    case 'camera':
    case 'lens':
      return `${filter.kind}:${quoted(filter.words.join(' '))}`;
    case 'folder':
      return `folder:${quoted(filter.text)}`;
    case 'type':
      return `type:${filter.types.join(',')}`;
    case 'orientation':
      return `orientation:${filter.orientation}`;
    case 'rating':
      return `rating:${filter.least}..${filter.most}`;
    case 'favourite':
      return 'is:favourite';
    case 'caption':
      return filter.of === 'person' ? 'has:my-caption' : 'has:caption';
    case 'phrase':
      return `"${filter.text}"`;
  }
}

/** The last day is typed, the day after it is kept. */
function daysOf(from: string | null, to: string | null): string {
  return `${from ?? ''}..${to === null ? '' : isoOf(dayOfIso(to) - 1)}`;
}

function codeOf({ country, region, city }: { country: string; region?: string; city?: string }): string {
  return `${region ?? country}${city === undefined ? '' : `/${city}`}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\u201c\u201d\u201e\u00ab\u00bb]/gu, '')}"`;
}
