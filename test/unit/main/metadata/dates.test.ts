import { describe, expect, it } from 'vitest';
import { parseDate, parseOffset } from '../../../../main/metadata/dates.ts';

describe('parseDate', () => {
  it.each([
    ['2019:07:04 18:03:11', '2019-07-04T18:03:11', null],
    ['2019-07-04T18:03:11.25+02:00', '2019-07-04T18:03:11', '+02:00'],
    ['2019-07-04T18:03Z', '2019-07-04T18:03:00', '+00:00'],
    ['2019/07/04 18:03:11', '2019-07-04T18:03:11', null],
    ['2019-07-04', '2019-07-04T00:00:00', null],
    ['2020:02:29 00:00:00', '2020-02-29T00:00:00', null],
  ])('reads %s', (text, local, offset) => {
    expect(parseDate(text)).toEqual({ local, offset });
  });

  it.each([
    '0000:00:00 00:00:00',
    '    :  :     :  :  ',
    '2011:13:45 10:00:00',
    '2019:02:29 10:00:00',
    '2019:07:04 24:00:00',
    '2019:07:04 18:60:00',
    '2019:07:04 and so on',
    '9999:01:01 00:00:00',
    '2019',
    '',
    null,
  ])('refuses %j', (text) => {
    expect(parseDate(text)).toBeNull();
  });
});

describe('parseOffset', () => {
  it.each([
    ['+02:00', '+02:00'],
    ['-0730', '-07:30'],
    ['+5:45', '+05:45'],
    ['Z', '+00:00'],
  ])('reads %s', (text, offset) => expect(parseOffset(text)).toBe(offset));

  it.each(['+15:00', '+02:75', '02:00', '', null])('refuses %j', (text) => expect(parseOffset(text)).toBeNull());
});
