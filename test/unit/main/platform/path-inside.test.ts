// Paths compared by segments.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside } from '../../../../main/platform/path-inside.ts';

describe('isInside', () => {
  it.each([
    ['/photos', '/photos', true],
    ['/photos/2019', '/photos', true],
    ['/photos/2019/a.jpg', '/photos', true],
    ['/photos', '/', true],
    ['/photos/..hidden', '/photos', true],
    ['/photos2', '/photos', false],
    ['/photo', '/photos', false],
    ['/', '/photos', false],
    ['/scans', '/photos', false],
    ['/photos/../scans', '/photos', false],
  ])('%s in %s: %s', (path, folder, expected) => {
    expect(isInside(path, folder)).toBe(expected);
  });

  it('agrees with comparing the segments one by one', () => {
    const segments = fc.array(fc.constantFrom('a', 'ab', '..b', 'a b', '…'), { maxLength: 4 });
    fc.assert(
      fc.property(segments, segments, (path, folder) => {
        const expected = folder.every((segment, index) => path[index] === segment);
        expect(isInside(`/${path.join('/')}`, `/${folder.join('/')}`)).toBe(expected);
      }),
    );
  });
});
