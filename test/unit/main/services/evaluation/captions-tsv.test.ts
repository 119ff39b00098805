// Reading the captions file: what is taken, and the line that each refusal names.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCaptionsTsv } from '../../../../../main/services/evaluation/captions-tsv.ts';

describe('parseCaptionsTsv', () => {
  it('groups captions by photo in file order, past a byte order mark, CRLF and blank lines', () => {
    const text = '\ufeffb.jpg\tA "red" ball\r\n\r\na.jpg\tTwo dogs \r\n   \nb.jpg\tA ball\tand a bat';
    expect([...parseCaptionsTsv(text)]).toEqual([
      ['b.jpg', ['A "red" ball', 'A ball and a bat']],
      ['a.jpg', ['Two dogs']],
    ]);
  });

  it('keeps names that mean something to an object', () => {
    expect([...parseCaptionsTsv('__proto__\ta\nconstructor\tb').keys()]).toEqual(['__proto__', 'constructor']);
  });

  it.each([
    ['a.jpg\tx\nb.jpg x', /line 2: there is no tab/],
    ['\tx', /line 1: the file name is missing/],
    ['a.jpg\t  ', /line 1: the caption is empty/],
    ['\r\n\r\n../a.jpg\tx', /line 3: the file name must be a plain name/],
    ['sub/a.jpg\tx', /line 1: the file name/],
    ['sub\\a.jpg\tx', /line 1: the file name/],
    ['C:a.jpg\tx', /line 1: the file name/],
    ['..\tx', /line 1: the file name/],
    ['a\0.jpg\tx', /line 1: the file name/],
    ['', /holds no captions/],
    ['\n \n', /holds no captions/],
  ])('refuses %j', (text, message) => {
    expect(() => parseCaptionsTsv(text)).toThrow(
      expect.objectContaining({ code: 'input/invalid', message: expect.stringMatching(message) }),
    );
  });

  it('reads back what was written', () => {
    const name = fc.stringMatching(/^[a-z0-9_]{1,8}\.jpg$/);
    const text = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, text), { minLength: 1 }), fc.constantFrom('\n', '\r\n'), (rows, newline) => {
        const read = parseCaptionsTsv(rows.map((row) => row.join('\t')).join(newline));
        for (const file of new Set(rows.map(([file]) => file))) {
          expect(read.get(file)).toEqual(rows.filter((row) => row[0] === file).map((row) => row[1]));
        }
      }),
    );
  });
});
