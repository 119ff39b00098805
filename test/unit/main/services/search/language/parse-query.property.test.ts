// What holds of every text: it is read without error, chips lie apart within it, and taking one out takes its meaning out.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../../../main/services/search/language/parse-query.ts';
import type { ParsedQuery } from '../../../../../../main/services/search/parsed-query.ts';
import { knowledge } from './knowledge.ts';

const parse = (text: string): ParsedQuery => parseQuery(text, knowledge);

const wordsOf = ({ texts }: ParsedQuery): string[] => texts.flatMap((text) => text.match(/[^\s,]+/gu) ?? []);

const conditions = [
  'in Paris',
  'near London',
  '2019',
  'last summer',
  'before 2015',
  'easter',
  '"golden gate"',
  '-"old bridge"',
  'camera:nikon',
  'rating:>=4',
  '4 stars',
  'my favourites',
  'without people',
  '-cars',
  'no dogs',
  'not in France',
  'type:png',
  'has:caption',
  'on the 4th of July 2019',
  'with a 50mm lens',
  'is:landscape',
];
const words = ['two dogs', 'snow', 'a red car', '犬', 'собака', 'كلب', 'at night', 'running fast', 'café'];
const syntax = [
  ...conditions,
  ...words,
  'OR',
  '|',
  'without',
  'no',
  'not',
  '-',
  '"',
  '“',
  ':',
  'date:',
  'place:',
  'near:x',
  ',',
  'from',
  'to',
  'between',
  'and',
  '30 february',
  '0',
  '..',
];

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.array(fc.constantFrom(...syntax), { maxLength: 12 }).map((parts) => parts.join(' ')),
  fc.array(fc.constantFrom(...syntax), { maxLength: 12 }).map((parts) => parts.join('')),
);
/** Conditions between words, a comma before each: no two parts make a third. */
const written = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...conditions)), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([word, condition]) => `${word}, ${condition},`).join(' '));

describe('every text', () => {
  it('is read without error, and nothing of the query is empty', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { texts, without, filters } = parse(text);
        for (const part of [...texts, ...without]) expect(part.trim()).not.toBe('');
        for (const filter of filters)
          if (filter.kind === 'any') for (const group of filter.of) expect(group).not.toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('has chips that lie within it, in order and apart', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let end = 0;
        for (const chip of parse(text).chips) {
          expect(chip.from).toBeGreaterThanOrEqual(end);
          expect(chip.to).toBeGreaterThan(chip.from);
          end = chip.to;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('loses a condition, and nothing else, with its chip', () => {
    fc.assert(
      fc.property(written, fc.nat(), (text, pick) => {
        const whole = parse(text);
        const index = pick % whole.chips.length;
        const chip = whole.chips[index];
        if (!chip) throw new Error('a text with conditions has chips');
        const left = parse(text.slice(0, chip.from) + text.slice(chip.to));
        const meanings = ({ chips }: ParsedQuery): string[] => chips.map(({ kind, label }) => `${kind} ${label}`);
        expect(meanings(left)).toEqual(meanings(whole).toSpliced(index, 1));
        // Of the commas those stay that stand between words.
        expect(wordsOf(left)).toEqual(wordsOf(whole));
        const taken = parse(text.slice(chip.from, chip.to));
        for (const thing of whole.without)
          expect(left.without.includes(thing) || taken.without.includes(thing)).toBe(true);
        for (const filter of left.filters) expect(whole.filters).toContainEqual(filter);
        expect(left.filters.length + left.without.length).toBeLessThanOrEqual(
          whole.filters.length + whole.without.length,
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('of another script stays whole', () => {
    const letters = fc.constantFrom(...'犬猫雪の中で遊ぶабвгдсобакаكلبفيالثلجחתולαβγδสุนัข한국어 ');
    const scripted = fc.array(letters, { minLength: 1, maxLength: 40 }).map((chosen) => chosen.join(''));
    fc.assert(
      fc.property(scripted, (text) => {
        const content = text.trim();
        expect(parse(text)).toMatchObject({ texts: content === '' ? [] : [content], without: [], filters: [] });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a very long text', () => {
  it('is read at once, and left as words past its first conditions', () => {
    const text = 'dogs in Paris without people before 2015 '.repeat(250);
    const started = performance.now();
    const query = parse(text);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(query.without).toEqual(['people']);
    expect(query.texts).toHaveLength(1);
  });
});
