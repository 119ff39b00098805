// Queries in the short form of the tables of phrases. Test processes.
import { parseQuery } from '../../../../../../main/services/search/language/parse-query.ts';
import type { Knowledge } from '../../../../../../main/services/search/language/recognise.ts';
import type { Filter } from '../../../../../../main/services/search/parsed-query.ts';

import type { Phrase } from './date-place-phrases.ts';

/** What a text is read as, in the form of the tables. */
export function readAs(typed: string, knowledge: Knowledge): Phrase {
  const { texts, filters } = parseQuery(typed, knowledge);
  return [typed, texts.join(' | '), ...filters.map(describeFilter)];
}

function describeFilter(filter: Filter): string {
  return `${filter.not ? 'not ' : ''}${bodyOf(filter)}`;
}

function bodyOf(filter: Filter): string {
  switch (filter.kind) {
    case 'date':
      return `${filter.from ?? ''}..${filter.to ?? ''}`;
    case 'yearly':
      return `yearly ${filter.from}..${filter.to}`;
    case 'place': {
      const { country = '', region, city } = filter.places[0] ?? {};
      return `${region ?? country}${city === undefined ? '' : `/${city}`}`;
    }
    case 'near': {
      const { latitude = 0, longitude = 0 } = filter.points[0] ?? {};
      return `near ${latitude.toFixed(1)},${longitude.toFixed(1)} ${filter.radiusKm}km`;
    }
    case 'any':
      return `any ${(filter.of.at(-1) ?? []).map(describeFilter).join(' + ')}`;
    default:
      return JSON.stringify(filter);
  }
}
