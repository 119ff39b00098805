// What is offered where a query finds nothing.
import { expect, it } from 'vitest';
import { broaderQueries } from '../../../../../main/services/search/broaden.ts';
import type { Chip } from '../../../../../main/services/search/parsed-query.ts';

const chip = (text: string, part: string): Chip => {
  const from = text.indexOf(part);
  return { kind: 'date', label: part.toUpperCase(), not: false, from, to: from + part.length };
};

it('takes out each condition, and then all of them', () => {
  const text = 'dogs in 2019  type:png near Oslo';
  const chips = [chip(text, 'in 2019'), chip(text, 'type:png')];
  expect(broaderQueries(text, { chips })).toEqual([
    { label: 'IN 2019', text: 'dogs type:png near Oslo' },
    { label: 'TYPE:PNG', text: 'dogs in 2019 near Oslo' },
    { label: 'IN 2019, TYPE:PNG', text: 'dogs near Oslo' },
  ]);
});

it('offers nothing where nothing would be left to ask, or nothing is to be taken out', () => {
  expect(broaderQueries('in 2019', { chips: [chip('in 2019', 'in 2019')] })).toEqual([]);
  expect(broaderQueries('dogs', { chips: [] })).toEqual([]);
});
