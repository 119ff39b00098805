// A literal sentence holds no conditions, whatever it looks like.
import { describe, expect, it } from 'vitest';
import { literalQuery } from '../../../../../../main/services/search/language/literal-query.ts';

describe('a sentence taken word for word', () => {
  it('is one text, without the space around it', () => {
    expect(literalQuery('  "dogs" -cats in 2019 ')).toEqual({
      texts: ['"dogs" -cats in 2019'],
      without: [],
      filters: [],
      chips: [],
      notes: [],
    });
  });

  it('is nothing where there are no words', () => {
    expect(literalQuery(' \t').texts).toEqual([]);
  });
});
