// Every condition is typed so that it is read back as itself.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dayOf, isoOf } from '../../../../../../main/services/search/language/dates/calendar.ts';
import { parseQuery } from '../../../../../../main/services/search/language/parse-query.ts';
import { typedFilter } from '../../../../../../main/services/search/language/typed-filter.ts';
import type { Filter } from '../../../../../../main/services/search/parsed-query.ts';
import { knowledge } from './knowledge.ts';

const [first, last] = [dayOf(1900, 1, 1), dayOf(2090, 1, 1)];
const not = fc.boolean();
const date = fc
  .tuple(
    not,
    fc.integer({ min: first, max: last }),
    fc.integer({ min: 1, max: 900 }),
    fc.constantFrom('from', 'to', 'both'),
  )
  .map(
    ([isNot, from, days, open]): Filter => ({
      kind: 'date',
      not: isNot,
      from: open === 'from' ? null : isoOf(from),
      to: open === 'to' ? null : isoOf(from + days),
    }),
  );
const monthDay = fc.integer({ min: 0, max: 365 }).map((day) => isoOf(dayOf(2000, 1, 1) + day).slice(5));
const name = fc.constantFrom(
  'Paris',
  'Île-de-France',
  'São Paulo',
  'New York City',
  "L'Aquila",
  '東京',
  'Old scans 2',
  '5D',
);
const filter: fc.Arbitrary<Filter> = fc.oneof(
  date,
  fc.record({ kind: fc.constant('yearly' as const), not, from: monthDay, to: monthDay }),
  fc.record({
    kind: fc.constant('place' as const),
    not,
    places: fc.array(
      fc.oneof(
        fc.constant({ country: 'FR' }),
        fc.constant({ country: 'GB', region: 'GB.ENG' }),
        name.map((city) => ({ country: 'FR', region: 'FR.11', city })),
      ),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  fc.record({
    kind: fc.constant('near' as const),
    not,
    points: fc.array(
      fc.record({
        latitude: fc.integer({ min: -9000, max: 9000 }).map((n) => n / 100),
        longitude: fc.integer({ min: -18000, max: 18000 }).map((n) => n / 100),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    radiusKm: fc.integer({ min: 1, max: 2000 }),
  }),
  fc.record({
    kind: fc.constantFrom('camera' as const, 'lens' as const),
    not,
    words: fc.array(fc.constantFrom('canon', 'eos', '5d', '50mm', 'f/1.8'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('folder' as const), not, text: name }),
  fc.record({
    kind: fc.constant('type' as const),
    not,
    types: fc.uniqueArray(fc.constantFrom('jpeg' as const, 'png' as const, 'gif' as const), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant('orientation' as const),
    not,
    orientation: fc.constantFrom('landscape' as const, 'portrait' as const, 'square' as const),
  }),
  fc
    .tuple(not, fc.nat(5), fc.nat(5))
    .map(([isNot, a, b]): Filter => ({ kind: 'rating', not: isNot, least: Math.min(a, b), most: Math.max(a, b) })),
  fc.record({ kind: fc.constant('favourite' as const), not }),
  fc.record({ kind: fc.constant('caption' as const), not, of: fc.constantFrom('anyone' as const, 'person' as const) }),
  fc.record({ kind: fc.constant('phrase' as const), not, text: name }),
);

it('a condition alone', () => {
  fc.assert(
    fc.property(filter, (condition) => {
      expect(parseQuery(typedFilter(condition), knowledge)).toMatchObject({
        texts: [],
        without: [],
        filters: [condition],
      });
    }),
    { numRuns: 2000 },
  );
});

it('conditions of which one group holds', () => {
  const groups = fc.array(fc.array(filter, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 });
  fc.assert(
    fc.property(groups, (of) => {
      const any: Filter = { kind: 'any', not: false, of };
      expect(parseQuery(typedFilter(any), knowledge).filters).toEqual([any]);
    }),
    { numRuns: 500 },
  );
});
