// Every example of the page on what can be typed is read without a note, as conditions or denials and nothing else.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openGazetteer } from '../../../../../../main/platform/gazetteer/open-gazetteer.ts';
import { parseQuery } from '../../../../../../main/services/search/language/parse-query.ts';
import { createPlaceNames } from '../../../../../../main/services/search/language/places/place-names.ts';
import { knowledge } from './knowledge.ts';

const guide = readFileSync('docs/user-guide.md', 'utf8');
const [, page = ''] = /### What can be typed\n([\s\S]*?)\n### /u.exec(guide) ?? [];
const rows = page.split('\n').filter((line) => line.startsWith('|') && line.includes('`'));
const examples = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/gu)].map((match) => match[1] ?? ''));
const known = { ...knowledge, places: createPlaceNames(null, await openGazetteer()) };

it('there are examples', () => expect(examples.length).toBeGreaterThan(60));

it.each(examples.filter((text) => !/^(after|since|until):$|^(landscape|square)$|^dogs OR cats$/u.test(text)))(
  '%s',
  (text) => {
    const { texts, filters, without, notes } = parseQuery(text, known);
    expect(texts).toEqual([]);
    expect(filters.length + without.length).toBeGreaterThan(0);
    // Of a denial alone it is said that it is one.
    if (without.length === 0) expect(notes).toEqual([]);
  },
);
