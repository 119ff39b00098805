// Links from outside: they can show something, and whatever else they hold is nothing.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkInArguments, readDeepLink } from '../../../../main/platform/deep-link.ts';

describe('readDeepLink', () => {
  it.each([
    ['photoseek://open', 'open'],
    ['photoseek://open/', 'open'],
    ['photoseek://search?text=two+dogs', { name: 'search', text: 'two dogs' }],
    ['photoseek://search/?text=%E2%82%AC%20%F0%9F%90%95', { name: 'search', text: '€ 🐕' }],
    ['photoseek://photo/17', { name: 'photo', photoId: 17 }],
    ['photoseek://photo/17/', { name: 'photo', photoId: 17 }],
  ])('%s', (link, wanted) => expect(readDeepLink(link)).toEqual(wanted));

  it.each([
    '',
    'photoseek:',
    'photoseek://',
    'photoseek://delete/1',
    'photoseek://photo/',
    'photoseek://photo/0',
    'photoseek://photo/-1',
    'photoseek://photo/1/2',
    'photoseek://photo/../settings',
    'photoseek://photo/99999999999999999999',
    'photoseek://search',
    'photoseek://search?text=',
    'photoseek://search?text=%20',
    'https://photoseek/search?text=a',
    'photoseek://search@evil?text=a',
    `photoseek://search?text=${'a'.repeat(5000)}`,
  ])('%s is nothing', (link) => expect(readDeepLink(link)).toBeNull());

  it('a long sentence is cut', () => {
    const link = `photoseek://search?text=${'a'.repeat(600)}`;
    expect(readDeepLink(link)).toEqual({ name: 'search', text: 'a'.repeat(500) });
  });

  it('never throws, and never answers anything but what may be shown', () => {
    const link = fc.oneof(
      fc.string(),
      fc.string().map((rest) => `photoseek://${rest}`),
      fc.webUrl().map((url) => url.replace('http', 'photoseek')),
    );
    fc.assert(
      fc.property(link, (text) => {
        const wanted = readDeepLink(text);
        return wanted === null || wanted === 'open' || wanted.name === 'search' || wanted.name === 'photo';
      }),
      { numRuns: 5000 },
    );
  });
});

describe('linkInArguments', () => {
  it('finds the link among switches', () => {
    expect(linkInArguments(['photoseek', '--x', 'photoseek://open'])).toBe('photoseek://open');
    expect(linkInArguments(['photoseek', '/home/photoseek:'])).toBeNull();
  });
});
