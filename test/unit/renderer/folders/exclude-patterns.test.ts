import { expect, it } from 'vitest';
import { patternsOf } from '../../../../renderer/folders/exclude-patterns.ts';

it('reads one pattern a line and refuses what the contract would', () => {
  expect(patternsOf(' *.png \n\n# not these\nraw/\n*.png\n')).toEqual(['*.png', 'raw/']);
  expect(patternsOf('')).toEqual([]);
  expect(patternsOf('x'.repeat(501))).toBeNull();
  expect(patternsOf(Array.from({ length: 101 }, (_, at) => `${at}/`).join('\n'))).toBeNull();
});
