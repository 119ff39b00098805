import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasContent, normaliseText } from '../../../../native-models/embedding/normalise-text.ts';
import { bucketByLength, textFeeds } from '../../../../native-models/embedding/text-batch.ts';
import { createTextTokenizer, loadTokenizer } from '../../../../native-models/embedding/tokenizer.ts';
import { PackSchema, type TextTowerSpec } from '../../../../native-models/pack.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures/models');

describe('normaliseText', () => {
  it('composes, collapses white space and lowers where asked', () => {
    expect(normaliseText('  Cafe\u0301\u00a0 in\n\tPARIS \u0000', { lowercase: true })).toBe('caf\u00e9 in paris');
    expect(normaliseText('Hector', { lowercase: false })).toBe('Hector');
    expect(normaliseText('犬が走る', { lowercase: true })).toBe('犬が走る');
  });

  it.each(['', '   ', '\u0000\n'])('refuses a text with nothing in it: %j', (text) => {
    expect(() => normaliseText(text, { lowercase: true })).toThrow(RangeError);
  });
});

describe('createTextTokenizer', () => {
  const cases = [
    'tiny-starter/tokenizer.json',
    'tiny-large/siglip2/tokenizer.json',
    'tiny-large/florence2/tokenizer.json',
  ];

  it.each([
    ['tiny-starter/tokenizer.json', 'a dog playing on grass!', [2, 4, 7, 29, 30, 17, 19, 1, 3]],
    ['tiny-large/siglip2/tokenizer.json', 'a dog é', [261, 291, 260, 199, 173, 1]],
    ['tiny-large/florence2/tokenizer.json', 'a dog', [0, 68, 264, 2]],
  ])('gives the ids of the reference: %s', async (path, text, ids) => {
    expect(createTextTokenizer(await loadTokenizer(join(fixtures, path)), 64).encode(text)).toEqual(ids);
  });

  it.each(cases)('cuts words and keeps the special tokens: %s', async (path) => {
    const tokenizer = await loadTokenizer(join(fixtures, path));
    const whole = createTextTokenizer(tokenizer, 1000).encode('a dog on the snow');
    const cut = createTextTokenizer(tokenizer, 4).encode('a dog on the snow');
    expect(cut).toEqual([...whole.slice(0, 3), whole.at(-1)]);
  });

  it('takes ten thousand characters in its stride, also where the cut meets a surrogate pair', async () => {
    const tokenizer = createTextTokenizer(await loadTokenizer(join(fixtures, cases[1] as string)), 8);
    const ids = tokenizer.encode(`a${'🐕'.repeat(10_000)}`);
    expect(ids).toHaveLength(8);
    expect(ids.at(-1)).toBe(1);
  });

  it('says which file cannot be read without its path', async () => {
    await expect(loadTokenizer(join(fixtures, 'generate.py'))).rejects.toMatchObject({ code: 'model/load' });
  });
});

describe('text batches', () => {
  const spec = PackSchema.parse(JSON.parse(readFileSync(join(fixtures, 'tiny-starter/pack.json'), 'utf8'))).text;
  const long = (change: Partial<TextTowerSpec>): TextTowerSpec => ({ ...spec, ...change });

  it('holds every text once, in batches of like length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 200 }), (lengths) => {
        const batches = bucketByLength(lengths.map((length) => new Array<number>(length).fill(9)));
        expect(batches.flatMap((batch) => batch.rows).sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
        for (const { rows, ids } of batches) {
          expect(rows.map((row) => lengths[row])).toEqual(ids.map((row) => row.length));
          expect(rows.length).toBeLessThanOrEqual(32);
          const sizes = ids.map((row) => row.length);
          expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.max(Math.min(...sizes) * 2, Math.min(...sizes) + 4));
        }
      }),
    );
  });

  it('pads on the right to the longest row, masked', () => {
    const { feeds, mask, tokens } = textFeeds(long({ padId: 7, tokenTypeIds: 'token_type_ids' }), [[1, 2, 3], [4]]);
    expect(tokens).toBe(3);
    expect(feeds['input_ids']).toEqual({ type: 'int64', data: BigInt64Array.of(1n, 2n, 3n, 4n, 7n, 7n), dims: [2, 3] });
    expect(feeds['attention_mask']?.data).toEqual(BigInt64Array.of(1n, 1n, 1n, 1n, 0n, 0n));
    expect(feeds['token_type_ids']?.data).toEqual(new BigInt64Array(6));
    expect(mask).toEqual(Uint8Array.of(1, 1, 1, 1, 0, 0));
  });

  it('pads to the full length where the model was trained so, without a mask it does not take', () => {
    const { feeds } = textFeeds(long({ padToMax: true, maxTokens: 5, attentionMask: null }), [[1, 2]]);
    expect(Object.keys(feeds)).toEqual(['input_ids']);
    expect(feeds['input_ids']?.data).toEqual(BigInt64Array.of(1n, 2n, 0n, 0n, 0n));
  });
});

it.each([
  ['a dog', true],
  ['–', true],
  ['', false],
  [' \n\u0007\u0000 ', false],
])('tells whether %j has anything to make a vector of', (text, has) => {
  expect(hasContent(text)).toBe(has);
});
